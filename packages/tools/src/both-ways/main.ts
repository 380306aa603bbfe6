// `npm run migrations:both-ways`: tries each new migration with the code before it and with the code after it.
import { parseArgs } from "node:util";
import { endChildrenOnSignals } from "../run.ts";
import { tryBothWays } from "./both-ways.ts";
import { BothWaysError } from "./revisions.ts";

const HELP = `Usage: npm run migrations:both-ways -- [--base <revision>] [--only <part of a path>]...

For each migration that the previous release does not have, runs the API suite of the previous release on the schema after the
migration, and the API suite of this checkout, with its uncommitted changes, on the schema without it. The first must pass. The
second must pass if the migration takes something away; otherwise its outcome is only printed.

  --base <revision>  the previous release; by default the commit where this branch left main, and on main the commit before.
                     "" means the default
  --only <part>      only the test files whose paths contain it; can be repeated
  --help             this text

Exit codes: 0 each migration may be deployed, or there is none; 1 one must not, or could not be tried; 2 the command is wrong
`;

async function main(): Promise<number> {
  const options = {
    base: { type: "string" },
    only: { type: "string", multiple: true, default: [] as string[] },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  const { base, only, help } = parseArgs({ options }).values;
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  return (await tryBothWays(base || undefined, only, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
}

endChildrenOnSignals();
try {
  process.exitCode = await main();
} catch (error) {
  const isMisuse =
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  process.stderr.write(
    `${isMisuse || error instanceof BothWaysError ? error.message : (error as Error).stack}\n`,
  );
  process.exitCode = isMisuse ? 2 : 1;
}
