// What the operations need of a database, whichever it is. An engine lends sessions; a session runs one statement
// at a time with the extended protocol, so that parameters arrive with the types that the Data API gives them.
import { DataApiError, DatabaseError } from "../errors.ts";
import type { Credentials } from "../secret.ts";

/** Object ids of the types that values are bound with; 0 leaves the choice to PostgreSQL. */
export const OID = {
  unspecified: 0,
  bool: 16,
  bytea: 17,
  int8: 20,
  text: 25,
  json: 114,
  float8: 701,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  numeric: 1700,
  uuid: 2950,
  int2Array: 1005,
  oidArray: 1028,
} as const;

/** A value of one parameter: text in PostgreSQL's own notation, or bytes, with the type it is bound as. */
export interface BoundValue {
  oid: number;
  value: string | Buffer | null;
}

export interface ResultColumn {
  name: string;
  tableOid: number;
  /** The column's number in its table, 0 for an expression. */
  attribute: number;
  typeOid: number;
  typeModifier: number;
}

export interface StatementResult {
  /** Absent if the statement is of a kind that returns no rows; present if it found none. */
  columns: ResultColumn[] | undefined;
  /** Each value in PostgreSQL's text format. */
  rows: (string | null)[][];
  /** The command tag: `INSERT 0 1`; empty for an empty statement. */
  tag: string;
}

/** `idle`: outside a transaction; `open`: in one; `failed`: in one that only a rollback ends; `lost`: its backend is gone. */
export type SessionState = "idle" | "open" | "failed" | "lost";

export interface Session {
  readonly state: SessionState;
  /**
   * @throws DatabaseError if PostgreSQL refuses the statement, DataApiError if the engine was stopped or lost
   */
  run(sql: string, values: readonly BoundValue[]): Promise<StatementResult>;
  /** Ends what runs now, which then fails with SQLState 57014 if the engine survives that. */
  cancel(): void;
  /** Gives the session back. The next one finds no open transaction, and all settings as they were. */
  release(): void;
}

export interface Engine {
  /**
   * @param role whose session it is; the owner's by default
   * @throws DataApiError if no session comes free in time, DatabaseError if the role can't log in
   */
  session(role?: Credentials): Promise<Session>;
  /** The whole database as a compressed tar archive. @throws Error if the engine cannot be dumped. */
  dump(): Promise<Uint8Array>;
  /**
   * What Aurora's failover does to its clients: every session that is lent becomes `lost`, and what runs or waits for a
   * session fails at once with a DatabaseUnavailableException. What was not committed is rolled back. Resolves when new
   * sessions can be had.
   * @throws Error if the database does not come back
   */
  failover(): Promise<void>;
  close(): Promise<void>;
}

/** The error of callers whose engine fails over. */
export const failedOver = () =>
  new DataApiError(
    "DatabaseUnavailableException",
    "The connection was lost: the database failed over to another instance.",
  );

/** The error of the next statement in a session whose backend is gone. */
export const connectionLost = () =>
  new DataApiError("DatabaseUnavailableException", "The connection to the database was lost.");

/** The error of a statement that was stopped because its time was over, in PostgreSQL's words. */
export const timedOut = () =>
  new DatabaseError({
    severity: "ERROR",
    code: "57014",
    message: "canceling statement due to statement timeout",
  });

/** The error of calls that a closing server can no longer answer. */
export const closing = () => new DataApiError("ServiceUnavailableError", "The server is closing.");
