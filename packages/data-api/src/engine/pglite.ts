// PGlite as an engine: one backend in a worker thread, which is lent to one session at a time. Others
// wait in a queue, for a limited time: a transaction whose owner went away expires.
import type { Clock } from "../clock.ts";
import type { Credentials } from "../secret.ts";
import { claimDataDirectory, DataDirectoryError } from "./data-directory.ts";
import { closing, type Engine, failedOver, type Session } from "./engine.ts";
import { extensionFiles } from "./extensions.ts";
import { compileModules, PGliteBackend } from "./pglite-backend.ts";
import { RoleSession } from "./pglite-role.ts";
import { Queue } from "./queue.ts";
import { BackendSession } from "./session.ts";

export interface PGliteOptions {
  dataDir: string | undefined;
  loadFrom: Blob | undefined;
  clock: Clock;
}

/** @throws DataDirectoryError if the directory can't be used; Error if the database does not start */
export async function startPGlite({ dataDir, loadFrom, clock }: PGliteOptions): Promise<Engine> {
  const [modules, extensions] = await Promise.all([compileModules(), extensionFiles()]);
  const directory = dataDir === undefined ? undefined : await claimDataDirectory(dataDir);
  const backend = new PGliteBackend(directory?.database, modules, extensions);
  try {
    if (directory && loadFrom && !directory.isNew) {
      throw new DataDirectoryError(
        `The data directory ${dataDir} holds a database, and a dump can only be loaded into an empty one.`,
      );
    }
    await backend.start(loadFrom);
    await directory?.finished();
  } catch (error) {
    await backend.end();
    await directory?.release();
    if (error instanceof DataDirectoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The database in ${dataDir ?? "memory"} does not start${loadFrom ? " from its dump" : ""}: ${reason}`;
    throw directory
      ? new DataDirectoryError(message, { cause: error })
      : new Error(message, { cause: error });
  }
  return new PGliteEngine(backend, clock, async () => directory?.release());
}

class PGliteEngine implements Engine {
  readonly #backend: PGliteBackend;
  readonly #closed: () => Promise<void>;
  readonly #queue: Queue<BackendSession>;
  /** The session that has the backend. */
  #current: BackendSession | undefined;

  constructor(backend: PGliteBackend, clock: Clock, closed: () => Promise<void>) {
    this.#backend = backend;
    this.#backend.onLost = () => this.#current?.lose();
    this.#closed = closed;
    this.#queue = new Queue(
      clock,
      "the one connection of the embedded database is in use, by a transaction or by a call",
    );
  }

  async session(role?: Credentials): Promise<Session> {
    const turn = await this.#lendTurn();
    return role ? new RoleSession(turn, role.username) : turn;
  }

  async dump(): Promise<Uint8Array> {
    const turn = await this.#lendTurn();
    try {
      return await this.#backend.dump();
    } finally {
      turn.release();
    }
  }

  failover(): Promise<void> {
    const error = failedOver();
    this.#queue.refuse(error);
    const failed = this.#backend.failover(error);
    this.#current = undefined;
    return failed;
  }

  async close(): Promise<void> {
    this.#queue.refuse(closing());
    await this.#backend.close();
    await this.#closed();
  }

  async #lendTurn(): Promise<BackendSession> {
    return this.#current ? this.#queue.wait() : this.#lend();
  }

  #lend(): BackendSession {
    this.#current = new BackendSession(this.#backend, (session) => this.#takeBack(session));
    return this.#current;
  }

  #takeBack(session: BackendSession): void {
    if (session !== this.#current) return; // a failover took it away already
    if (session.state !== "lost") this.#backend.reset(session.state !== "idle");
    this.#current = undefined;
    this.#queue.serve(() => this.#lend());
  }
}
