// One connection to PostgreSQL, by `pg`: it runs statements one at a time, stops them, and says when it is lost.
import { Socket } from "node:net";
import pg from "pg";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type BoundValue, connectionLost } from "./engine.ts";
import { PostgresStatement } from "./postgres-statement.ts";
import type { Backend } from "./session.ts";
import { type Answer, databaseErrorOf, STATES } from "./wire.ts";

/** What results are read with; a session may change it, and the next gets it back. UTC is Aurora's own default [doc]. */
const SETTINGS =
  "-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c standard_conforming_strings=on -c extra_float_digits=1";

const CANCEL_WAIT_MS = 5_000;
const FAREWELL_WAIT_MS = 1_000;

/** What `pg`'s types leave out. */
type Client = pg.Client & { processID: number };

interface Running {
  statement: PostgresStatement;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export class PostgresConnection implements Backend {
  readonly #url: string;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #onLost: (connection: PostgresConnection) => void;
  #running: Running | undefined;
  /** Waited for before the next statement, which a cancellation that came too late for its own must not hit. */
  #cancelling: Promise<void> | undefined;
  #fault: Error | undefined;
  #lost = false;

  /** @throws DataApiError, or DatabaseError if the server refuses. */
  static async open(
    url: string,
    onLost: (connection: PostgresConnection) => void,
  ): Promise<PostgresConnection> {
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: LIMITS.callMs,
      options: SETTINGS,
      application_name: "data-api",
      stream: () => socket,
    });
    try {
      await client.connect();
    } catch (error) {
      throw error instanceof pg.DatabaseError ? databaseErrorOf(error) : unavailable(error);
    }
    return new PostgresConnection(url, client as Client, socket, onLost);
  }

  private constructor(
    url: string,
    client: Client,
    socket: Socket,
    onLost: (connection: PostgresConnection) => void,
  ) {
    this.#url = url;
    this.#client = client;
    this.#socket = socket;
    this.#onLost = onLost;
    client.on("drain", () => this.#answered());
    // Also between statements: a server says why before it ends a connection.
    client.on("error", (error) => {
      this.#fault ??= error;
      this.#lose();
    });
    client.once("end", () => this.#lose());
  }

  get processId(): number {
    return this.#client.processID;
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<Answer> {
    if (this.#cancelling) await this.#cancelling;
    if (this.#lost) throw connectionLost();
    return new Promise((resolve, reject) => {
      const statement = new PostgresStatement(sql, values);
      this.#running = { statement, resolve, reject };
      this.#client.query(statement);
    });
  }

  /** Makes it ready for the next session: rolls back any transaction and restores all settings. @throws Error if that fails. */
  async reset(inTransaction: boolean): Promise<void> {
    if (this.#cancelling) await this.#cancelling;
    if (inTransaction) await this.#client.query("rollback");
    await this.#client.query("discard all");
  }

  cancel(): void {
    this.#cancelling ??= aside(this.#url, "select pg_cancel_backend($1)", [this.processId])
      .catch((error) => this.cut(unavailable(error)))
      .finally(() => {
        this.#cancelling = undefined;
      });
  }

  /** Fails what runs with `error`, and drops the connection. */
  cut(error: DataApiError): void {
    this.#fault = error;
    this.#lose();
    this.#socket.destroy();
  }

  /** Closes the connection, although the server may no longer answer. No statement may be running. */
  async end(): Promise<void> {
    this.#lose();
    const timer = setTimeout(() => this.#socket.destroy(), FAREWELL_WAIT_MS);
    await this.#client.end();
    clearTimeout(timer);
  }

  /** The server is ready for the next statement. */
  #answered(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.statement.ended();
    const state = STATES[this.#client.getTransactionStatus() ?? ""] ?? "idle";
    running?.resolve({ ...running.statement.answer, state });
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    const running = this.#running;
    this.#running = undefined;
    this.#onLost(this);
    if (!running) return;
    const reason = running.statement.answer.error ?? this.#fault ?? new Error("the connection was cut");
    running.reject(this.#fault instanceof DataApiError ? this.#fault : unavailable(reason));
  }
}

/** Runs a statement on a new connection, since those of the pool may all be busy. */
export async function aside(url: string, sql: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CANCEL_WAIT_MS,
    application_name: "data-api aside",
  });
  try {
    await client.connect();
    await client.query(sql, values);
  } finally {
    await client.end();
  }
}

function unavailable(error: unknown): DataApiError {
  const message = `The database can't be reached: ${reasonOf(error)}`;
  return new DataApiError("DatabaseUnavailableException", message, { cause: error });
}

/** A host name with several addresses fails with one error for each, and without a message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
