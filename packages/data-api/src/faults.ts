// Faults on demand: what the service does on a bad day, for one call or for a while. The server asks before it runs
// a call and once more when it has run it.
import type { Clock } from "./clock.ts";
import { DataApiError, type ErrorType } from "./errors.ts";
import type { CallFacts, Operation } from "./operations.ts";

export type Fault = (
  | {
      /** The connection is cut without an answer. */
      kind: "drop";
    }
  | {
      /** InternalServerErrorException, ServiceUnavailableError or DatabaseUnavailableException. */
      kind: "status";
      status: 500 | 503 | 504;
    }
) & {
  /** Before the call runs, or after: then what it did stays, and its answer is lost. */
  when: "before" | "after";
  /** Only a call whose SQL matches; the calls without SQL match by the operation's name. Any call unless given. */
  matching?: RegExp;
};

const BY_STATUS: Record<500 | 503 | 504, ErrorType> = {
  500: "InternalServerErrorException",
  503: "ServiceUnavailableError",
  504: "DatabaseUnavailableException",
};

/** Thrown to the server, which then cuts the connection. */
export class Dropped extends Error {}

export class Faults {
  readonly #clock: Clock;
  readonly #planned: Fault[] = [];
  #resumingCalls = 0;
  #resumingUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Plans a fault for the next call that it matches, once. Several wait in the order in which they were planned. */
  next(fault: Fault): void {
    this.#planned.push(fault);
  }

  /** Lets the next `calls` calls, or all calls for `ms` milliseconds, find an auto-paused cluster that is waking up. */
  resuming(how: { calls: number } | { ms: number }): void {
    if ("calls" in how) this.#resumingCalls = how.calls;
    else this.#resumingUntil = this.#clock.now() + how.ms;
  }

  /** Forgets what is planned; answers how many faults were still waiting. */
  clear(): number {
    this.#resumingCalls = 0;
    this.#resumingUntil = Number.NEGATIVE_INFINITY;
    return this.#planned.splice(0).length;
  }

  /** @throws DataApiError DatabaseResumingException, where the cluster is waking up. */
  resume(): void {
    if (this.#resumingCalls > 0) this.#resumingCalls--;
    else if (this.#clock.now() >= this.#resumingUntil) return;
    throw new DataApiError(
      "DatabaseResumingException",
      "The Aurora DB instance is resuming after being auto-paused. Please wait a few seconds and try again.",
    );
  }

  /** @throws DataApiError or Dropped, where a fault was planned for this call. */
  strike(when: Fault["when"], operation: Operation, facts: CallFacts): void {
    const index = this.#planned.findIndex(
      (fault) => fault.when === when && (fault.matching?.test(facts.sql ?? operation) ?? true),
    );
    const [fault] = index < 0 ? [] : this.#planned.splice(index, 1);
    if (!fault) return;
    if (fault.kind === "drop") throw new Dropped("The connection was cut, as planned.");
    throw new DataApiError(BY_STATUS[fault.status], "Failed as planned.");
  }
}
