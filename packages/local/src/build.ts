// Builds the functions and the web app if their sources have changed. A build's folder is named after the hash of what it
// was made from, and is put there complete, so two processes that start at once don't disturb each other.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildFunctions } from "@notejam/functions/build";
import { FUNCTIONS, type FunctionName } from "@notejam/functions/functions";
import { ROOT, VITE } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

export const BUILDS = join(ROOT, ".build");
/** A process that started before the sources changed still uses an older build, so some are kept. */
const BUILDS_KEPT = 10;

/** The files that a build is made from. */
const SOURCES = {
  functions: ["packages/core/{src,migrations}/**", "packages/functions/src/**"],
  web: [
    "packages/client/src/**",
    "packages/core/src/**",
    "packages/functions/src/**",
    "packages/web/{src,public}/**",
    "packages/web/*",
  ],
};

export type FunctionModules = Record<FunctionName, URL>;

/**
 * @returns where the handlers' modules are
 * @throws StartFailure with the errors in the sources
 */
export async function builtFunctions(): Promise<FunctionModules> {
  const folder = await built("functions", async (outDir) => {
    await buildFunctions({ outDir }).catch(refuseFunctions);
  });
  return modulesIn(folder);
}

/** @param error esbuild's; its message names files and lines */
export function refuseFunctions(error: Error): never {
  throw new StartFailure(`The functions do not build. ${error.message}`);
}

/**
 * @param signal ends Vite
 * @returns the folder of the built web app
 * @throws StartFailure
 */
export function builtWeb(signal: AbortSignal): Promise<string> {
  return built("web", (outDir) =>
    runVite(["build", "packages/web", "--outDir", outDir, "--logLevel", "warn"], signal),
  );
}

/** The modules of the functions that were built into `folder`. */
export function modulesIn(folder: string): FunctionModules {
  const modules = Object.entries(FUNCTIONS).map(([name, { entry }]) => [
    name,
    pathToFileURL(join(folder, `${entry}.mjs`)),
  ]);
  return Object.fromEntries(modules) as FunctionModules;
}

async function built(what: keyof typeof SOURCES, build: (outDir: string) => Promise<void>): Promise<string> {
  const folder = join(BUILDS, `${what}-${hashOf(SOURCES[what])}`);
  if (!existsSync(folder)) {
    const making = `${folder}.${process.pid}`;
    try {
      mkdirSync(making, { recursive: true });
    } catch (error) {
      throw new StartFailure(`Notejam can't be built into ${BUILDS}: ${(error as Error).message}.`);
    }
    try {
      await build(making);
      renameSync(making, folder);
    } catch (error) {
      rmSync(making, { recursive: true, force: true });
      // Another process may have made the same build meanwhile.
      if (!existsSync(folder)) throw error;
    }
  }
  keepNewest(what, folder);
  return folder;
}

function hashOf(patterns: string[]): string {
  const hash = createHash("sha256");
  const files = globSync([...patterns, "package-lock.json"], { cwd: ROOT, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    if (/\.test\.tsx?$/.test(path)) continue;
    hash.update(path.slice(ROOT.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** Removes the builds that were not used for longest. Another user's builds are left to that user. */
function keepNewest(what: string, used: string) {
  try {
    const now = new Date();
    utimesSync(used, now, now);
    removeOld(what);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EPERM" && code !== "EACCES") throw error;
  }
}

function removeOld(what: string) {
  const builds = readdirSync(BUILDS)
    .filter((name) => name.startsWith(`${what}-`))
    .map((name) => ({ name, usedAt: statSync(join(BUILDS, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.usedAt - a.usedAt);
  for (const { name } of builds.slice(BUILDS_KEPT))
    rmSync(join(BUILDS, name), { recursive: true, force: true });
}

/** @throws StartFailure if it fails, after Vite's output */
async function runVite(args: string[], signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [VITE, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return;
  process.stderr.write(output);
  throw new StartFailure("The web app does not build: Vite's message is above.");
}
