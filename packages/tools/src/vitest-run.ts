// Runs Vitest in the terminal and returns its counts, for the last line of `npm test`. Faults outside tests are failures too:
// a run that crashed, ran nothing, or missed a whole project.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import { COUNTS_VARIABLE, type TestCounts } from "./count-reporter.ts";
import { run } from "./run.ts";

/**
 * @param filters parts of paths; without any, all tests of all projects run
 * @param env variables for the tests
 */
export async function runVitest(filters: readonly string[], env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "notejam-test-"));
  const file = join(folder, "counts.json");
  try {
    const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "count-reporter.ts")}`];
    const { code } = await run("vitest", ["run", ...reporters, ...filters], {
      // With CI set, Vitest prints colours even without a terminal.
      env: {
        // Hundreds of processes load the same modules: the workers, and the commands that tests run.
        NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/compiled"),
        ...env,
        ...(!process.stdout.isTTY && { NO_COLOR: "1" }),
        [COUNTS_VARIABLE]: file,
      },
      output: "inherit",
    });
    return judge(code, readCounts(file), filters.length === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns undefined if the run ended before it wrote them */
function readCounts(file: string): TestCounts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * @param code Vitest's exit code; null if a signal ended it
 * @param complete whether all projects should have run
 * @returns the counts, with a fault for each failure outside a test
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
  if (counts.passed + counts.failed + faults.length === 0) faults.push("No test was found.");
  if (code !== 0 && counts.failed + faults.length === 0) {
    faults.push(`Vitest ended with ${code === null ? "a signal" : `code ${code}`}.`);
  }
  return { ...counts, faults };
}
