// `npm test`: finds or installs a browser, runs the quick checks and then every test, and counts them all in the last line.
import { command, EXIT, Misused, run } from "@notejam/command-line";
import { ROOT } from "@notejam/local/settings";
import { BROWSER_VARIABLE, provideBrowser } from "./browser.ts";
import { baseOf, changedSince, inWords, projectsOf, select } from "./changed/changed.ts";
import { QUICK_CHECKS, runChecks } from "./quick.ts";
import { endChildrenOnSignals } from "./run.ts";
import { SIZES } from "./sizes.ts";
import { runVitest } from "./vitest-run.ts";

const print = (text: string) => process.stdout.write(text);

/** @returns the files of the tests that a change reaches @throws Failed */
async function reachedTests(since: string | undefined): Promise<string[]> {
  const base = await baseOf(ROOT, since);
  const changed = await changedSince(ROOT, base);
  const { default: config } = await import("../../../vitest.config.ts");
  const selection = select(ROOT, changed, projectsOf(config));
  print(inWords(base, changed, selection));
  return selection.tests;
}

/** @param filters parts of paths; without any, the checks and all tests run @returns the exit code */
async function runAll(filters: readonly string[]): Promise<number> {
  const started = performance.now();
  const endedEarly = (code: number) => {
    if (code !== 0) return;
    print("✗ The tests did not run to their end.\n");
    process.exitCode = summary(0, 1);
  };
  process.once("exit", endedEarly);
  const browser = await provideBrowser(print);
  const checks = await runChecks(filters.length > 0 ? [] : [...QUICK_CHECKS, SIZES], print);
  process.env[BROWSER_VARIABLE] = browser;
  const tests = await runVitest(filters);
  for (const fault of tests.faults) print(`✗ ${fault}\n`);
  if (tests.skipped > 0) print(`${tests.skipped} tests were skipped.\n`);
  print(`Everything took ${Math.round((performance.now() - started) / 1000)} s.\n`);
  process.off("exit", endedEarly);
  return summary(checks.passed + tests.passed, checks.failed + tests.failed + tests.faults.length);
}

/** Prints the last line. @returns the exit code */
function summary(passed: number, failed: number): number {
  print(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT.done : EXIT.failed;
}

endChildrenOnSignals();
await run(
  command(
    "npm test --",
    `Finds a browser (${BROWSER_VARIABLE}, else Chromium or Chrome on the PATH) or installs one with apt or Playwright. Then it checks formatting, lint, types, import direction, dead code, the lock file, the migrations and the sizes of what is loaded first, and runs all tests.

The last line counts checks and tests: N passed, N failed. The exit code is 0 if nothing failed, 1 if something failed, and 2 if the command is wrong.`,
  )
    .argument("[parts...]", "only the tests in files whose paths contain one of these parts, and no checks")
    .option(
      "--changed [commit]",
      "only the tests that a change reaches, and no checks; it prints what it leaves out. The change is all that differs from <commit>, or from where the branch left main, also what is not committed. A test is reached if it imports a changed file or names its path, directly or through others. Tests that start the whole service run if they are about what has changed (packages/tools/src/changed/). On main, CI runs everything",
    )
    .action(async (parts, { changed }) => {
      if (changed && parts.length > 0)
        throw new Misused("--changed chooses the tests itself: give it alone.");
      const filters = changed ? await reachedTests(changed === true ? undefined : changed) : parts;
      process.exitCode = changed && filters.length === 0 ? summary(0, 0) : await runAll(filters);
    }),
);
