// One connection to PostgreSQL. `pg` makes it (addresses, TLS, passwords); statements then pass by its socket as they
// are, since `pg` would leave the types of parameters to the server, which would hide missing casts, and costs time.
import type { Duplex } from "node:stream";
import pg from "pg";
import { DataApiError, DatabaseError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { connectionLost } from "./engine.ts";
import type { Backend } from "./session.ts";
import { AnswerReader, DISCARD_ALL, decodeAnswer, ROLLBACK } from "./wire.ts";

/** What results are read with; a session may change it, and the next gets it back. UTC is Aurora's own default [doc]. */
const SETTINGS =
  "-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c standard_conforming_strings=on -c extra_float_digits=1";

const CANCEL_WAIT_MS = 5_000;
const FAREWELL_WAIT_MS = 1_000;

/** What `pg`'s types leave out. */
type Client = pg.Client & { processID: number; connection: { stream: Duplex } };

interface Asked {
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
}

export class PostgresConnection implements Backend {
  readonly #url: string;
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #reader = new AnswerReader();
  readonly #onLost: (connection: PostgresConnection) => void;
  #asked: Asked | undefined;
  #cancelling: Promise<void> | undefined;
  #fault: Error | undefined;
  #lost = false;

  /** @throws DataApiError, or DatabaseError where the server refuses. */
  static async open(
    url: string,
    onLost: (connection: PostgresConnection) => void,
  ): Promise<PostgresConnection> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: LIMITS.callMs,
      options: SETTINGS,
      application_name: "data-api",
    });
    try {
      await client.connect();
    } catch (error) {
      throw error instanceof pg.DatabaseError ? fromServer(error) : unavailable(error);
    }
    return new PostgresConnection(url, client as Client, onLost);
  }

  private constructor(url: string, client: Client, onLost: (connection: PostgresConnection) => void) {
    this.#url = url;
    this.#client = client;
    this.#onLost = onLost;
    this.#socket = client.connection.stream;
    this.#socket.removeAllListeners("data");
    this.#socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#socket.once("close", () => this.#lose());
    client.on("error", (error) => {
      this.#fault ??= error;
    });
  }

  get processId(): number {
    return this.#client.processID;
  }

  async exchange(statement: Uint8Array): Promise<Uint8Array> {
    // A cancellation that came too late for its statement must not hit this one.
    if (this.#cancelling) await this.#cancelling;
    if (this.#lost) throw connectionLost();
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#socket.write(statement);
    });
  }

  /** Makes it ready for a stranger: any transaction rolled back, any setting as it was. @throws Error where that fails. */
  async reset(inTransaction: boolean): Promise<void> {
    for (const statement of inTransaction ? [ROLLBACK, DISCARD_ALL] : [DISCARD_ALL]) {
      const { error } = decodeAnswer(await this.exchange(statement));
      if (error) throw error;
    }
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

  /** Takes leave of the server, which may have fallen silent; nothing may run. */
  async end(): Promise<void> {
    this.#lose();
    const timer = setTimeout(() => this.#socket.destroy(), FAREWELL_WAIT_MS);
    await this.#client.end();
    clearTimeout(timer);
  }

  #receive(chunk: Buffer): void {
    for (const answer of this.#reader.push(chunk)) {
      const asked = this.#asked;
      this.#asked = undefined;
      asked?.resolve(answer);
    }
    // Unasked, a server says goodbye, or news that nobody here waits for.
    if (!this.#asked && this.#reader.rest.length > 0 && decodeAnswer(this.#reader.rest).error) this.#lose();
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    const asked = this.#asked;
    this.#asked = undefined;
    this.#onLost(this);
    asked?.reject(this.#fault instanceof DataApiError ? this.#fault : unavailable(this.#reason()));
  }

  /** The server says why before it cuts a connection. */
  #reason(): Error {
    return decodeAnswer(this.#reader.rest).error ?? this.#fault ?? new Error("the connection was cut");
  }
}

/** By a connection of its own, since the pool's may all be busy. */
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
  const message = `The database can't be reached: ${reasonOf(error)}`;
  return new DataApiError("DatabaseUnavailableException", message, { cause: error });
}

/** A name that stands for several addresses fails with one error for each, and no message of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
