// The quick checks, which `npm run check` runs and `npm test` begins with. Each is one tool and one line.
import { existsSync, globSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import { type Outcome, type RunOptions, run } from "./run.ts";

export interface Check {
  /** As the line names it. */
  name: string;
  run(): Promise<Outcome>;
}

/** Passes where the tool exits with 0 and `proof` (which says that it did look at something) is in its output. */
async function proven(
  proof: RegExp,
  said: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const outcome = await run(command, args, options);
  if (outcome.code !== 0 || proof.test(outcome.output)) return outcome;
  return { code: 1, output: `${outcome.output}${said}\n` };
}

/** What may import what is in .dependency-cruiser.json. Under a TypeScript that it doesn't know, the tool sees no module and passes. */
function importDirection() {
  const places = ["packages", "stacks", "vitest.config.ts", "sst.config.ts"].filter((place) =>
    existsSync(join(ROOT, place)),
  );
  return proven(
    /[1-9]\d* modules, [1-9]\d* dependencies cruised/,
    "It looked at no module.",
    "depcruise",
    places,
  );
}

function migrations() {
  const files = globSync("packages/core/migrations/**/*.sql", { cwd: ROOT }).sort();
  if (files.length === 0) {
    return Promise.resolve({ code: 1, output: "There is no migration in packages/core/migrations.\n" });
  }
  return run("squawk", files);
}

/** Lets drizzle-kit write the migration that is missing into a copy, and expects none. */
export async function tables(core = join(ROOT, "packages/core")): Promise<Outcome> {
  const copy = await mkdtemp(join(tmpdir(), "notejam-migrations-"));
  try {
    await cp(join(core, "migrations"), copy, { recursive: true });
    return await proven(
      /No schema changes/,
      "The tables are not what the migrations make. Write the missing one: npm run migrations -- --name <what>",
      "drizzle-kit",
      ["generate", "--dialect", "postgresql", "--schema", "./src/*/*.sql.ts", "--out", copy],
      { cwd: core },
    );
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** In the order of the lines; the longest first, since two run at a time. */
export const QUICK_CHECKS: readonly Check[] = [
  { name: "types", run: () => run("tsc", ["-p", "."]) },
  {
    name: "lock file",
    run: () => run("npm", ["ci", "--dry-run", "--no-audit", "--no-fund", "--ignore-scripts"]),
  },
  { name: "dead code", run: () => run("knip", ["--no-progress"]) },
  { name: "import direction", run: importDirection },
  {
    name: "formatting and lint",
    run: () => run("biome", ["ci", "--error-on-warnings", "--colors=off", "."]),
  },
  { name: "migrations", run: migrations },
  { name: "tables", run: () => tables() },
];

/** Checks that run at the same time: one a core of the machine that this was measured on. */
const AT_ONCE = 2;

/**
 * Runs the checks and prints a line for each as it ends, with all that it said where it failed.
 * @returns how many passed and how many failed
 */
export async function runChecks(checks: readonly Check[], print: (text: string) => void) {
  const counts = { passed: 0, failed: 0 };
  const waiting = [...checks];
  async function work() {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const started = performance.now();
      const { code, output } = await check
        .run()
        .catch((error: Error) => ({ code: 1, output: `${error.stack}\n` }));
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (code === 0) counts.passed++;
      else counts.failed++;
      print(`${code === 0 ? "✓" : "✗"} ${check.name.padEnd(24)} ${seconds.padStart(6)} s\n`);
      if (code !== 0) print(`${output.trimEnd()}\n\n`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return counts;
}
