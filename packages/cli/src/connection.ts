// The command's connection to a service: one session, and the patience of a command that may run for hours. It decides
// how long each kind of call waits, and what the user reads when one fails.
import { type Api, connect } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import type { Problem } from "@notejam/client/problem";
import { backoff, sleep } from "@notejam/client/retry";
import type { Fetch } from "@notejam/client/send";
import { Failed } from "@notejam/command-line";

/** Seconds that one call is repeated for, before the service counts as gone. */
const PATIENCE_SECONDS = 300;
/** Seconds until a call without an answer is repeated. */
const ANSWER_WITHIN_SECONDS = 60;

export interface ConnectionOptions {
  /** Aborted: calls that wait for the service fail with its reason, calls under way still end. */
  stop?: AbortSignal;
  /** Called at each wait. */
  onWait?: (seconds: number) => void;
}

/** One session with one service. */
export interface Connection {
  origin: string;
  /** Waits for minutes. Calls may be made at the same time: they wait together. */
  api: Api;
  /** Waits only for a service that is starting, since a user sits at the terminal. */
  interactive: Api;
  /** Sends each call once, also after a stop. */
  once: Api;
}

/** @param origin such as `http://localhost:3000` */
export function openConnection(origin: string, { stop, onWait }: ConnectionOptions = {}): Connection {
  const fetch = withCookies(send);
  const pause = new Pause(stop);
  const held: Fetch = async (input, init) => {
    await pause.over();
    return await fetch(input, init);
  };
  const patience = {
    waitMaxSeconds: PATIENCE_SECONDS,
    totalMaxSeconds: PATIENCE_SECONDS,
    async wait(seconds: number) {
      onWait?.(seconds);
      pause.extend(seconds);
      return true;
    },
  };
  const patient = backoff({ repeat: ["unreachable", "unavailable", "rate_limited"], ...patience });
  const brief = backoff({ repeat: ["unavailable"], ...patience });
  return {
    origin,
    api: connect({ origin, fetch: held, retry: patient }),
    interactive: connect({ origin, fetch: held, retry: brief }),
    once: connect({ origin, fetch }),
  };
}

const send: Fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set("user-agent", "notejam-notes");
  const signal = AbortSignal.timeout(ANSWER_WITHIN_SECONDS * 1000);
  const response = await fetch(input, { ...init, headers, signal, redirect: "manual" });
  if (!mayBeNotejam(response)) {
    throw new Failed(`The server at ${new URL(String(input)).origin} is not Notejam.`);
  }
  return response;
};

/** Notejam answers JSON, or a success without content. When it is down or flooded, a gateway answers in its place. */
function mayBeNotejam({ ok, status, headers }: Response): boolean {
  const type = headers.get("content-type");
  const isJson = type !== null && /^application\/(problem\+)?json\b/.test(type);
  return isJson || (ok && type === null) || status === 429 || status >= 500;
}

/** What the service asked of one call holds for all of them. */
class Pause {
  readonly #stop: AbortSignal | undefined;
  /** Time of `performance.now()`. */
  #until = 0;

  constructor(stop: AbortSignal | undefined) {
    this.#stop = stop;
  }

  extend(seconds: number): void {
    this.#until = Math.max(this.#until, performance.now() + seconds * 1000);
  }

  /** Resolves when calls may be sent. @throws the reason of `stop` */
  async over(): Promise<void> {
    this.#stop?.throwIfAborted();
    for (;;) {
      const restSeconds = (this.#until - performance.now()) / 1000;
      if (restSeconds <= 0) return;
      await sleep(restSeconds, this.#stop);
    }
  }
}

/** What a problem says to the user of the command. */
export function explain(problem: Problem, { origin }: Connection): string {
  if (problem.code === "unreachable") {
    return `Notejam does not answer at ${origin} (${causeOf(problem)}). Start it with npm start, or set NOTEJAM_URL to its address.`;
  }
  const words = Object.values(problem.fields).flat().join("; ") || problem.message;
  const isFault = problem.code === "internal" || problem.code === "unavailable";
  return isFault && problem.requestId ? `${words} (request ${problem.requestId})` : words;
}

/** `fetch` wraps the error of the socket, whose code says most. */
export function causeOf({ cause }: Error): string {
  const error = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
