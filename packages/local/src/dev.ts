// `npm run dev`: Notejam from its sources. Vite serves the web app and updates the open page; the functions are built again
// when their sources change, and the next request runs the new code.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildFunctions } from "@notejam/functions/build";
import { BUILDS, type FunctionModules, modulesIn, refuseFunctions } from "./build.ts";
import { runService } from "./command.ts";
import { ViteFront } from "./distribution/vite.ts";
import type { Service } from "./service.ts";
import { StartFailure } from "./start-failure.ts";

class WatchedFunctions {
  readonly #service: Service;
  readonly #outDir = join(BUILDS, `dev-${process.pid}`);
  #built: ReturnType<typeof buildFunctions> | undefined;

  constructor(service: Service) {
    this.#service = service;
  }

  async build(): Promise<FunctionModules> {
    this.#built = buildFunctions({ outDir: this.#outDir, onRebuild: (errors) => this.#rebuilt(errors) });
    await this.#built.catch(refuseFunctions);
    return modulesIn(this.#outDir);
  }

  async close(): Promise<void> {
    const built = await this.#built?.catch(() => undefined);
    await built?.stop();
    rmSync(this.#outDir, { recursive: true, force: true });
  }

  async #rebuilt(errors: string[]) {
    for (const error of errors) process.stderr.write(`${error}\n`);
    if (errors.length > 0) return;
    try {
      await this.#service.reload(modulesIn(this.#outDir));
      process.stdout.write("The functions have been built again.\n");
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      process.stderr.write(`${error.message}\n`);
    }
  }
}

await runService({
  name: "npm run dev --",
  summary:
    "Serves Notejam on http://localhost:3000 from its sources: a change shows at once. Ctrl-C stops it.",
  sources({ service, fault }) {
    const functions = new WatchedFunctions(service);
    return {
      functions: () => functions.build(),
      front: new ViteFront(fault),
      close: () => functions.close(),
    };
  },
});
