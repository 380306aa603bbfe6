// PGlite as an engine: one worker thread with one backend, which is lent to one session at a time. Whoever comes
// meanwhile waits in line, and not for ever: a transaction whose owner went away ends by its own expiry.
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { DataApiError, DatabaseError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { claimDataDirectory, DataDirectoryError } from "./data-directory.ts";
import type { BoundValue, Engine, Session, SessionState, StatementResult } from "./engine.ts";
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
  readonly #waiting: (() => void)[] = [];
  #held = false;

  constructor(backend: Backend, clock: Clock, closed: () => Promise<void>) {
    this.#backend = backend;
    this.#clock = clock;
    this.#closed = closed;
  }

  async session(): Promise<Session> {
    await this.#hold();
    return new PGliteSession(this.#backend, () => this.#pass());
  }

  async dump(): Promise<Uint8Array> {
    await this.#hold();
    try {
      return await this.#backend.ask({ kind: "dump" });
    } finally {
      this.#pass();
    }
  }

  async close(): Promise<void> {
    await this.#backend.close();
    await this.#closed();
  }

  #hold(): Promise<void> {
    if (!this.#held) {
      this.#held = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        timer.cancel();
        resolve();
      };
      const timer = this.#clock.after(LIMITS.callMs, () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(
          new DataApiError(
            "DatabaseErrorException",
            "FATAL: the one connection of the embedded database is held by a transaction; SQLState: 53300",
          ),
        );
      });
      this.#waiting.push(enter);
    });
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#held = false;
  }
}

const ROLLBACK = encodeStatement("rollback", []);
const DISCARD_ALL = encodeStatement("discard all", []);

class PGliteSession implements Session {
  readonly #backend: Backend;
  readonly #pass: () => void;
  /** Which life of the worker this session belongs to. */
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
  #dead: DataApiError | undefined;
  #closing = false;
  #closed: (() => void) | undefined;
  /** Rises each time a worker is stopped. */
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

  async ask(message: ToWorker): Promise<Uint8Array> {
    await this.#starting;
    if (this.#dead) throw this.#dead;
    if (!this.#worker) throw new DataApiError("ServiceUnavailableError", "The server is closing.");
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#post(message);
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
   * Replaces the worker. What was committed lies in the data directory, and recovery finds it; a database in memory
   * is gone, and says so from then on.
   */
  #lose(error: Error): void {
    this.life++;
    const asked = this.#asked;
    this.#asked = undefined;
    const ended = this.end();
    if (this.#dataDir === undefined) {
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
    await this.#starting.catch(() => {});
    if (!this.#worker) return;
    if (this.#asked) return this.end();
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
  }
}
