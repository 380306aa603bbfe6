// `npm run dev`: Notejam while it is worked on. Vite serves the web app and changes it in the open page; the functions are
// built again when their sources change, and the next request meets the new code.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildFunctions } from "@notejam/functions/build";
import { type FunctionModules, modulesIn } from "./build.ts";
import { startVite } from "./gateway/vite.ts";
import { runService } from "./run-service.ts";
import type { Service } from "./service.ts";
import { ROOT } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

/** Each function is built by itself, and a change often touches several: they are loaded together. */
const SETTLED_AFTER_MS = 100;

await runService({
  help: `Usage: npm run dev
       npm run dev -- --demo

Serves Notejam on http://localhost:3000 from its sources: a change shows at once. Flags and environment are those of
npm start.
`,
  sources: (service, ending) => ({
    functions: () => watchFunctions(service, ending),
    web: () => startVite(ending),
  }),
});

async function watchFunctions(service: Service, ending: AbortSignal): Promise<FunctionModules> {
  const outDir = join(ROOT, ".build", `dev-${process.pid}`);
  const modules = modulesIn(outDir);
  let settling: NodeJS.Timeout | undefined;
  const { stop } = await buildFunctions({
    outDir,
    onRebuild(errors) {
      clearTimeout(settling);
      for (const error of errors) process.stderr.write(`${error}\n`);
      if (errors.length === 0) settling = setTimeout(() => reload(service, modules), SETTLED_AFTER_MS);
    },
  });
  ending.addEventListener("abort", () => {
    clearTimeout(settling);
    void stop().then(() => rmSync(outDir, { recursive: true, force: true }));
  });
  return modules;
}

async function reload(service: Service, modules: FunctionModules) {
  try {
    await service.reload(modules);
    process.stdout.write("The API has been built again.\n");
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
  }
}
