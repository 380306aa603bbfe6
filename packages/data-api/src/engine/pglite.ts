// PGlite as an engine: one worker thread with one backend, which is lent to one session at a time. Whoever comes
// meanwhile waits in line, and not for ever: a transaction whose owner went away ends by its own expiry.
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { DataApiError, DatabaseError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { claimDataDirectory, DataDirectoryError } from "./data-directory.ts";
import {
  type BoundValue,
  type Engine,
  failedOver,
  type Session,
  type SessionState,
  type StatementResult,
} from "./engine.ts";
import { decodeAnswer, encodeStatement } from "./wire.ts";

/** What the worker is started with. */
export interface WorkerStart {
  /** Absent: in memory. */
  dataDir: string | undefined;
  loadFrom: Blob | undefined;
  /** Command-line parameters of the server. */
  parameters: string[];
  modules: CompiledModules;
}

export interface CompiledModules {
  pgliteWasmModule: WebAssembly.Module;
  initdbWasmModule: WebAssembly.Module;
}

let compiled: Promise<CompiledModules> | undefined;

/** Once a process: left to itself, PGlite compiles its 9 MB once for initdb and again for the server, in each worker. */
function compileModules(): Promise<CompiledModules> {
  compiled ??= (async () => {
    const main = import.meta.resolve("@electric-sql/pglite");
    const compile = async (file: string) => WebAssembly.compile(await readFile(new URL(file, main)));
    const [pgliteWasmModule, initdbWasmModule] = await Promise.all([
      compile("pglite.wasm"),
      compile("initdb.wasm"),
    ]);
    return { pgliteWasmModule, initdbWasmModule };
  })();
  return compiled;
}

export type ToWorker =
  | { kind: "run"; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "reset"; statements: Uint8Array<ArrayBuffer>[] }
  | { kind: "dump" }
  | { kind: "close" };

export type FromWorker =
  | { kind: "ready" }
  | { kind: "failed"; message: string }
  | { kind: "answer"; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "broken"; message: string }
  | { kind: "closed" };

export interface PGliteOptions {
  dataDir: string | undefined;
  loadFrom: Blob | undefined;
  clock: Clock;
}

/** @throws DataDirectoryError where the directory can't be used; Error where the database does not start. */
export async function startPGlite({ dataDir, loadFrom, clock }: PGliteOptions): Promise<Engine> {
  const modules = await compileModules();
  const directory = dataDir === undefined ? undefined : await claimDataDirectory(dataDir);
  const backend = new Backend(directory?.database, modules);
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
    if (!directory || error instanceof DataDirectoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataDirectoryError(`The database in ${dataDir} does not start: ${reason}`, {
      cause: error,
    });
  }
  return new PGliteEngine(backend, clock, async () => directory?.release());
}

class PGliteEngine implements Engine {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #closed: () => Promise<void>;
  readonly #waiting: Waiting[] = [];
  /** Whoever has the backend. */
  #holder: object | undefined;

  constructor(backend: Backend, clock: Clock, closed: () => Promise<void>) {
    this.#backend = backend;
    this.#clock = clock;
    this.#closed = closed;
  }

  async session(): Promise<Session> {
    const holder = await this.#hold();
    return new PGliteSession(this.#backend, () => this.#pass(holder));
  }

  async dump(): Promise<Uint8Array> {
    const holder = await this.#hold();
    try {
      return await this.#backend.ask({ kind: "dump" });
    } finally {
      this.#pass(holder);
    }
  }

  failover(): Promise<void> {
    this.#holder = undefined;
    const error = failedOver();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    return this.#backend.failover(error);
  }

  async close(): Promise<void> {
    await this.#backend.close();
    await this.#closed();
  }

  #hold(): Promise<object> {
    if (!this.#holder) return Promise.resolve(this.#lend());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter: () => {
          timer.cancel();
          resolve(this.#lend());
        },
        reject: (error) => {
          timer.cancel();
          reject(error);
        },
      };
      const timer = this.#clock.after(LIMITS.callMs, () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(
          new DataApiError(
            "DatabaseErrorException",
            "FATAL: the one connection of the embedded database is held by a transaction; SQLState: 53300",
          ),
        );
      });
      this.#waiting.push(waiting);
    });
  }

  #lend(): object {
    this.#holder = {};
    return this.#holder;
  }

  /** A holder that lost the backend to a failover has nothing to pass on. */
  #pass(holder: object): void {
    if (holder !== this.#holder) return;
    this.#holder = undefined;
    this.#waiting.shift()?.enter();
  }
}

