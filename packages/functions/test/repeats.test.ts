// The SDK repeats a call whose answer was lost, and a browser repeats a request: neither changes anything twice. For each
// write, the answer to each of its calls is dropped in turn, and the state must be the same as without the loss.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyFor, ROUTES, type Route, send, type Things, thingsOfNewUser } from "./routes.ts";
import { type Answer, type Browser, newUser, PASSWORD, type Service, startService } from "./service.ts";

const NEW_PASSWORD = "another good password";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

/** The state of a user's things, without ids and times, which differ between users. */
async function stateOf(browser: Browser) {
  const mails = service.mails.filter(({ to }) => to === browser.email).length;
  const counted = await service.statement(`select pads, notes from account where email = '${browser.email}'`);
  const { body: trash, status } = await browser.get("/api/trash");
  if (status === 401) return { mails, counted };
  const { sessions } = (await browser.get("/api/sessions")).body;
  const { pads } = (await browser.get("/api/pads")).body;
  const { notes } = (await browser.get("/api/notes?order=name")).body;
  const revisions = [];
  for (const { id } of notes)
    revisions.push((await browser.get(`/api/notes/${id}/revisions`)).body.revisions);
  return {
    mails,
    counted,
    sessions: sessions.length,
    pads: pads.map(({ name, version, noteCount }) => ({ name, version, noteCount })),
    notes: notes.map(({ name, version, excerpt, padId, pinnedAt, archivedAt }) => ({
      name,
      version,
      excerpt,
      inPad: padId !== null,
      isPinned: pinnedAt !== null,
      isArchived: archivedAt !== null,
    })),
    trashedNotes: trash.notes.map(({ name, version }) => ({ name, version })),
    trashedPads: trash.pads.map(({ name, version, noteCount }) => ({ name, version, noteCount })),
    revisions: revisions.map((list) =>
      list.map(({ version, name, kind, hash }) => ({ version, name, kind, hash })),
    ),
  };
}

/** The number of counted attempts of all users. */
async function attempts(): Promise<number> {
  const [row] = await service.statement("select coalesce(sum(n), 0)::int n from attempt");
  return Number(Object.values(row ?? {})[0]);
}

interface Write {
  name: string;
  /** Prepares the write, and returns it with the browser of the user whose things it changes. */
  prepare(): Promise<{ browser: Browser; write: () => Promise<Answer> }>;
}

function writeOf(route: Route): Write {
  return {
    name: route.name,
    prepare: async () => {
      const things = await thingsOfNewUser(service);
      const body = bodyOf(route, things);
      return { browser: things.browser, write: () => send(route, things, { body }) };
    },
  };
}

function bodyOf(route: Route, things: Things) {
  const { browser } = things;
  switch (route.name) {
    case "POST /api/users":
      return { email: browser.email.replace("@", "+another@"), password: PASSWORD };
    case "PUT /api/user/password":
      return { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    case "POST /api/session":
    case "POST /api/password-resets":
      return { ...bodyFor(route), email: browser.email };
    default:
      return bodyFor(route, things);
  }
}

const REDEEM: Write = {
  name: "PUT /api/password-resets",
  prepare: async () => {
    const browser = await newUser(service);
    await browser.post("/api/password-resets", { email: browser.email });
    await service.mailsSent();
    const token = /#([\w-]+)/.exec(service.mails.at(-1)?.text ?? "")?.[1];
    return { browser, write: () => browser.put("/api/password-resets", { token, password: NEW_PASSWORD }) };
  },
};

const WRITES = ROUTES.filter(({ method }) => method !== "GET").map((route) =>
  route.name === REDEEM.name ? REDEEM : writeOf(route),
);

/** Runs a write. Returns its answer, its calls, and the state after it, with the number of attempts that stay counted. */
async function runWrite({ prepare }: Write, beforehand: () => void) {
  const { browser, write } = await prepare();
  const attemptsBefore = await attempts();
  service.calls.splice(0);
  beforehand();
  const answer = await write();
  await service.mailsSent();
  const calls = service.calls.splice(0);
  const attemptsLeft = (await attempts()) - attemptsBefore;
  return { answer, calls, state: { ...(await stateOf(browser)), attemptsLeft }, again: write, browser };
}

describe.each(WRITES)("$name", (write) => {
  test("has the same outcome if the answer to one of its calls is lost", async () => {
    const undisturbed = await runWrite(write, () => {});
    const statements = new Set(undisturbed.calls.map(({ sql }) => sql ?? ""));

    expect(undisturbed.answer.status).toBeLessThan(300);
    expect(statements.size).toBeGreaterThan(0);
    for (const statement of statements) {
      const cut = await runWrite(write, () =>
        service.dataApi.faults.plan({ kind: "drop", when: "after", matching: exactly(statement) }),
      );

      expect(cut.calls.filter(({ status }) => status === 0)).toHaveLength(1);
      // By the contract, a repeated creation answers 200.
      const creation = undisturbed.answer.status === 201 && write.name !== "POST /api/session";
      expect(creation ? [201, 200] : [undisturbed.answer.status]).toContain(cut.answer.status);
      expect(cut.answer.cookies).toHaveLength(undisturbed.answer.cookies.length);
      expect(cut.state).toEqual(undisturbed.state);
    }
  });
});

/** Each of these makes another session, account or mail when it is sent again. */
const NEW_EACH_TIME = ["POST /api/session", "POST /api/users", "POST /api/password-resets"];

describe.each(WRITES.filter(({ name }) => !NEW_EACH_TIME.includes(name)))("$name", (write) => {
  test("changes nothing more if the browser sends it again", async () => {
    const { state, again, browser, answer } = await runWrite(write, () => {});

    const repeated = await again();

    expect(repeated.status).toBe(answer.status === 201 ? 200 : answer.status);
    expect(repeated.body).toEqual(answer.body);
    expect(await stateOf(browser)).toEqual({ ...state, attemptsLeft: undefined });
  });
});

const FAILURES: Record<string, (browser: Browser) => Promise<Answer>> = {
  "PUT /api/user/password": ({ put }) =>
    put("/api/user/password", { currentPassword: "wrong", newPassword: NEW_PASSWORD }),
  "PUT /api/password-resets": ({ put }) =>
    put("/api/password-resets", { token: "g".repeat(43), password: NEW_PASSWORD }),
};

describe.each(WRITES.filter(({ name }) => name in FAILURES))("$name", (write) => {
  test("takes its attempt back once if it is sent again and the answer to one of its calls is lost", async () => {
    const { browser, write: again } = await write.prepare();
    const failed = await FAILURES[write.name]?.(browser);
    await again();
    const counted = await attempts();
    service.calls.splice(0);
    await again();
    const statements = new Set(service.calls.splice(0).map(({ sql }) => sql ?? ""));

    expect(failed?.status).toBeGreaterThanOrEqual(400);
    expect(statements.size).toBe(2);
    for (const statement of statements) {
      service.dataApi.faults.plan({ kind: "drop", when: "after", matching: exactly(statement) });
      const { status } = await again();

      expect(service.calls.splice(0).map((call) => call.status)).toContain(0);
      expect([status, await attempts()]).toEqual([204, counted]);
    }
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
