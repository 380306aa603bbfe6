// PGlite as an engine: one worker thread with one backend, which is lent to one session at a time. Whoever comes
// meanwhile waits in line, and not for ever: a transaction whose owner went away ends by its own expiry.
import { Worker } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { DataApiError, DatabaseError } from "../errors.ts";
import type { BoundValue, Engine, Session, SessionState, StatementResult } from "./engine.ts";
import { decodeAnswer, encodeStatement } from "./wire.ts";

/** What the worker is started with. */
export interface WorkerStart {
  /** Absent: in memory. */
  dataDir: string | undefined;
  loadFrom: Blob | undefined;
  /** Command-line parameters of the server. */
  parameters: string[];
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

/** How long a call waits for the backend that another holds: as long as a call may take in all [doc]. */
const WAIT_MS = 45_000;

export interface PGliteOptions {
  dataDir: string | undefined;
  loadFrom: Blob | undefined;
  clock: Clock;
}

/** @throws Error where the database does not start. */
export async function startPGlite(options: PGliteOptions): Promise<Engine> {
  const backend = new Backend(options);
  await backend.start();
  return new PGliteEngine(backend, options.clock);
}

class PGliteEngine implements Engine {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #held = false;

  constructor(backend: Backend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
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

  close(): Promise<void> {
    return this.#backend.close();
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
      const timer = this.#clock.after(WAIT_MS, () => {
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

/** The worker thread, one request at a time, started again where a statement had to be stopped. */
class Backend {
  readonly #options: PGliteOptions;
  #worker: Worker | undefined;
  #starting: Promise<void> | undefined;
  #asked: Asked | undefined;
  #dead: DataApiError | undefined;
  #closed: (() => void) | undefined;
  /** Rises each time a worker is stopped. */
  life = 0;

  constructor(options: PGliteOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    const { dataDir, loadFrom } = this.#options;
    const workerData: WorkerStart = {
      dataDir,
      loadFrom: this.life === 0 ? loadFrom : undefined,
      parameters: [],
    };
    const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), { workerData, execArgv: [] });
    this.#worker = worker;
    this.#starting = new Promise((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "ready") resolve();
        else if (message.kind === "failed") reject(new Error(message.message));
        else if (message.kind === "answer") this.#settle()?.resolve(message.bytes);
        else if (message.kind === "closed") this.#closed?.();
        else this.#settle()?.reject(new DataApiError("InternalServerErrorException", message.message));
      });
      worker.on("error", (error) => {
        reject(error);
        this.#settle()?.reject(new DataApiError("InternalServerErrorException", error.message));
      });
    });
    return this.#starting;
  }

  async ask(message: ToWorker): Promise<Uint8Array> {
    if (this.#dead) throw this.#dead;
    await this.#starting;
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#post(message);
    });
  }

  reset(statements: Uint8Array<ArrayBuffer>[]): void {
    this.#post({ kind: "reset", statements });
  }

  /**
   * Ends the worker and with it the statement. What was committed lies in the data directory, and recovery finds it;
   * a database in memory is gone, and says so from then on.
   */
  stop(): void {
    const worker = this.#worker;
    this.life++;
    this.#settle()?.reject(
      new DatabaseError({
        severity: "ERROR",
        code: "57014",
        message: "canceling statement due to statement timeout",
      }),
    );
    const ended = worker?.terminate();
    if (this.#options.dataDir === undefined) {
      this.#dead = new DataApiError(
        "DatabaseUnavailableException",
        "A statement had to be stopped, and the database in memory ended with it. Start the server again, or give it a data directory.",
      );
      return;
    }
    this.#starting = Promise.resolve(ended).then(() => this.start());
    this.#starting.catch(() => {}); // told to whoever asks next
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker || this.#dead) return;
    await this.#starting;
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#post({ kind: "close" });
    });
    await worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message, message.kind === "run" ? [message.bytes.buffer] : []);
  }

  #settle(): Asked | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }
}
