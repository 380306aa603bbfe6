// The log of calls, for tests and for people: how many there were of each kind, and the last ones in full.
import type { ErrorType } from "../errors.ts";
import type { FaultName } from "../faults/faults.ts";
import type { CallFacts } from "../operations/call-facts.ts";
import type { Operation } from "../operations/operation.ts";

/** What is known of a call when it has ended. */
export interface Call extends CallFacts {
  /** When it arrived, by the machine's own clock, `2026-01-31T12:00:00.000Z`. */
  at: string;
  operation: Operation;
  sql?: string;
  /** 0 if the connection was cut. */
  status: number;
  errorType?: ErrorType;
  /** PostgreSQL's code, if the database refused it: `23505`. */
  sqlState?: string;
  /** The planned fault that struck it, or the one in force. */
  fault?: FaultName;
  /** Milliseconds from the request's arrival to its answer. `latencyMs`, `waitMs` and `databaseMs` are parts of it. */
  ms: number;
  /** Milliseconds that it was to be delayed, by the server's clock. */
  latencyMs: number;
  requestBytes: number;
  responseBytes: number;
}

/** How many calls there were since the start, or since they were last forgotten. */
export interface CallCounts {
  all: number;
  /** In this and the others below, a member that would be 0 is absent. */
  operations: Partial<Record<Operation, number>>;
  /** By HTTP status; 0 if the connection was cut. */
  statuses: Record<number, number>;
  errors: Partial<Record<ErrorType, number>>;
  faults: Partial<Record<FaultName, number>>;
}

/** How many calls are kept. */
const KEPT = 1_000;

export class CallLog {
  #counts = noCounts();
  #kept: Call[] = [];

  get counts(): CallCounts {
    return structuredClone(this.#counts);
  }

  /** The last calls, 1,000 at most, the oldest first. A call is one when it has ended. */
  get last(): Call[] {
    return [...this.#kept];
  }

  /** Forgets all of them. */
  clear(): void {
    this.#counts = noCounts();
    this.#kept = [];
  }

  /** For the server, when a call has ended. */
  add(call: Call): void {
    const counts = this.#counts;
    counts.all++;
    count(counts.operations, call.operation);
    count(counts.statuses, call.status);
    if (call.errorType !== undefined) count(counts.errors, call.errorType);
    if (call.fault !== undefined) count(counts.faults, call.fault);
    this.#kept.push(call);
    if (this.#kept.length > KEPT) this.#kept.shift();
  }
}

function noCounts(): CallCounts {
  return { all: 0, operations: {}, statuses: {}, errors: {}, faults: {} };
}

function count<Key extends string | number>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
