// `npm test`: makes sure of a browser, runs the quick checks, then every test, and counts it all in one last line.
import { BROWSER_VARIABLE, NoBrowser, provideBrowser } from "./browser.ts";
import { QUICK_CHECKS, runChecks } from "./quick.ts";
import { endChildrenOnSignals } from "./run.ts";
import { SIZES } from "./sizes.ts";
import { runVitest } from "./vitest-run.ts";

const HELP = `Usage: npm test
       npm test -- <part of a path>...

Makes sure of a browser (${BROWSER_VARIABLE}, else Chromium or Chrome on the PATH, else by apt or Playwright), then
checks formatting, lint, types, import direction, dead code, the lock file, the migrations and the sizes of what is
loaded first, and runs all tests.
Given parts of paths, it runs the tests of the files whose paths contain one, and no checks.

The last line counts checks and tests: N passed, N failed. The exit code is 0 where nothing failed, 1 where something
did, 2 where the command is wrong.
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
  print(`All of it took ${Math.round((performance.now() - started) / 1000)} s.\n`);
  print(`${checks.passed + tests.passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

const filters = process.argv.slice(2);
const flag = filters.find((argument) => argument.startsWith("-"));
if (flag === "--help" || flag === "-h") {
  print(HELP);
} else if (flag !== undefined) {
  process.stderr.write(`npm test knows no "${flag}". It takes parts of paths, or --help.\n`);
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
