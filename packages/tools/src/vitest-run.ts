// Runs Vitest in the terminal and says what came of it, for the last line of `npm test`. Whatever goes wrong outside a
// test is a failure too: a run that crashed, that ran nothing, or that missed a whole project.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COUNTS_VARIABLE, type TestCounts } from "./count-reporter.ts";
import { run } from "./run.ts";

/**
 * @param filters parts of paths; with none, all tests of all projects
 * @param env variables for the tests
 */
export async function runVitest(filters: readonly string[], env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "notejam-test-"));
  const file = join(folder, "counts.json");
  try {
    const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "count-reporter.ts")}`];
    const { code } = await run("vitest", ["run", ...reporters, ...filters], {
      // Where CI is set, Vitest colours what is no terminal too.
      env: { ...env, ...(!process.stdout.isTTY && { NO_COLOR: "1" }), [COUNTS_VARIABLE]: file },
      output: "inherit",
    });
    return judge(code, readCounts(file), filters.length === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns undefined where the run did not come to the point of writing them */
function readCounts(file: string): TestCounts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * @param code of Vitest; null where a signal ended it
 * @param complete whether all projects should have run
 * @returns the counts, with a fault for each failure that is no test
 */
export function judge(code: number | null, counts: TestCounts | undefined, complete: boolean): TestCounts {
  if (counts === undefined) {
    return {
      passed: 0,
      failed: 0,
      skipped: 0,
      untested: [],
      faults: ["The tests did not run to their end."],
    };
  }
  const faults = [...counts.faults];
  if (complete) faults.push(...counts.untested.map((project) => `The project ${project} has no tests.`));
  if (counts.passed + counts.failed + faults.length === 0) faults.push("There are no such tests.");
  if (code !== 0 && counts.failed + faults.length === 0) {
    faults.push(`Vitest ended with ${code === null ? "a signal" : `code ${code}`}.`);
  }
  return { ...counts, faults };
}
