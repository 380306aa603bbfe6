// A Lambda function in worker threads: as many execution environments as there are events at the same time, up to a
// limit. An environment handles one event at a time, as on AWS, so that code which depends on that behaves the same here.
import { randomUUID } from "node:crypto";
import { Environment, type FunctionSettings } from "./environment.ts";
import { type FunctionError, type LambdaFunction, limited, type Outcome } from "./handler.ts";

/** Environments of one function. Further events wait for one; on AWS they would be throttled at a thousand. */
export const ENVIRONMENTS_MAX = 4;

/** The outcome of an event that was dropped. */
const DROPPED: FunctionError = {
  errorType: "Dropped",
  errorMessage: "Its caller went away before an environment was free for the event.",
  trace: [],
};

export class WorkerFunction implements LambdaFunction {
  readonly #settings: FunctionSettings;
  #module: URL;
  #closed = false;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  /** Called in their order, each with an environment that is free for it. */
  readonly #waiting = new Set<(environment: Environment) => void>();

  /** @param module where its code is: an ES module */
  constructor(module: URL, settings: FunctionSettings) {
    this.#module = module;
    this.#settings = settings;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** Starts an environment before there is an event for it. */
  warmUp(): void {
    this.#release(this.#start());
  }

  /** From now on events go to the code that is at `module` now; those under way end with the code that they began with. */
  load(module: URL): void {
    // A new object even if the URL is the same: an environment is current if it has this object.
    this.#module = new URL(module);
    for (const environment of this.#idle.splice(0)) this.#end(environment);
  }

  async invoke(event: string, gone?: AbortSignal): Promise<Outcome> {
    const environment = await this.#acquire(gone);
    if (!environment) return { error: DROPPED };
    try {
      return limited(await environment.invoke(randomUUID(), event));
    } finally {
      this.#release(environment);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments].map((environment) => environment.end()));
  }

  #start(): Environment {
    const environment = new Environment(this.#module, this.#settings);
    this.#environments.add(environment);
    return environment;
  }

  #end(environment: Environment) {
    this.#environments.delete(environment);
    void environment.end();
  }

  /** @returns undefined if the caller goes away before one is free */
  async #acquire(gone: AbortSignal | undefined): Promise<Environment | undefined> {
    if (gone?.aborted) return undefined;
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.usable) return idle;
      this.#end(idle);
    }
    if (this.#environments.size < ENVIRONMENTS_MAX) return this.#start();
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.delete(take);
        resolve(undefined);
      };
      const take = (environment: Environment) => {
        gone?.removeEventListener("abort", leave);
        resolve(environment);
      };
      this.#waiting.add(take);
      gone?.addEventListener("abort", leave);
    });
  }

  #release(environment: Environment) {
    if (this.#closed) return;
    const current = environment.usable && environment.module === this.#module;
    if (!current) this.#end(environment);
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next(current ? environment : this.#start());
    } else if (current) this.#idle.push(environment);
  }
}
