// Runs Vitest and counts its tests, for the last line of `npm test`. Faults outside tests are failures too: files that don't load,
// errors that come later, and a run that found nothing or missed a whole project.
import { ROOT } from "@notejam/local/settings";

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** Failures outside tests, which Vitest has shown. */
  faults: string[];
}

/**
 * @param filters parts of paths; without any, all tests of all projects run
 * @param root the folder of the configuration
 */
export async function runVitest(filters: readonly string[], root = ROOT): Promise<TestCounts> {
  // With CI set, Vitest prints colours even without a terminal. It reads this as it loads.
  if (!process.stdout.isTTY) process.env.NO_COLOR = "1";
  const { startVitest } = await import("vitest/node");
  const vitest = await startVitest("test", [...filters], { run: true, root });
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0, faults: [] };
  const tested = new Set<string>();
  for (const module of vitest.state.getTestModules()) {
    if (module.state() === "failed" && module.errors().length > 0)
      counts.faults.push(`${module.relativeModuleId} failed outside its tests.`);
    for (const test of module.children.allTests()) {
      tested.add(module.project.name);
      const { state } = test.result();
      counts[state === "passed" || state === "failed" ? state : "skipped"]++;
    }
  }
  // What comes as a worker ends comes after Vitest has shown the others.
  for (const thrown of vitest.state.getUnhandledErrors()) {
    const { message } = thrown as { message?: string };
    counts.faults.push(`An error came outside any test: ${message ?? thrown}`);
  }
  const untested = vitest.projects.map(({ name }) => name).filter((name) => !tested.has(name));
  await vitest.exit();
  return judge(process.exitCode, counts, filters.length === 0 ? untested : []);
}

/**
 * @param code what Vitest would exit with
 * @param missed the projects without a test that ran, although all should have run
 * @returns the counts, with a fault for each failure outside a test
 */
export function judge(
  code: typeof process.exitCode,
  counts: TestCounts,
  missed: readonly string[],
): TestCounts {
  const faults = [...counts.faults, ...missed.map((project) => `The project ${project} has no tests.`)];
  if (counts.passed + counts.failed + faults.length === 0) faults.push("No test was found.");
  if (code && counts.failed + faults.length === 0) faults.push(`Vitest ended with code ${code}.`);
  return { ...counts, faults };
}
