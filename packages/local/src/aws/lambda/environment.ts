// One execution environment of a Lambda function, in a worker thread: it loads the code once and handles one event at a
// time. It ends when it runs out of time, crashes, or its code is replaced. Its standard output is the log.
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { type FunctionError, type Outcome, toFunctionError } from "./handler.ts";
import type { RuntimeCommand, RuntimeData, RuntimeMessage } from "./runtime.ts";

/** A function as it is configured. */
export interface FunctionSettings {
  name: string;
  /** Name of the export that is called. */
  handler: string;
  /** The only variables that its code sees. */
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
  /** Called with each line that the code writes. */
  onLine(line: string): void;
}

/** How long an environment may take at its end to pass on what it has written. */
const FLUSH_MILLISECONDS = 500;

export class Environment {
  readonly module: URL;
  readonly #settings: FunctionSettings;
  readonly #worker: Worker;
  readonly #loaded = Promise.withResolvers<{ ready: true } | { error: FunctionError }>();
  #answer = Promise.withResolvers<Outcome>();
  #broken: FunctionError | undefined;

  constructor(module: URL, settings: FunctionSettings) {
    this.module = module;
    this.#settings = settings;
    const workerData: RuntimeData = {
      module: module.href,
      handler: settings.handler,
      functionName: settings.name,
      memoryMegabytes: settings.memoryMegabytes,
    };
    this.#worker = new Worker(new URL("./runtime.ts", import.meta.url), {
      // A debugger lists it by this name.
      name: settings.name,
      env: settings.environment,
      execArgv: ["--enable-source-maps"],
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMegabytes },
      stdout: true,
      stderr: true,
      workerData,
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      createInterface({ input: stream }).on("line", settings.onLine);
    }
    this.#worker.on("message", (message: RuntimeMessage) => {
      if ("ready" in message) this.#loaded.resolve(message);
      else this.#answer.resolve(message);
    });
    this.#worker.on("error", (thrown) => this.#break(toFunctionError(thrown)));
    this.#worker.on("exit", (code) =>
      this.#break(failure("Runtime.ExitError", `Runtime exited with code ${code}`)),
    );
  }

  /** Whether it can take another event. */
  get usable(): boolean {
    return this.#broken === undefined;
  }

  /** Handles one event. The caller sends the next one only when this has ended. */
  async invoke(requestId: string, event: string): Promise<Outcome> {
    const { timeoutSeconds } = this.#settings;
    const deadline = Date.now() + timeoutSeconds * 1000;
    const timer = setTimeout(() => {
      this.#break(failure("Sandbox.Timedout", `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`));
      void this.#worker.terminate();
    }, timeoutSeconds * 1000);
    try {
      const loaded = await this.#loaded.promise;
      if (this.#broken) return { error: this.#broken };
      if ("error" in loaded) return loaded;
      this.#answer = Promise.withResolvers<Outcome>();
      const message: RuntimeCommand = { requestId, event, deadline };
      this.#worker.postMessage(message);
      return await this.#answer.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the thread, even if it is still busy. */
  async end(): Promise<void> {
    if (!this.usable) return;
    // `events.once` would reject with what the code throws while it ends, which this caller can't do anything about.
    const exit = new Promise((resolve) => this.#worker.once("exit", resolve));
    const message: RuntimeCommand = { end: true };
    this.#worker.postMessage(message);
    const timer = setTimeout(() => this.#worker.terminate(), FLUSH_MILLISECONDS);
    await exit;
    clearTimeout(timer);
  }

  #break(error: FunctionError) {
    this.#broken ??= error;
    this.#loaded.resolve({ error: this.#broken });
    this.#answer.resolve({ error: this.#broken });
  }
}

function failure(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage, trace: [] };
}
