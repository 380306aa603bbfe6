// Any PostgreSQL as an engine: a pool of connections, one lent to each session. Statements go out by messages of the
// extended protocol, because `pg` itself leaves the types of parameters to the server, which would hide missing casts.
import pg from "pg";
import { DataApiError, DatabaseError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import {
  type BoundValue,
  type Engine,
  failedOver,
  type ResultColumn,
  type Session,
  type SessionState,
  type StatementResult,
} from "./engine.ts";
import { encodeStatement } from "./wire.ts";

export interface PostgresOptions {
  url: string;
  maxConnections: number;
}

/** What results are read with; a session may change it, and the next gets it back. UTC is Aurora's own default [doc]. */
const SETTINGS =
  "-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c standard_conforming_strings=on -c extra_float_digits=1";

/** No connection can be made; the message says where to and why, without the password. */
export class DatabaseConnectionError extends Error {
  override name = "DatabaseConnectionError";
}

const CANCEL_WAIT_MS = 5_000;
const END_WAIT_MS = 5_000;

/** @throws DatabaseConnectionError */
export async function startPostgresEngine({ url, maxConnections }: PostgresOptions): Promise<Engine> {
  let pool = openPool(url, maxConnections);
  try {
    const first = await pool.connect();
    first.release();
  } catch (error) {
    await pool.end();
    const { hostname, port, pathname } = new URL(url);
    const where = `${hostname}${port && `:${port}`}${pathname}`;
    throw new DatabaseConnectionError(`PostgreSQL at ${where} can't be reached: ${reasonOf(error)}.`, {
      cause: error,
    });
  }

  const lent = new Set<PostgresSession>();
  /** Ends the waiting of whoever waits for a connection. */
  let interrupted = Promise.withResolvers<never>();
  interrupted.promise.catch(() => {});
  return {
    async session() {
      const connecting = pool.connect() as Promise<Client>;
      try {
        const client = await Promise.race([connecting, interrupted.promise]);
        const session = new PostgresSession(client, url, () => lent.delete(session));
        lent.add(session);
        return session;
      } catch (error) {
        if (error instanceof DataApiError) {
          connecting.then((client) => client.release(true)).catch(() => {});
          throw error;
        }
        throw error instanceof pg.DatabaseError ? fromServer(error) : unavailable(error);
      }
    },
    dump: () => Promise.reject(new Error("Only the embedded database can be dumped; use pg_dump.")),
    async failover() {
      const error = failedOver();
      interrupted.reject(error);
      interrupted = Promise.withResolvers<never>();
      interrupted.promise.catch(() => {});
      const old = pool;
      pool = openPool(url, maxConnections);
      await Promise.all([...lent].map((session) => session.lose(error)));
      void old.end();
    },
    close() {
      for (const session of lent) session.cancel();
      return pool.end();
    },
  };
}

function openPool(url: string, maxConnections: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: LIMITS.callMs,
    idleTimeoutMillis: 0,
    options: SETTINGS,
    application_name: "data-api",
  });
  pool.on("error", () => {}); // an idle connection was cut; the pool makes another
  return pool;
}

/** What the pool lends, as it is: `pg`'s types leave these out. */
type Client = pg.PoolClient & { processID: number; end(): Promise<void> };

class PostgresSession implements Session {
  readonly #client: Client;
  readonly #url: string;
  readonly #released: () => void;
  #state: SessionState = "idle";
  #cancelling: Promise<void> | undefined;
  readonly #failed = Promise.withResolvers<never>();

  constructor(client: Client, url: string, released: () => void) {
    this.#client = client;
    this.#url = url;
    this.#released = released;
    client.on("error", this.#lose);
    this.#failed.promise.catch(() => {});
  }

  readonly #lose = () => {
    this.#state = "lost";
  };

