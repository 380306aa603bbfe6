// Any PostgreSQL as an engine: a pool of connections for each role, one lent to each session. A released connection is reset
// before it is lent again, and the one that has been free for longest is lent first, so that no call waits for a reset.
import type { Clock } from "../clock.ts";
import type { DataApiError } from "../errors.ts";
import type { Credentials } from "../secret.ts";
import { closing, type Engine, failedOver, type Session } from "./engine.ts";
import { aside, PostgresConnection, reasonOf } from "./postgres-connection.ts";
import { Queue } from "./queue.ts";
import { BackendSession } from "./session.ts";

export interface PostgresOptions {
  url: string;
  maxConnections: number;
  clock: Clock;
}

/** No connection can be made; the message says where to and why, without the password. */
export class DatabaseConnectionError extends Error {
  override name = "DatabaseConnectionError";
}

/** How long the end of a backend is waited for, of one that works on a statement. */
const END_WAIT_MS = 5_000;

/** @throws DatabaseConnectionError */
export async function startPostgresEngine(options: PostgresOptions): Promise<Engine> {
  const engine = new PostgresEngine(options);
  try {
    (await engine.session()).release();
  } catch (error) {
    const url = new URL(options.url);
    const where = `${hostOf(url)}${url.pathname}`;
    const reason = reasonOf(error instanceof Error ? (error.cause ?? error) : error);
    throw new DatabaseConnectionError(`PostgreSQL at ${where} can't be reached: ${reason}.`, {
      cause: error,
    });
  }
  return engine;
}

/** The server of an address, where `?host=/run/postgresql` goes before the host, and may be a socket's directory. */
export function hostOf(url: URL): string {
  return url.searchParams.get("host") || url.host || "localhost";
}

/** The owner's pool, which is there from the start, and one for each role that has had a session. */
class PostgresEngine implements Engine {
  readonly #options: PostgresOptions;
  readonly #owners: Pool;
  readonly #roles = new Map<string, Pool>();

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#owners = new Pool(options);
  }

  session(role?: Credentials): Promise<Session> {
    return (role ? this.#poolOf(role) : this.#owners).session();
  }

  dump(): Promise<Uint8Array> {
    return Promise.reject(new Error("Only the embedded database can be dumped; use pg_dump."));
  }

  async failover(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.cut(failedOver())));
    (await this.session()).release();
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }

  get #pools(): Pool[] {
    return [this.#owners, ...this.#roles.values()];
  }

  #poolOf({ username, password }: Credentials): Pool {
    const url = new URL(this.#options.url);
    // Before the @ there is no place for them in an address without a host, and these go before what stands there.
    url.searchParams.set("user", username);
    url.searchParams.set("password", password);
    const known = this.#roles.get(url.href);
    if (known) return known;
    const pool = new Pool({ ...this.#options, url: url.href });
    this.#roles.set(url.href, pool);
    return pool;
  }
}

/** The connections of one role. */
class Pool {
  readonly #url: string;
  readonly #maxConnections: number;
  readonly #queue: Queue<Session>;
  /** Every connection, with the session that has it. */
  readonly #connections = new Map<PostgresConnection, BackendSession | undefined>();
  /** Those that can be lent, the longest free one first. */
  readonly #free: PostgresConnection[] = [];
  /** Connections that are being made in this era. */
  #opening = 0;
  /** Rises with each failover: what was begun before it comes to nothing, and takes no place. */
  #era = 0;
  #ended: DataApiError | undefined;

  constructor({ url, maxConnections, clock }: PostgresOptions) {
    this.#url = url;
    this.#maxConnections = maxConnections;
    this.#queue = new Queue(
      clock,
      `all ${maxConnections} connections are in use, by transactions or by calls`,
    );
  }

  async session(): Promise<Session> {
    if (this.#ended) throw this.#ended;
    const free = this.#free.shift();
    if (free) return this.#lend(free);
    if (!this.#hasRoom) return this.#queue.wait();
    try {
      return this.#lend(await this.#open());
    } catch (error) {
      void this.#replace();
      throw error;
    }
  }

  close(): Promise<void> {
    this.#ended ??= closing();
    return this.cut(this.#ended).catch(() => {}); // a server that is gone has nothing to end
  }

  get #hasRoom(): boolean {
    return this.#connections.size + this.#opening < this.#maxConnections;
  }

  /** @throws DataApiError, or DatabaseError if the server refuses. */
  async #open(): Promise<PostgresConnection> {
    const era = this.#era;
    this.#opening++;
    try {
      const connection = await PostgresConnection.open(this.#url, (lost) => this.#remove(lost));
      if (era !== this.#era) {
        void connection.end();
        throw this.#ended ?? failedOver();
      }
      this.#connections.set(connection, undefined);
      return connection;
    } finally {
      if (era === this.#era) this.#opening--;
    }
  }

  #lend(connection: PostgresConnection): Session {
    const session = new BackendSession(connection, () => void this.#takeBack(connection, session));
    this.#connections.set(connection, session);
    return session;
  }

  async #takeBack(connection: PostgresConnection, session: BackendSession): Promise<void> {
    if (session.state === "lost") return; // it was removed
    try {
      await connection.reset(session.state !== "idle");
    } catch {
      return connection.cut(closing()); // no session gets a connection that was not reset
    }
    this.#connections.set(connection, undefined);
    this.#free.push(connection);
    this.#queue.serve(() => this.#lend(this.#free.shift() as PostgresConnection));
  }

  #remove(connection: PostgresConnection): void {
    this.#connections.get(connection)?.lose();
    this.#connections.delete(connection);
    const index = this.#free.indexOf(connection);
    if (index >= 0) this.#free.splice(index, 1);
    void this.#replace();
  }

  /** Makes another connection for those who wait for one that was lost or could not be made. */
  async #replace(): Promise<void> {
    if (this.#queue.empty || !this.#hasRoom) return;
    const era = this.#era;
    try {
      const connection = await this.#open();
      this.#free.push(connection);
      this.#queue.serve(() => this.#lend(this.#free.shift() as PostgresConnection));
    } catch (error) {
      // Where there are others, one of them will come free; and a later era is served by its own connections.
      if (this.#connections.size === 0 && era === this.#era) this.#queue.refuse(error as Error);
    }
  }

  /** Fails what runs and who waits with `error`; what the sessions did and hold is over when this resolves. */
  async cut(error: DataApiError): Promise<void> {
    this.#era++;
    this.#opening = 0;
    this.#queue.refuse(error);
    const busy: number[] = [];
    const ended: Promise<void>[] = [];
    for (const [connection, session] of [...this.#connections]) {
      if (session) {
        busy.push(connection.processId);
        connection.cut(error);
      } else ended.push(connection.end());
    }
    if (busy.length > 0) {
      const sql = "select pg_terminate_backend(pid, $2) from unnest($1::int4[]) pid";
      ended.push(aside(this.#url, sql, [busy, END_WAIT_MS]));
    }
    await Promise.all(ended);
  }
}
