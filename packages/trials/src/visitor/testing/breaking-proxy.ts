// A site in front of another one, on loopback, that breaks what a test says. The site behind it sees its own address.
import { type Listening, listen, readBody } from "@notejam/local/aws/loopback";

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** What becomes of a request: undefined to pass it on as it is. */
export type Break = (sent: {
  /** `GET /api/notes?limit=5` */
  call: string;
  origin: string | undefined;
  body: string;
  /** What the site behind answers. */
  pass(headers?: Record<string, string>): Promise<Answer>;
}) => Promise<Answer> | undefined;

const MEGABYTES = 1024 * 1024;
/** What `fetch` has undone, or sets itself. */
const NOT_PASSED_ON = ["content-encoding", "content-length", "transfer-encoding", "connection", "host"];

/** @param behind the origin of the site behind it */
export async function startBreakingProxy(
  behind: string,
  breaks: Break,
): Promise<{ origin: string; close(): Promise<void> }> {
  let origin = "";
  const listening: Listening = await listen(0, {
    fault: () => undefined,
    async respond(request) {
      const { method = "GET", url: target = "/" } = request;
      const body = (await readBody(request, 10 * MEGABYTES))?.toString() ?? "";
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers))
        if (!NOT_PASSED_ON.includes(name)) headers.set(name, String(value));
      if (headers.get("origin") === origin) headers.set("origin", behind);
      const pass = async (more: Record<string, string> = {}) => {
        for (const [name, value] of Object.entries(more)) headers.set(name, value);
        const answer = await fetch(behind + target, { method, headers, ...(body !== "" && { body }) });
        const text = (await answer.text()).replaceAll(behind, origin);
        return { status: answer.status, headers: headersOf(answer), body: text };
      };
      const sent = { call: `${method} ${target}`, origin: request.headers.origin, body, pass };
      return await (breaks(sent) ?? pass());
    },
  });
  origin = `http://localhost:${listening.port}`;
  return { origin, close: () => listening.close() };
}

function headersOf({ headers }: Response): Answer["headers"] {
  const kept = [...headers].filter(([name]) => name !== "set-cookie" && !NOT_PASSED_ON.includes(name));
  return { ...Object.fromEntries(kept), "set-cookie": headers.getSetCookie() };
}
