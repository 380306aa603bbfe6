// `npm run migrations:both-ways`: tries each new migration with the code before it and with the code after it.
import { command, EXIT, run } from "@notejam/command-line";
import { endChildrenOnSignals } from "../run.ts";
import { tryBothWays } from "./both-ways.ts";

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  each migration may be deployed, or there is none
  ${EXIT.failed}  one must not, or could not be tried
  ${EXIT.misused}  the command line is wrong`;

endChildrenOnSignals();
await run(
  command(
    "npm run migrations:both-ways --",
    "For each migration that the previous release does not have, runs the API suite of the previous release on the schema after the migration, and the API suite of this checkout, with its uncommitted changes, on the schema without it. The first must pass. The second must pass if the migration takes something away; otherwise its outcome is only printed.",
  )
    .option(
      "--base <revision>",
      'the previous release; by default, and if it is "", the commit where this branch left main, and on main the commit before',
    )
    .option(
      "--only <part>",
      "only the test files whose paths contain it; can be repeated",
      (part, parts: string[]) => [...parts, part],
      [],
    )
    .addHelpText("after", EXIT_CODES)
    .action(async ({ base, only }) => {
      const isPassed = await tryBothWays(base || undefined, only, (line) =>
        process.stdout.write(`${line}\n`),
      );
      process.exitCode = isPassed ? EXIT.done : EXIT.failed;
    }),
);
