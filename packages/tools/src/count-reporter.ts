// Counts the tests that Vitest ran, and writes the counts to the file in NOTEJAM_TEST_COUNTS, for the last line of `npm test`.
// It also counts files that don't load and errors outside tests, which Vitest's numbers miss.
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule, Vitest } from "vitest/node";

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** Failures outside tests, which are shown after the run. */
  faults: string[];
  /** The projects without a test that ran. */
  untested: string[];
}

/** The variable with the path of the file. */
export const COUNTS_VARIABLE = "NOTEJAM_TEST_COUNTS";

export default class CountReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest) {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]) {
    const file = process.env[COUNTS_VARIABLE];
    if (!file) return;
    const counts: TestCounts = { passed: 0, failed: 0, skipped: 0, faults: [], untested: [] };
    const tested = new Set<string>();
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) {
        counts.faults.push(`${module.relativeModuleId} failed outside its tests.`);
      }
      for (const test of module.children.allTests()) {
        tested.add(module.project.name);
        const { state } = test.result();
        counts[state === "passed" || state === "failed" ? state : "skipped"]++;
      }
    }
    if (unhandled.length > 0) counts.faults.push(`${unhandled.length} errors came outside any test.`);
    const projects = this.#vitest?.projects ?? [];
    counts.untested = projects.map(({ name }) => name).filter((name) => !tested.has(name));
    writeFileSync(file, JSON.stringify(counts));
  }
}
