// `npm test`: finds or installs a browser, runs the quick checks and then every test, and counts them all in the last line.
import { BROWSER_VARIABLE, NoBrowser, provideBrowser } from "./browser.ts";
import { QUICK_CHECKS, runChecks } from "./quick.ts";
import { endChildrenOnSignals } from "./run.ts";
import { SIZES } from "./sizes.ts";
import { runVitest } from "./vitest-run.ts";

const HELP = `Usage: npm test
       npm test -- <part of a path>...

Finds a browser (${BROWSER_VARIABLE}, else Chromium or Chrome on the PATH) or installs one with apt or Playwright. Then it
checks formatting, lint, types, import direction, dead code, the lock file, the migrations and the sizes of what is
loaded first, and runs all tests.
With parts of paths, it runs only the tests in files whose paths contain one of them, and no checks.

The last line counts checks and tests: N passed, N failed. The exit code is 0 if nothing failed, 1 if something failed,
and 2 if the command is wrong.
`;

const print = (text: string) => process.stdout.write(text);

async function main(filters: readonly string[]) {
  const started = performance.now();
  const browser = await provideBrowser(print);
  const checks = await runChecks(filters.length > 0 ? [] : [...QUICK_CHECKS, SIZES], print);
  const tests = await runVitest(filters, { [BROWSER_VARIABLE]: browser });
  for (const fault of tests.faults) print(`✗ ${fault}\n`);
  if (tests.skipped > 0) print(`${tests.skipped} tests were skipped.\n`);

  const failed = checks.failed + tests.failed + tests.faults.length;
  print(`Everything took ${Math.round((performance.now() - started) / 1000)} s.\n`);
  print(`${checks.passed + tests.passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

const filters = process.argv.slice(2);
const flag = filters.find((argument) => argument.startsWith("-"));
if (flag === "--help" || flag === "-h") {
  print(HELP);
} else if (flag !== undefined) {
  process.stderr.write(`Unknown option "${flag}". npm test takes parts of paths, or --help.\n`);
  process.exitCode = 2;
} else {
  endChildrenOnSignals();
  try {
    process.exitCode = await main(filters);
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
