// Who sent a request, for the turns: a session, as far as an answer of the API has shown that there is one, and otherwise the
// address. A cookie alone proves nothing: whoever sends another one with each request stays one client. It costs no call of the
// database, and no token is kept.
import { createHash } from "node:crypto";
import { SESSION_COOKIE } from "@notejam/functions/api/http/cookies";
import { CLIENT_ADDRESS_HEADER, ORIGIN_SECRET_HEADER } from "@notejam/functions/distribution-headers";
import type { ApiRequest } from "../aws/api-gateway/event.ts";
import { type HttpResponse, isSecret } from "../aws/loopback.ts";

/** How many sessions are remembered. Beyond that the one seen first is forgotten. */
const SESSIONS_MAX = 10_000;
/** A program of this machine can send from any of these. */
const THIS_MACHINE = /^(::ffff:)?127\.|^::1$/;
const TOKEN = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;\\s]+)`);
/** What answers 200 to a session alone. */
const SESSION_TARGET = "/api/session";

export class Clients {
  readonly #originSecret: string;
  /** The hashes of their tokens. */
  readonly #sessions = new Set<string>();

  /** @param originSecret in a request with it, the distribution names the client's address */
  constructor(originSecret: string) {
    this.#originSecret = originSecret;
  }

  of(request: ApiRequest): string {
    const session = sessionIn(headerOf(request, "cookie"));
    if (session !== undefined && this.#sessions.has(session)) return `session ${session}`;
    const isPassedOn = isSecret(headerOf(request, ORIGIN_SECRET_HEADER), this.#originSecret);
    const address = (isPassedOn && headerOf(request, CLIENT_ADDRESS_HEADER)) || request.sourceIp;
    return `address ${THIS_MACHINE.test(address) ? "of this machine" : address}`;
  }

  /** Learns of sessions from an answer: one that begins, one that is there, one that has ended. */
  learn(request: ApiRequest, { status, headers }: HttpResponse): void {
    const sent = sessionIn(headerOf(request, "cookie"));
    if (sent !== undefined && status === 401) this.#sessions.delete(sent);
    const isThere = request.method === "GET" && request.target === SESSION_TARGET && status === 200;
    if (sent !== undefined && isThere) this.#remember(sent);
    for (const cookie of [headers["set-cookie"] ?? []].flat()) {
      const begun = sessionIn(String(cookie));
      if (begun !== undefined) this.#remember(begun);
    }
  }

  #remember(session: string) {
    this.#sessions.add(session);
    const [first] = this.#sessions;
    if (this.#sessions.size > SESSIONS_MAX && first !== undefined) this.#sessions.delete(first);
  }
}

/** The hash of the session's token in a cookie header. */
function sessionIn(cookies: string | undefined): string | undefined {
  const token = TOKEN.exec(cookies ?? "")?.[1];
  return token && createHash("sha256").update(token).digest("base64url");
}

function headerOf({ rawHeaders }: ApiRequest, name: string): string | undefined {
  const at = rawHeaders.findIndex((header, i) => i % 2 === 0 && header.toLowerCase() === name);
  return at === -1 ? undefined : rawHeaders[at + 1];
}
