// Keeps results of tests' slow steps in node_modules/.cache, by the hash of the sources that they are made of. Workers that want the
// same at once wait for the one that makes it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "sst/error.js";
import { takeLock } from "../runner/lock.ts";
import { ROOT } from "./command.ts";

const CACHE = join(ROOT, "node_modules/.cache/notejam-stacks");

/** What a template is made of, but for packages, which the lock file stands for. */
const SOURCES = [
  "sst.config.ts",
  "package-lock.json",
  "tsconfig.json",
  "stacks",
  "packages/client",
  "packages/core",
  "packages/functions",
  "packages/web",
  ":(exclude)*.test.ts",
  ":(exclude)*.test.tsx",
  ":(exclude)*.md",
];

const LOOK_EVERY_MS = 50;
const DAY_MS = 24 * 60 * 60 * 1000;

let folder: string | undefined;

/** @returns what was made for this key from the same sources before, otherwise what `make` makes now; it must survive JSON */
export async function kept<Result>(key: string, make: () => Promise<Result>): Promise<Result> {
  folder ??= openFolder();
  const file = join(folder, createHash("sha256").update(key).digest("hex"));
  const release = await lock(`${file}.lock`);
  try {
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    const result = await make();
    // Whole or not at all.
    writeFileSync(`${file}.new`, JSON.stringify(result));
    renameSync(`${file}.new`, file);
    return result;
  } finally {
    release();
  }
}

async function lock(file: string): Promise<() => void> {
  for (;;) {
    try {
      return takeLock(file, () => "Another worker makes it.");
    } catch (error) {
      if (!(error instanceof VisibleError)) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** The folder of today's sources. Those of other days are removed. */
function openFolder(): string {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...SOURCES];
  const files = execFileSync("git", list, { cwd: ROOT, encoding: "utf8" }).split("\0");
  const hash = createHash("sha256").update(process.version);
  for (const file of new Set(files)) {
    // A file that is removed and not committed is listed still.
    if (file !== "" && existsSync(join(ROOT, file)))
      hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const { mtimeMs } = statSync(join(CACHE, name), { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (mtimeMs < Date.now() - DAY_MS) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
  const made = join(CACHE, hash.digest("hex"));
  mkdirSync(made, { recursive: true });
  return made;
}
