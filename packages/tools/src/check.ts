// `npm run check`: the quick checks, to run before each commit.
import { QUICK_CHECKS, runChecks } from "./quick.ts";
import { endChildrenOnSignals } from "./run.ts";

const HELP = `Usage: npm run check

Checks formatting, lint, types, import direction, dead code, the lock file, the migrations, and that they make the tables.
The exit code is 0 if all of them pass, 1 if one fails, and 2 if the command is wrong.
`;

const [argument] = process.argv.slice(2);
if (argument === "--help" || argument === "-h") {
  process.stdout.write(HELP);
} else if (argument !== undefined) {
  process.stderr.write(`Unknown argument "${argument}". npm run check takes only --help.\n`);
  process.exitCode = 2;
} else {
  endChildrenOnSignals();
  const { passed, failed } = await runChecks(QUICK_CHECKS, (text) => process.stdout.write(text));
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
