// The quick checks, which `npm run check` runs and `npm test` runs first. Each runs one tool and prints one line.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readMigrations } from "@notejam/core/administration/migrate";
import { ROOT } from "@notejam/local/settings";
import { wrongContractions } from "./both-ways/contractions.ts";
import { declaredImports } from "./declared-imports.ts";
import { type Outcome, type RunOptions, run } from "./run.ts";

export interface Check {
  /** Its name in the printed line. */
  name: string;
  run(): Promise<Outcome>;
}

/** Passes if the tool exits with 0 and its output has `proof` that it checked something; else the output ends with `message`. */
async function proven(
  proof: RegExp,
  message: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const outcome = await run(command, args, options);
  if (outcome.code !== 0 || proof.test(outcome.output)) return outcome;
  return { code: 1, output: `${outcome.output}${message}\n` };
}

/** The rules are in .dependency-cruiser.json. With a TypeScript that it doesn't know, the tool sees no module and passes. */
function importDirection() {
  const places = ["packages", "stacks", "vitest.config.ts", "sst.config.ts"];
  return proven(
    /[1-9]\d* modules, [1-9]\d* dependencies cruised/,
    "It checked no module.",
    "depcruise",
    places,
  );
}

/** Squawk's rules hold for each migration, and one that takes something away says so. */
export async function migrations(folder = join(ROOT, "packages/core/migrations")): Promise<Outcome> {
  const all = readMigrations(pathToFileURL(`${folder}/`));
  if (all.length === 0) return { code: 1, output: `${folder} has no migration.\n` };
  const files = all.map(({ name }) => join(folder, name, "migration.sql"));
  const squawk = await run("squawk", files);
  const wrong = await wrongContractions(all);
  return {
    code: wrong.length > 0 ? 1 : squawk.code,
    output: [squawk.output, ...wrong.map((sentence) => `${sentence}\n`)].join(""),
  };
}

/** Lets drizzle-kit write missing migrations into a copy of the folder, and expects none. */
export async function tables(core = join(ROOT, "packages/core")): Promise<Outcome> {
  const copy = await mkdtemp(join(tmpdir(), "notejam-migrations-"));
  try {
    await cp(join(core, "migrations"), copy, { recursive: true });
    return await proven(
      /No schema changes/,
      "A migration is missing: the migrations don't make these tables. Run npm run migrations -- --name <what>",
      "drizzle-kit",
      ["generate", "--dialect", "postgresql", "--schema", "./src/*/*.sql.ts", "--out", copy],
      { cwd: core },
    );
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** TypeScript 7, which takes a quarter of the time. What reads modules by TypeScript's API needs 6. */
const TYPESCRIPT = join(ROOT, "node_modules/typescript-7/bin/tsc");

/** In the order in which they start. The longest are first, because two run at a time. */
export const QUICK_CHECKS: readonly Check[] = [
  { name: "types", run: () => run("node", [TYPESCRIPT, "-p", "."]) },
  {
    name: "lock file",
    run: () => run("npm", ["ci", "--dry-run", "--no-audit", "--no-fund", "--ignore-scripts"]),
  },
  { name: "dead code", run: () => run("knip", ["--no-progress"]) },
  { name: "import direction", run: importDirection },
  { name: "declared imports", run: () => declaredImports() },
  {
    name: "formatting and lint",
    run: () => run("biome", ["ci", "--error-on-warnings", "--colors=off", "."]),
  },
  { name: "migrations", run: () => migrations() },
  { name: "tables", run: () => tables() },
];

/** The number of checks that run at the same time, measured on two cores. */
const AT_ONCE = 2;

/**
 * Runs the checks and prints a line for each when it ends, and the output of those that fail.
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
