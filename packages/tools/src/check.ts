// `npm run check`: the quick checks, to run before each commit.
import { command, EXIT, run } from "@notejam/command-line";
import { QUICK_CHECKS, runChecks } from "./quick.ts";
import { endChildrenOnSignals } from "./run.ts";

await run(
  command(
    "npm run check --",
    "Checks formatting, lint, types, import direction, dead code, the lock file, the migrations, and that they make the tables. The exit code is 0 if all of them pass, 1 if one fails, and 2 if the command is wrong.",
  ).action(async () => {
    endChildrenOnSignals();
    const { passed, failed } = await runChecks(QUICK_CHECKS, (text) => process.stdout.write(text));
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    process.exitCode = failed === 0 ? EXIT.done : EXIT.failed;
  }),
);
