// `npm run drill`: rehearses the loss of a database. It says what was lost and how long each step took, and writes a report.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "@notejam/local/settings";
import { drill } from "./drill.ts";
import { ENGINES, type EngineName } from "./engines.ts";
import { inWords, writeReport } from "./report.ts";

const OPERATIONS_DEFAULT = 150;
/** Nothing was lost; something was, or a step failed; the command line is wrong. */
const EXIT = { done: 0, failed: 1, misused: 2 } as const;
const NAMES = Object.keys(ENGINES) as EngineName[];

const HELP = `Usage: npm run drill -- [--engine <engine>] [--operations <n>]

Writes an account through the API under load, takes a cold backup of the database, goes on writing and deletes something for
ever, destroys the database, restores the backup into an empty place, deletes for ever again what the log says, and compares
every note and state. Nothing that was acknowledged before the backup may be lost. The report is kept in .notejam/drill/.

  --engine <engine>  ${NAMES.join(" or ")}; both by default
  --operations <n>   what the clients write before the backup, ${OPERATIONS_DEFAULT} operations by default
  --help             this text

Exit codes: ${EXIT.done} nothing was lost, ${EXIT.failed} something was lost or a step failed, ${EXIT.misused} the command line is wrong
`;

class Misused extends Error {}

function read(args: string[]) {
  const options = {
    engine: { type: "string" },
    operations: { type: "string", default: String(OPERATIONS_DEFAULT) },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const engine = NAMES.find((name) => name === values.engine);
  if (values.engine !== undefined && !engine)
    throw new Misused(`Unknown engine "${values.engine}": use ${NAMES.join(" or ")}.`);
  if (!/^[1-9]\d{0,4}$/.test(values.operations))
    throw new Misused(`--operations must be a whole number from 1, not "${values.operations}".`);
  return { help: values.help, engines: engine ? [engine] : NAMES, operations: Number(values.operations) };
}

async function main(): Promise<number> {
  const { help, engines, operations } = read(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  let lost = 0;
  for (const engine of engines) {
    const report = await drill(engine, {
      operations,
      say: (line) => process.stderr.write(`${engine}: ${line}\n`),
    });
    const path = await writeReport(join(ROOT, ".notejam/drill"), report);
    process.stdout.write(`${inWords(report)}The report is in ${path}.\n\n`);
    lost += report.lost.length;
  }
  return lost === 0 ? EXIT.done : EXIT.failed;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isMisuse = error instanceof Misused || (error instanceof TypeError && "code" in error);
  process.stderr.write(`${isMisuse ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = isMisuse ? EXIT.misused : EXIT.failed;
}
