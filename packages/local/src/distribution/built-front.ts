// The site's address under `npm start`: the distribution, with the web app as it is built for AWS.
import type { Exchange } from "../aws/loopback.ts";
import { builtWeb } from "../build.ts";
import { type Backend, type Front, takePort } from "../front.ts";
import { type Distribution, startDistribution } from "./distribution.ts";
import { WebFiles } from "./web-files.ts";

export class BuiltFront implements Front {
  readonly #ending: AbortSignal;
  readonly #fault: Exchange["fault"];
  #distribution: Distribution | undefined;
  #prepared: { web: WebFiles; originSecret: string } | undefined;

  /**
   * @param ending ends a build that is under way
   * @param fault called with an error of this program itself
   */
  constructor(ending: AbortSignal, fault: Exchange["fault"]) {
    this.#ending = ending;
    this.#fault = fault;
  }

  async take(port: number): Promise<void> {
    this.#distribution = await takePort(port, () => startDistribution(port, this.#fault));
  }

  async prepare(originSecret: string): Promise<void> {
    this.#prepared = { web: new WebFiles(await builtWeb(this.#ending)), originSecret };
  }

  open(backend: Backend): string {
    if (!this.#distribution || !this.#prepared) throw new Error("The front is opened before it is prepared.");
    this.#distribution.open({ ...backend, ...this.#prepared });
    return `http://localhost:${this.#distribution.port}`;
  }

  async close(): Promise<void> {
    await this.#distribution?.close();
  }
}
