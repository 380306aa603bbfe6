// One user of a site over HTTP, who sends what a browser sends: the session's cookies, and the site's own origin. It waits for a
// busy service as the web app does, and keeps what was answered last, so that a failure can name it.
import { type Api, connect } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import { backoff, sleep } from "@notejam/client/retry";
import { type Fetch, sending } from "@notejam/client/send";

/** A request, with its answer if one came. */
export interface Exchange {
  method: string;
  /** With its query. */
  target: string;
  status?: number;
  requestId?: string | undefined;
  /** The lines of Set-Cookie. */
  cookies: string[];
}

/** In one clause: `GET /api/notes answered 500 (request 7c1…)`. */
export function inWords({ method, target, status, requestId }: Exchange): string {
  if (status === undefined) return `${method} ${target} was not answered`;
  return `${method} ${target} answered ${status}${requestId ? ` (request ${requestId})` : ""}`;
}

export class Visitor {
  readonly origin: string;
  /** Each call resolves to a success or throws a Problem. */
  readonly api: Api;
  /** As `fetch`, with the same session: for what the typed client has no route for. @throws Problem unless it succeeds */
  readonly fetch: (target: string, init?: RequestInit) => Promise<Response>;
  /** The exchange that began last. */
  last: Exchange | undefined;
  readonly #cookies = new Map<string, string>();
  #signal = new AbortController().signal;

  /**
   * @param origin `https://notes.example.com`
   * @param onWait is told how many seconds the service asked to wait
   */
  constructor(origin: string, onWait: (seconds: number) => void) {
    this.origin = origin;
    const send = withCookies((...sent) => this.#send(...sent), this.#cookies);
    const retry = backoff({
      repeat: ["unavailable"],
      waitMaxSeconds: Number.POSITIVE_INFINITY,
      wait: (seconds) => {
        onWait(seconds);
        return sleep(seconds, this.#signal);
      },
    });
    this.api = connect({ origin, fetch: send, retry });
    const patient = sending(send, retry);
    this.fetch = (target, init) => patient(origin + target, init);
  }

  /** Requests, and waits between them, end with this signal from now on. */
  endWith(signal: AbortSignal): void {
    this.#signal = signal;
  }

  /** The cookies by their names. */
  get cookies(): ReadonlyMap<string, string> {
    return new Map(this.#cookies);
  }

  /** Sends these cookies from now on, whatever the service has set. */
  use(cookies: ReadonlyMap<string, string>): void {
    this.#cookies.clear();
    for (const [name, value] of cookies) this.#cookies.set(name, value);
  }

  #send: Fetch = async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const exchange: Exchange = { method: init?.method ?? "GET", target: pathname + search, cookies: [] };
    this.last = exchange;
    const headers = new Headers(init?.headers);
    headers.set("user-agent", "notejam-smoke");
    if (!headers.has("origin") && exchange.method !== "GET" && exchange.method !== "HEAD") {
      headers.set("origin", this.origin);
      headers.set("sec-fetch-site", "same-origin");
    }
    const response = await fetch(input, { ...init, headers, signal: this.#signal, redirect: "manual" });
    exchange.status = response.status;
    exchange.requestId = response.headers.get("x-request-id") ?? undefined;
    exchange.cookies = response.headers.getSetCookie();
    return response;
  };
}