/** Somebody in line for the backend. */
interface Waiting {
  enter(): void;
  reject(error: Error): void;
}

const ROLLBACK = encodeStatement("rollback", []);
const DISCARD_ALL = encodeStatement("discard all", []);

class PGliteSession implements Session {
  readonly #backend: Backend;
  readonly #pass: () => void;
  /** Which life of the backend this session belongs to. */
  readonly #life: number;
  #state: SessionState = "idle";

  constructor(backend: Backend, pass: () => void) {
    this.#backend = backend;
    this.#life = backend.life;
    this.#pass = pass;
  }

  get state(): SessionState {
    return this.#life === this.#backend.life ? this.#state : "lost";
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<StatementResult> {
    if (this.state === "lost") throw failedOver();
    const answer = decodeAnswer(
      await this.#backend.ask({ kind: "run", bytes: encodeStatement(sql, values) }),
    );
    this.#state = answer.state ?? "idle";
    if (answer.error) throw answer.error;
    return answer.result;
  }

  cancel(): void {
    this.#backend.stop();
  }

  /** DISCARD ALL costs 14 µs here [seen] and runs when the answer has gone out, so it is never skipped. */
  release(): void {
    const { state } = this;
    if (state === "open" || state === "failed") this.#backend.reset([ROLLBACK, DISCARD_ALL]);
    else if (state === "idle") this.#backend.reset([DISCARD_ALL]);
    this.#pass();
  }
}

interface Asked {
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
  /** The worker is at it. */
  sent: boolean;
}

/**
 * Of the server: as Aurora has them where PGlite differs. It commits durably as far as the operating system goes
 * (synchronous_commit and full_page_writes are on): a killed process loses nothing, a power cut may.
 */
const SERVER_PARAMETERS = [
  'search_path="$user", public',
  "allow_system_table_mods=off",
  "DateStyle=ISO",
  "TimeZone=UTC",
];

/** Deep enough for PostgreSQL to notice an endless recursion (max_stack_depth) before the thread's own stack is full. */
const STACK_MB = 32;

/** The worker thread, one request at a time, started again where a statement had to be stopped. */
class Backend {
  readonly #dataDir: string | undefined;
  readonly #modules: CompiledModules;
  #worker: Worker | undefined;
  #starting: Promise<void> = Promise.resolve();
  #asked: Asked | undefined;
  /** Told when a statement whose caller is gone has ended. */
  #orphanEnded: (() => void) | undefined;
  #dead: DataApiError | undefined;
  #closing = false;
  #closed: (() => void) | undefined;
  /** Rises each time sessions are lost. */
  life = 0;

  constructor(dataDir: string | undefined, modules: CompiledModules) {
    this.#dataDir = dataDir;
    this.#modules = modules;
  }

