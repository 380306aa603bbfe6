// Speaks the HTTP contract as a client of its own: it keeps the session's cookie, waits as long as the service asks
// it to, and repeats what is safe to repeat, which every call here is.
import { setTimeout as sleep } from "node:timers/promises";

/** Seconds that one call is repeated for, before the service counts as gone. */
const PATIENCE_SECONDS = 300;
/** Seconds until a call without an answer is repeated. */
const ANSWER_WITHIN_SECONDS = 60;
/** Seconds between repetitions where the service doesn't say, doubled each time up to the second. */
const BACKOFF_SECONDS = { first: 1, most: 30 };
/** What says nothing about the request itself: too many at once, or a service that is waking up, failing over or restarting. */
const PASSING = [429, 502, 503, 504];

export interface ApiOptions {
  /** Aborted: what waits for the service stops waiting, what is under way still ends. */
  stop?: AbortSignal;
  /** Told of each wait. */
  onWait?: (seconds: number) => void;
}

export interface CallOptions {
  /** Where false, only a 503 is waited for: someone sits before it. */
  patient?: boolean;
  /** Also where `stop` was aborted, and only once. */
  last?: boolean;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** The service answered that it won't do it. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  /** The contract's code, such as `conflict`. */
  readonly code: string;
  readonly fields: Record<string, string[]>;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, problem: Record<string, unknown>, retryAfterSeconds: number | undefined) {
    const { code, detail, title, requestId } = problem;
    const fields = fieldsOf(problem.fields);
    const said = Object.values(fields).flat().join("; ") || String(detail ?? title ?? code);
    super(status < 500 ? said : `${said} (request ${String(requestId)})`);
    this.status = status;
    this.code = String(code);
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The service can't be reached, or what answers is something else. The message is a sentence for the user. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** The call was given up because the user asked to stop. */
export class Stopped extends Error {
  override name = "Stopped";
}

/** One session with one service. Calls may be made at the same time: they wait together. */
export class Api {
  readonly #origin: string;
  readonly #options: ApiOptions;
  #cookie: string | undefined;
  /** Time of `performance.now()` before which nothing is sent. */
  #pausedUntil = 0;

  /** @param origin such as `http://localhost:3000` */
  constructor(origin: string, options: ApiOptions = {}) {
    this.#origin = origin;
    this.#options = options;
  }

  /**
   * @returns the parsed body of a 2xx answer, and its status
   * @throws Refusal for another answer, Unreachable, Stopped
   */
  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const { patient = true, last = false } = options;
    const started = performance.now();
    for (let pause = BACKOFF_SECONDS.first; ; pause = Math.min(pause * 2, BACKOFF_SECONDS.most)) {
      if (!last) await this.#untilAllowed();
      const outcome = await this.#send(method, path, body);
      if ("answer" in outcome) return outcome.answer;

      const { failure, retryAfterSeconds = pause } = outcome;
      const waited = (performance.now() - started) / 1000;
      const waking = failure instanceof Refusal && failure.status === 503;
      if (last || (!patient && !waking) || waited + retryAfterSeconds > PATIENCE_SECONDS) throw failure;
      this.#options.onWait?.(retryAfterSeconds);
      this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + retryAfterSeconds * 1000);
    }
  }

  /** Waits out what the service asked of any call. */
  async #untilAllowed() {
    const { stop } = this.#options;
    for (;;) {
      if (stop?.aborted) throw new Stopped("Stopped.");
      const rest = this.#pausedUntil - performance.now();
      if (rest <= 0) return;
      await sleep(rest, undefined, { signal: stop }).catch((error: Error) => {
        if (error.name !== "AbortError") throw error;
      });
    }
  }

  /** Sends once. A failure that may pass is returned, another is thrown. */
  async #send(
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ answer: Answer } | { failure: Error; retryAfterSeconds?: number | undefined }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#origin + path, {
        method,
        headers: {
          accept: "application/json",
          "user-agent": "notejam-notes",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(this.#cookie !== undefined && { cookie: this.#cookie }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN_SECONDS * 1000),
      });
      text = await response.text();
    } catch (error) {
      return { failure: this.#unreachable(error) };
    }
    this.#keepCookie(response);
    if (PASSING.includes(response.status)) {
      const retryAfterSeconds = retryAfter(response);
      return {
        failure: new Refusal(response.status, objectOf(text) ?? {}, retryAfterSeconds),
        retryAfterSeconds,
      };
    }
    if (response.status === 204) return { answer: { status: 204, body: {} } };
    const parsed = objectOf(text);
    if (parsed === undefined) throw new Unreachable(`What answers at ${this.#origin} is not Notejam.`);
    if (!response.ok) throw new Refusal(response.status, parsed, undefined);
    return { answer: { status: response.status, body: parsed } };
  }

  #unreachable(error: unknown) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why =
      cause instanceof Error ? ("code" in cause ? String(cause.code) : cause.message) : String(cause);
    return new Unreachable(
      `Notejam does not answer at ${this.#origin} (${why}). Start it with npm start, or say where it is in NOTEJAM_URL.`,
    );
  }

  #keepCookie(response: Response) {
    for (const cookie of response.headers.getSetCookie()) {
      const pair = cookie.split(";", 1)[0] ?? "";
      if (/^(__Host-)?notejam=/.test(pair)) this.#cookie = pair;
    }
  }
}

/** Seconds (RFC 9110, 10.2.3: a number of them, or a date). */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const milliseconds = Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds / 1000);
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Record<string, string[]> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([field, said]) => [field, [said].flat().map(String)]));
}
