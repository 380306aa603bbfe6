// `npm test`: finds or installs a browser, runs the quick checks and then every test, and counts them all in the last line.
import { ROOT } from "@notejam/local/settings";
import { BROWSER_VARIABLE, NoBrowser, provideBrowser } from "./browser.ts";
import { baseOf, changedSince, inWords, NoBase, projectsOf, select } from "./changed/changed.ts";
import { QUICK_CHECKS, runChecks } from "./quick.ts";
import { endChildrenOnSignals } from "./run.ts";
import { SIZES } from "./sizes.ts";
import { runVitest } from "./vitest-run.ts";

const HELP = `Usage: npm test
       npm test -- <part of a path>...
       npm test -- --changed[=<commit>]

Finds a browser (${BROWSER_VARIABLE}, else Chromium or Chrome on the PATH) or installs one with apt or Playwright. Then it
checks formatting, lint, types, import direction, dead code, the lock file, the migrations and the sizes of what is
loaded first, and runs all tests.
With parts of paths, it runs only the tests in files whose paths contain one of them, and no checks.

With --changed, it runs the tests that a change reaches, prints what it leaves out, and runs no checks. The change is all that
differs from the commit where the branch left main, or from <commit>, with what is not committed. A test is reached if it
imports a changed file or names its path, directly or through others (packages/tools/src/changed/). Tests that start the whole
service run if they are about what has changed. On main, CI runs everything.

The last line counts checks and tests: N passed, N failed. The exit code is 0 if nothing failed, 1 if something failed,
and 2 if the command is wrong.
`;

const print = (text: string) => process.stdout.write(text);

/** @returns the files of the tests that a change reaches @throws NoBase */
async function reachedTests(since: string | undefined): Promise<string[]> {
  const base = await baseOf(ROOT, since);
  const changed = await changedSince(ROOT, base);
  const { default: config } = await import("../../../vitest.config.ts");
  const selection = select(ROOT, changed, projectsOf(config));
  print(inWords(base, changed, selection));
  return selection.tests;
}

async function main(args: readonly string[]) {
  const started = performance.now();
  const changed = args.map((argument) => CHANGED.exec(argument)).find((found) => found !== null);
  const filters = changed ? await reachedTests(changed[1]) : args;
  if (changed && filters.length === 0) return summary(0, 0);
  const browser = await provideBrowser(print);
  const checks = await runChecks(filters.length > 0 ? [] : [...QUICK_CHECKS, SIZES], print);
  const tests = await runVitest(filters, { [BROWSER_VARIABLE]: browser });
  for (const fault of tests.faults) print(`✗ ${fault}\n`);
  if (tests.skipped > 0) print(`${tests.skipped} tests were skipped.\n`);

  const failed = checks.failed + tests.failed + tests.faults.length;
  print(`Everything took ${Math.round((performance.now() - started) / 1000)} s.\n`);
  return summary(checks.passed + tests.passed, failed);
}

/** Prints the last line. @returns the exit code */
function summary(passed: number, failed: number): number {
  print(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

const CHANGED = /^--changed(?:=(.+))?$/;
const args = process.argv.slice(2);
const flag = args.find((argument) => argument.startsWith("-"));
if (flag === "--help" || flag === "-h") {
  print(HELP);
} else if (flag !== undefined && !CHANGED.test(flag)) {
  process.stderr.write(`Unknown option "${flag}". npm test takes parts of paths, --changed or --help.\n`);
  process.exitCode = 2;
} else if (flag !== undefined && args.length > 1) {
  process.stderr.write("--changed chooses the tests itself: give it alone.\n");
  process.exitCode = 2;
} else {
  endChildrenOnSignals();
  try {
    process.exitCode = await main(args);
  } catch (error) {
    if (!(error instanceof NoBrowser || error instanceof NoBase)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