  start(loadFrom?: Blob): Promise<void> {
    const parameters = SERVER_PARAMETERS.flatMap((parameter) => ["-c", parameter]);
    const modules = this.#modules;
    const workerData: WorkerStart = { dataDir: this.#dataDir, loadFrom, parameters, modules };
    const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
      workerData,
      execArgv: [],
      resourceLimits: { stackSizeMb: STACK_MB },
    });
    this.#worker = worker;
    this.#starting = new Promise((resolve, reject) => {
      let ready = false;
      const fail = (reason: string) => {
        reject(new Error(reason));
        if (ready && this.#worker === worker)
          this.#lose(new DataApiError("InternalServerErrorException", reason));
      };
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "ready") {
          ready = true;
          resolve();
        } else if (message.kind === "answer") this.#answer(message.bytes);
        else if (message.kind === "closed") this.#closed?.();
        else fail(message.message);
      });
      worker.on("error", (error) => fail(error.message));
      worker.on("exit", (code) => {
        this.#closed?.();
        fail(`The database's thread ended with code ${code}.`);
      });
    });
    return this.#starting;
  }

  ask(message: ToWorker): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { resolve, reject, sent: false };
      this.#asked = asked;
      this.#starting.then(() => {
        if (this.#asked !== asked) return;
        if (this.#dead) return reject(this.#dead);
        if (!this.#worker)
          return reject(new DataApiError("ServiceUnavailableError", "The server is closing."));
        asked.sent = true;
        this.#post(message);
      }, reject);
    });
  }

  reset(statements: Uint8Array<ArrayBuffer>[]): void {
    this.#post({ kind: "reset", statements });
  }

  /** Ends the worker, and with it the statement. */
  stop(): void {
    this.#lose(
      new DatabaseError({
        severity: "ERROR",
        code: "57014",
        message: "canceling statement due to statement timeout",
      }),
    );
  }

  /**
   * Loses the session. With a data directory the worker is replaced, which is a real recovery after a crash; in memory
   * it must stay, so its statement goes on for nobody and is followed by a rollback.
   */
  async failover(error: DataApiError): Promise<void> {
    if (this.#dead) return;
    if (this.#dataDir !== undefined) this.#lose(error);
    else this.#orphan(error);
    await this.#starting;
  }

  #orphan(error: DataApiError): void {
    this.life++;
    const asked = this.#asked;
    this.#asked = undefined;
    const ended = asked?.sent
      ? new Promise<void>((resolve) => {
          this.#orphanEnded = resolve;
        })
      : Promise.resolve();
    this.#starting = Promise.all([this.#starting, ended]).then(() => this.reset([ROLLBACK, DISCARD_ALL]));
    asked?.reject(error);
  }

  /**
   * Replaces the worker. What was committed lies in the data directory, and recovery finds it; a database in memory
   * is gone, and says so from then on.
   */
  #lose(error: Error): void {
    this.life++;
    const asked = this.#asked;
    this.#asked = undefined;
    // Two workers on one directory would destroy it: the one before must have ended, and there may be a successor already.
    const replaced = this.#worker === undefined;
    const ended = this.end();
    if (replaced) {
      // What waits for the successor has been told, and nothing else is to be done.
    } else if (this.#dataDir === undefined) {
      this.#dead = new DataApiError(
        "DatabaseUnavailableException",
        "A statement had to be stopped or failed badly, and the database in memory ended with it. Start the server again, or give it a data directory.",
      );
    } else {
      this.#starting = ended.then(() => {
        if (this.#closing) throw new DataApiError("ServiceUnavailableError", "The server is closing.");
        return this.start();
      });
      this.#starting.catch(() => {}); // told to whoever asks next
    }
    asked?.reject(error);
  }

  /** Shuts the database down; a statement that still runs is not waited for. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#orphanEnded) await this.#starting.catch(() => {});
    if (!this.#worker) return;
    if (this.#asked || this.#orphanEnded) {
      await this.end();
      this.#orphanEnded?.();
      return;
    }
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#post({ kind: "close" });
    });
    await this.end();
  }

  /** Ends the thread as it is. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message, message.kind === "run" ? [message.bytes.buffer] : []);
  }

  #answer(bytes: Uint8Array): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.resolve(bytes);
    this.#orphanEnded?.();
    this.#orphanEnded = undefined;
  }
}
