// PGlite's worker thread as one backend. It is asked one thing at a time, and started again if a statement had to be stopped.
import { MessageChannel, Worker } from "node:worker_threads";
import { DataApiError } from "../errors.ts";
import { Channel, type ChannelEnd } from "./channel.ts";
import { type BoundValue, closing, timedOut } from "./engine.ts";
import type { ExtensionFile } from "./extensions.ts";
import { readPGliteFile } from "./pglite-files.ts";
import type { Backend } from "./session.ts";
import { type Answer, decodeAnswer, encodeQueries, encodeStatement } from "./wire.ts";

/** What the worker is started with. */
export interface WorkerStart {
  /** Absent: in memory. */
  dataDir: string | undefined;
  loadFrom: Blob | undefined;
  /** Command-line parameters of the server. */
  parameters: string[];
  modules: CompiledModules;
  extensions: ExtensionFile[];
  channel: ChannelEnd;
}

interface CompiledModules {
  pgliteWasmModule: WebAssembly.Module;
  initdbWasmModule: WebAssembly.Module;
}

let compiled: Promise<CompiledModules> | undefined;

/** Once a process: left to itself, PGlite compiles its 9 MB once for initdb and again for the server, in each worker. */
export function compileModules(): Promise<CompiledModules> {
  compiled ??= (async () => {
    const compile = async (file: string) => WebAssembly.compile(await readPGliteFile(file));
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
  | { kind: "reset"; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "dump" }
  | { kind: "close" };

export type FromWorker =
  | { kind: "ready" }
  | { kind: "answer"; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "broken"; message: string }
  | { kind: "closed" };

interface Asked {
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
  /** The worker has it. */
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

/**
 * Gives a session its initial state. PGlite's owner is named, since its backend knows no user to go back to, as a DISCARD
 * ALL does elsewhere [seen].
 */
const RESET = ["set session authorization postgres", "discard all"];

/** Deep enough for PostgreSQL to notice an endless recursion (max_stack_depth) before the thread's own stack is full. */
const STACK_MB = 32;

/**
 * How long this thread waits for an answer without its event loop. Most statements take less, and nothing else could run
 * on the one backend meanwhile; a longer one is awaited in the event loop.
 */
const BLOCKING_MS = 1;

export class PGliteBackend implements Backend {
  readonly #dataDir: string | undefined;
  readonly #modules: CompiledModules;
  readonly #extensions: ExtensionFile[];
  #worker: Worker | undefined;
  #channel: Channel<ToWorker, FromWorker> | undefined;
  #hear: (message: FromWorker) => void = () => {};
  /** Settles when the worker can be asked, or won't ever. */
  #starting: Promise<void> = Promise.resolve();
  #ready = false;
  #asked: Asked | undefined;
  /** Settles when a statement has ended whose caller has been answered that it is lost. */
  #orphan: PromiseWithResolvers<void> | undefined;
  /** What is to run before the next statement. */
  #resets: string[] = [];
  #dead: DataApiError | undefined;
  #closing = false;
  #closed: (() => void) | undefined;
  /** Called when what a session did and holds is gone. */
  onLost: () => void = () => {};

  constructor(dataDir: string | undefined, modules: CompiledModules, extensions: ExtensionFile[]) {
    this.#dataDir = dataDir;
    this.#modules = modules;
    this.#extensions = extensions;
  }

  /** @throws Error if the database does not start */
  start(loadFrom?: Blob): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const counts = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const workerData: WorkerStart = {
      dataDir: this.#dataDir,
      loadFrom,
      parameters: SERVER_PARAMETERS.flatMap((parameter) => ["-c", parameter]),
      modules: this.#modules,
      extensions: this.#extensions,
      channel: { port: port2, counts, own: 1 },
    };
    const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
      workerData,
      transferList: [port2],
      execArgv: [],
      resourceLimits: { stackSizeMb: STACK_MB },
    });
    this.#worker = worker;
    this.#channel = new Channel({ port: port1, counts, own: 0 });
    this.#starting = new Promise((resolve, reject) => {
      let started = false;
      const fail = (reason: string) => {
        if (!started) reject(new Error(reason));
        else if (this.#worker === worker) {
          this.#lose(new DataApiError("InternalServerErrorException", reason));
        }
      };
      this.#hear = (message) => {
        if (message.kind === "broken") fail(message.message);
        else if (this.#worker !== worker) return;
        else if (message.kind === "answer") this.#answered(message.bytes);
        else if (message.kind === "closed") this.#closed?.();
        else {
          started = true;
          this.#ready = true;
          resolve();
        }
      };
      port1.on("message", this.#hear);
      worker.on("error", (error) => fail(error.message));
      worker.on("exit", (code) => {
        this.#closed?.();
        fail(`The database's thread ended with code ${code}.`);
      });
    });
    return this.#starting;
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<Answer> {
    return decodeAnswer(await this.#ask({ kind: "run", bytes: encodeStatement(sql, values) }));
  }

  dump(): Promise<Uint8Array> {
    return this.#ask({ kind: "dump" });
  }

  /** Gives the backend its initial state, after the answer has left: so nobody waits for it [seen: 10 µs]. */
  reset(inTransaction: boolean): void {
    this.#resets.push(...(inTransaction ? ["rollback"] : []), ...RESET);
    setImmediate(() => this.#reset());
  }

  /** Ends the worker, and with it the statement; does nothing between two statements of a batch. */
  cancel(): void {
    if (this.#asked) this.#lose(timedOut());
  }

  /**
   * Takes the backend from its session, and fails what runs with `error`. With a data directory the worker is
   * replaced, which makes it a real recovery after a crash; in memory it must stay, so its statement runs on without a caller.
   * @throws Error if the database does not come back
   */
  async failover(error: DataApiError): Promise<void> {
    if (this.#dead) return;
    if (this.#dataDir === undefined) this.#abandon(error);
    else this.#lose(error);
    await this.#starting;
  }

  /** Shuts the database down; a statement that still runs is not waited for, and fails. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#orphan) await this.#starting.catch(() => {});
    if (this.#worker && !this.#asked && !this.#orphan) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
        this.#reset();
        this.#channel?.send({ kind: "close" });
      });
    }
    await this.end();
    this.#refuse(closing());
  }

  /** Ends the thread as it is. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    this.#resets = [];
    await worker?.terminate();
    this.#orphan?.resolve();
  }

  #ask(message: ToWorker): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { resolve, reject, sent: false };
      this.#asked = asked;
      const send = () => {
        if (this.#asked !== asked) return; // it was refused meanwhile
        if (this.#worker) this.#send(asked, message);
        else this.#refuse(this.#dead ?? closing());
      };
      if (this.#ready) send();
      else this.#starting.then(send, (error) => this.#asked === asked && this.#refuse(error));
    });
  }

  #send(asked: Asked, message: ToWorker): void {
    this.#reset();
    asked.sent = true;
    this.#channel?.send(message);
    const answer = this.#channel?.receive(BLOCKING_MS);
    if (answer) this.#hear(answer);
  }

  #reset(): void {
    const queries = this.#resets;
    if (queries.length === 0) return;
    this.#resets = [];
    this.#channel?.send({ kind: "reset", bytes: encodeQueries(queries) });
  }

  #answered(bytes: Uint8Array): void {
    const asked = this.#asked;
    if (this.#orphan) this.#orphan.resolve();
    else this.#asked = undefined;
    if (asked?.sent) asked.resolve(bytes);
  }

  #refuse(error: Error): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.reject(error);
  }

  #abandon(error: DataApiError): void {
    this.onLost();
    if (this.#asked?.sent) this.#orphan = Promise.withResolvers();
    this.#ready = false;
    this.#starting = Promise.all([this.#starting, this.#orphan?.promise]).then(() => {
      this.#orphan = undefined;
      if (!this.#worker) throw closing();
      this.reset(true);
      this.#ready = true;
    });
    this.#starting.catch(() => {}); // the next call reports it
    this.#refuse(error);
  }

  /**
   * Replaces the worker. What was committed is in the data directory, and recovery finds it; a database in memory
   * is gone, and says so from then on.
   */
  #lose(error: Error): void {
    this.onLost();
    // Two workers on one directory would destroy it, so a worker that is being replaced is not replaced again.
    if (this.#worker) this.#replace();
    this.#refuse(error);
  }

  #replace(): void {
    const ended = this.end();
    if (this.#dataDir === undefined) {
      this.#dead = new DataApiError(
        "DatabaseUnavailableException",
        "A statement had to be stopped or failed badly, and the database in memory ended with it. Start the server again, or give it a data directory.",
      );
      this.#starting = Promise.resolve();
      return;
    }
    this.#starting = ended.then(() => {
      if (this.#closing) throw closing();
      return this.start();
    });
    this.#starting.catch(() => {}); // the next call reports it
  }
}