  get state(): SessionState {
    return this.#state;
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<StatementResult> {
    // A cancellation that came too late for its statement must not hit this one.
    if (this.#cancelling) await this.#cancelling;
    const answered = new Promise<StatementResult>((resolve, reject) => {
      this.#client.query(
        new TypedStatement(sql, values, (outcome) => {
          if (this.#state !== "lost") this.#state = outcome.state;
          if (!outcome.error) resolve(outcome.result);
          else if (outcome.error instanceof pg.DatabaseError && outcome.state !== "lost")
            reject(fromServer(outcome.error));
          else reject(unavailable(outcome.error));
        }),
      );
    });
    return Promise.race([answered, this.#failed.promise]);
  }

  /** Fails what runs with `error`, and ends the backend; what it ran and held is over when this resolves. */
  async lose(error: DataApiError): Promise<void> {
    this.#lose();
    this.#failed.reject(error);
    await endBackend(this.#url, this.#client.processID);
  }

  cancel(): void {
    this.#cancelling ??= cancelBackend(this.#url, this.#client.processID)
      .catch(() => {
        this.#lose();
        return this.#client.end(); // cuts the connection, since a statement runs on it
      })
      .finally(() => {
        this.#cancelling = undefined;
      });
  }

  release(): void {
    this.#released();
    this.#client.off("error", this.#lose);
    void this.#reset().then(
      () => this.#client.release(),
      () => this.#client.release(true),
    );
  }

  /** As one simple query, which costs one exchange; a stranger never gets a connection that was not reset. */
  async #reset(): Promise<void> {
    await this.#cancelling; // or it might hit the next session's statement
    if (this.#state === "lost") throw new Error("The connection was lost.");
    if (this.#state !== "idle") await this.#client.query("rollback");
    await this.#client.query("discard all");
  }
}

/** What a statement came to. An error that is no `pg.DatabaseError` is the connection's. */
interface Outcome {
  result: StatementResult;
  error: Error | undefined;
  state: SessionState;
}

/** A column as `pg` describes it. */
interface Described {
  name: string;
  tableID: number;
  columnID: number;
  dataTypeID: number;
  dataTypeModifier: number;
}

/** One statement as `pg` submits it: the same bytes that PGlite is given, and the messages that come back. */
class TypedStatement {
  readonly #bytes: Uint8Array;
  readonly #done: (outcome: Outcome) => void;
  readonly #result: StatementResult = { columns: undefined, rows: [], tag: "" };
  #error: Error | undefined;
  #connection: pg.Connection | undefined;

  constructor(sql: string, values: readonly BoundValue[], done: (outcome: Outcome) => void) {
    this.#bytes = encodeStatement(sql, values);
    this.#done = done;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    connection.once("readyForQuery", this.#ready);
    connection.once("end", this.#lost);
    connection.stream.write(this.#bytes);
  }

  readonly #ready = ({ status }: { status: string }) => {
    this.#connection?.off("end", this.#lost);
    this.#done({ result: this.#result, error: this.#error, state: stateOf(status) });
  };

  readonly #lost = () => {
    this.#connection?.off("readyForQuery", this.#ready);
    const error = this.#error ?? new Error("the connection was cut");
    this.#done({ result: this.#result, error, state: "lost" });
  };

  handleRowDescription({ fields }: { fields: Described[] }): void {
    this.#result.columns = fields.map(
      (field): ResultColumn => ({
        name: field.name,
        tableOid: field.tableID,
        attribute: field.columnID,
        typeOid: field.dataTypeID,
        typeModifier: field.dataTypeModifier,
      }),
    );
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#result.rows.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#result.tag = text;
  }

  /** After an error of its own the server is ready again, or ends the connection; both are heard of. */
  handleError(error: Error): void {
    this.#error ??= error;
    if (error instanceof pg.DatabaseError) return;
    this.#connection?.off("end", this.#lost);
    this.#lost();
  }

  // `pg` calls these as well, and there is nothing to learn from them.
  handleReadyForQuery(): void {}
  handleEmptyQuery(): void {}
}

function stateOf(status: string): SessionState {
  if (status === "T") return "open";
  return status === "E" ? "failed" : "idle";
}

function fromServer(error: pg.DatabaseError): DatabaseError {
  return new DatabaseError({
    severity: error.severity ?? "ERROR",
    code: error.code ?? "XX000",
    message: error.message,
    detail: error.detail,
    hint: error.hint,
    position: error.position,
  });
}

function unavailable(error: unknown): DataApiError {
  return new DataApiError(
    "DatabaseUnavailableException",
    `The database can't be reached: ${reasonOf(error)}`,
    {
      cause: error,
    },
  );
}

/** A name that stands for several addresses fails with one error for each, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

/** By a connection of its own, since the session's is busy and the pool's may all be. */
const cancelBackend = (url: string, processId: number) =>
  aside(url, "select pg_cancel_backend($1)", [processId]);

/** Its locks are gone when this resolves. */
const endBackend = (url: string, processId: number) =>
  aside(url, "select pg_terminate_backend($1, $2)", [processId, END_WAIT_MS]);

async function aside(url: string, sql: string, values: number[]): Promise<void> {
  const other = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CANCEL_WAIT_MS,
    application_name: "data-api cancel",
  });
  try {
    await other.connect();
    await other.query(sql, values);
  } finally {
    await other.end();
  }
}
