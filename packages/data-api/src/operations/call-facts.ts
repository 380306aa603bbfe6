// What is known of a call while it runs. It has the values of parameters only if the server records them.
import type { Parameter, TypeHint } from "../sql/parameters.ts";

export interface CallFacts {
  /** The database that it ran in; absent if it was refused before that was known. */
  database?: string;
  /** The parameter sets: one of ExecuteStatement, any number of BatchExecuteStatement. Only if they are recorded. */
  parameters?: RecordedParameter[][];
  transactionId?: string;
  /** Milliseconds until it had a session. */
  waitMs: number;
  /** Milliseconds in the database: the statement, and what was looked up to write the answer. */
  databaseMs: number;
  /** Rows that came back, if the statement returns rows. */
  rows?: number;
  recordsUpdated?: number;
  /** Bytes of JSON of the largest row. */
  largestRowBytes: number;
}

/** A parameter as the request gave it. */
export interface RecordedParameter {
  name: string;
  typeHint?: TypeHint;
  /** A blob is recorded by its length, a long beyond 53 bits by its digits; a long text is cut. */
  value:
    | { isNull: true }
    | { stringValue: string }
    | { longValue: number | string }
    | { doubleValue: number }
    | { booleanValue: boolean }
    | { blobValue: { bytes: number } };
}

/** So much of a text is kept. */
const RECORDED_CHARACTERS = 1_024;

/** One set, as the log keeps it: without long values. */
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
