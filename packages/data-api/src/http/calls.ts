// What is told and kept of calls, for tests and for people: how many there were of each kind, and the last ones whole.
import type { ErrorType } from "../errors.ts";
import type { FaultName } from "../faults/faults.ts";
import type { Operation } from "../operations/operations.ts";
import type { Parameter, TypeHint } from "../sql/parameters.ts";

/** What is told of a call when it has ended. Never a parameter's value, unless the server was asked to record them. */
export interface Call {
  /** When it arrived, by the machine's own clock, `2026-01-31T12:00:00.000Z`. */
  at: string;
  operation: Operation;
  /** The database that it ran in; absent where it was refused before that was known. */
  database?: string;
  sql?: string;
  /** The parameter sets: one of ExecuteStatement, any number of BatchExecuteStatement. Only where they are recorded. */
  parameters?: RecordedParameter[][];
  transactionId?: string;
  /** 0 where the connection was cut. */
  status: number;
  errorType?: ErrorType;
  /** PostgreSQL's code, where the database refused it: `23505`. */
  sqlState?: string;
  /** The planned fault that struck it, or what was in force. */
  fault?: FaultName;
  /** Milliseconds from the request's arrival to its answer. The three below are parts of it. */
  ms: number;
  /** Milliseconds that it was to be delayed, by the server's clock. */
  latencyMs: number;
  /** Milliseconds until it had a session. */
  waitMs: number;
  /** Milliseconds in the database: the statement, and what was looked up to write the answer. */
  databaseMs: number;
  /** Rows that came back, where the statement returns rows. */
  rows?: number;
  recordsUpdated?: number;
  requestBytes: number;
  responseBytes: number;
  /** Bytes of JSON of the largest row. */
  largestRowBytes: number;
}

/** A parameter as the request gave it. */
export interface RecordedParameter {
  name: string;
  typeHint?: TypeHint;
  /** A blob is told by its length, a long beyond 53 bits by its digits; a long text is cut. */
  value:
    | { isNull: true }
    | { stringValue: string }
    | { longValue: number | string }
    | { doubleValue: number }
    | { booleanValue: boolean }
    | { blobValue: { bytes: number } };
}

/** What is kept of a text. */
const RECORDED_CHARACTERS = 1_024;

/** One set, as it is told and kept: without what is long. */
export function recordParameters(parameters: readonly Parameter[]): RecordedParameter[] {
  return parameters.map(({ name, value, typeHint }) => ({
    name,
    ...(typeHint && { typeHint }),
    value: recordValue(value),
  }));
}

function recordValue(value: Parameter["value"]): RecordedParameter["value"] {
  if ("blobValue" in value) return { blobValue: { bytes: value.blobValue.length } };
  if ("longValue" in value) {
    const { longValue } = value;
    return { longValue: typeof longValue === "bigint" ? String(longValue) : longValue };
  }
  if (!("stringValue" in value)) return value;
  const { stringValue } = value;
  if (stringValue.length <= RECORDED_CHARACTERS) return value;
  return {
    stringValue: `${stringValue.slice(0, RECORDED_CHARACTERS)}… (${stringValue.length} characters)`,
  };
}

/** How many calls there were since the start, or since they were last forgotten. */
export interface CallCounts {
  all: number;
  /** A member is absent where it would be 0, in each of these. */
  operations: Partial<Record<Operation, number>>;
  /** By HTTP status; 0 where the connection was cut. */
  statuses: Record<number, number>;
  errors: Partial<Record<ErrorType, number>>;
  faults: Partial<Record<FaultName, number>>;
}

/** How many calls are kept. */
const KEPT = 1_000;

export class CallLog {
  #counts = noCounts();
  /** Once full, the oldest is at the place of the next. */
  #kept: Call[] = [];
  #next = 0;

  get counts(): CallCounts {
    return structuredClone(this.#counts);
  }

  /** The last calls, 1,000 at most, the oldest first. A call is one when it has ended. */
  get last(): Call[] {
    return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
  }

  /** Forgets all of them. */
  clear(): void {
    this.#counts = noCounts();
    this.#kept = [];
    this.#next = 0;
  }

  /** For the server, when a call has ended. */
  add(call: Call): void {
    const counts = this.#counts;
    counts.all++;
    count(counts.operations, call.operation);
    count(counts.statuses, call.status);
    if (call.errorType !== undefined) count(counts.errors, call.errorType);
    if (call.fault !== undefined) count(counts.faults, call.fault);
    this.#kept[this.#next] = call;
    this.#next = (this.#next + 1) % KEPT;
  }
}

function noCounts(): CallCounts {
  return { all: 0, operations: {}, statuses: {}, errors: {}, faults: {} };
}

function count<Key extends string | number>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
