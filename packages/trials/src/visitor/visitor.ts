// One user of a site over HTTP, who sends what a browser sends: the session's cookies, and the site's own origin. It waits for a
// busy service as it is told to, and keeps what was answered last, so that a failure can name it.
import { type Api, connect } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import { backoff, type Patience, sleep } from "@notejam/client/retry";
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

const PATIENCE: Patience = { repeat: ["unavailable"], waitMaxSeconds: Number.POSITIVE_INFINITY };

export interface VisitorOptions {
  /** `https://notes.example.com` */
  origin: string;
  /** Who visits, as the service's log has it in User-Agent. */
  program: string;
  /** Which problems are waited for, and how long; by default a busy service is, until `endAfter` ends it. */
  patience?: Patience;
  /** The session, by the names of its cookies. Visitors with the same one are tabs of one browser. */
  cookies?: Map<string, string>;
  /** Is told how many seconds the service asked to wait. */
  onWait?: (seconds: number) => void;
  /** Is told of each exchange at its end, whether an answer came or not. */
  onExchange?: (exchange: Exchange) => void;
}

export class Visitor {
  readonly origin: string;
  /** Each call resolves to a success or throws a Problem. */
  readonly api: Api;
  /** As `fetch`, with the same session: for what the typed client has no route for. @throws Problem unless it succeeds */
  readonly fetch: (target: string, init?: RequestInit) => Promise<Response>;
  /** The exchange that began last. */
  last: Exchange | undefined;
  readonly #options: VisitorOptions;
  readonly #cookies: Map<string, string>;
  #signal = new AbortController().signal;

  constructor(options: VisitorOptions) {
    const { origin, patience = PATIENCE, cookies = new Map(), onWait } = options;
    this.#options = options;
    this.#cookies = cookies;
    this.origin = origin;
    const send = withCookies((...sent) => this.#send(...sent), this.#cookies);
    const retry = backoff({
      ...patience,
      wait: (seconds) => {
        onWait?.(seconds);
        return sleep(seconds, this.#signal);
      },
    });
    this.api = connect({ origin, fetch: send, retry });
    const patient = sending(send, retry);
    this.fetch = (target, init) => patient(origin + target, init);
  }

  /**
   * From now on, requests and waits between them end after so many milliseconds, or with the signal.
   * @returns what ends them
   */
  endAfter(milliseconds: number, signal?: AbortSignal): AbortSignal {
    // It takes whole numbers only.
    const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)));
    this.#signal = signal ? AbortSignal.any([timeout, signal]) : timeout;
    return this.#signal;
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
    headers.set("user-agent", this.#options.program);
    if (!headers.has("origin") && exchange.method !== "GET" && exchange.method !== "HEAD") {
      headers.set("origin", this.origin);
      headers.set("sec-fetch-site", "same-origin");
    }
    try {
      const response = await fetch(input, { ...init, headers, signal: this.#signal, redirect: "manual" });
      exchange.status = response.status;
      exchange.requestId = response.headers.get("x-request-id") ?? undefined;
      exchange.cookies = response.headers.getSetCookie();
      return response;
    } finally {
      this.#options.onExchange?.(exchange);
    }
  };
}
