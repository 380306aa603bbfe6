// `npm run dev:aws`: a personal stage on AWS, with the functions and the web app on this computer. It runs `sst dev`, and
// Vite in CloudFront's place as soon as the API's address is known.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "@notejam/command-line";
import { ENV } from "@notejam/core/config";
import { REGION, runCommand } from "../runner/command.ts";
import { refuseOnFixedStage, regionOf, stageOf } from "../stage/stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const LOOK_EVERY_MS = 1000;

await runCommand(
  command("npm run dev:aws --", "Deploys a stage of your own, and brings its requests to this computer.")
    .option("--stage <your name>", 'as in "ana"; production, staging, dev and pr-<number> are refused')
    .option(...REGION)
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", "\nAny other option is for sst dev.")
    .action(async ({ stage: name, region }) => {
      const stage = stageOf(name);
      refuseOnFixedStage(stage, "dev");
      regionOf(region);
      process.exitCode = await serve(stage.name, process.argv.slice(2));
    }),
);

/** @param args those of `sst dev` @returns its exit code */
async function serve(stage: string, args: string[]): Promise<number> {
  // The API believes a proxy that knows the secret, so both processes get it.
  const env = { ...process.env, [ENV.originSecret]: originSecret(stage) };
  const startedAt = Date.now();
  const sst = spawn(process.execPath, [join(ROOT, "node_modules/sst/cli/sst.js"), "dev", ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env,
  });
  // Ctrl-C reaches sst too. This process waits until it has ended.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => sst.kill(signal));

  let vite: ChildProcess | undefined;
  const looking = setInterval(() => {
    const origin = apiOrigin(stage, startedAt);
    if (!origin) return;
    clearInterval(looking);
    vite = spawn(join(ROOT, "node_modules/.bin/vite"), [], {
      cwd: join(ROOT, "packages/web"),
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...env, [ENV.viteApiOrigin]: origin },
    });
  }, LOOK_EVERY_MS);

  const [code] = (await once(sst, "exit")) as [number | null];
  clearInterval(looking);
  vite?.kill();
  return code ?? 1;
}

/** Made once for each stage: a new one would need a deployment. */
function originSecret(stage: string): string {
  const file = join(ROOT, ".sst", `origin-secret-${stage}`);
  if (!existsSync(file)) {
    mkdirSync(join(ROOT, ".sst"), { recursive: true });
    writeFileSync(file, randomBytes(32).toString("hex"), { mode: 0o600 });
  }
  return readFileSync(file, "utf8");
}

/** The address of the stage's API, from what `sst dev` writes when it has deployed; undefined until then. */
function apiOrigin(stage: string, since: number): string | undefined {
  const file = join(ROOT, ".sst", "outputs.json");
  if (!existsSync(file) || statSync(file).mtimeMs < since) return undefined;
  const written = readFileSync(file, "utf8");
  if (written === "") return undefined;
  const outputs = JSON.parse(written) as Record<string, { ApiOrigin?: string }>;
  return outputs[`${stage}-notejam-app`]?.ApiOrigin;
}
