// `npm run drill`: rehearses the loss of a database. It says what was lost and how long each step took, and writes a report.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { NotSignedIn } from "@notejam/cli/account";
import { ROOT } from "@notejam/local/settings";
import { type DrillReport, drill } from "./drill.ts";
import { ENGINES, type EngineName } from "./engines.ts";
import type { AwsDrillOptions } from "./on-aws.ts";
import { inWords, writeReport } from "./report.ts";

const OPERATIONS_DEFAULT = 150;
/** Nothing was lost; something was, or a step failed; the command line is wrong. */
const EXIT = { done: 0, failed: 1, misused: 2 } as const;
const NAMES = Object.keys(ENGINES) as EngineName[];

const HELP = `Usage: npm run drill -- [--engine <engine>] [--operations <n>]
       npm run drill -- --stage <stage> [--region <region>] [--operations <n>]

Writes an account through the API under load, takes a cold backup of the database, goes on writing and deletes something for
ever, destroys the database, restores the backup into an empty place, deletes for ever again what the log says, and compares
every note and state. Nothing that was acknowledged before the backup may be lost. The report is kept in .notejam/drill/.

With --stage it does so on AWS: it writes an account on that stage, takes a snapshot of its cluster, makes a stage "restored" from it,
compares, and removes both. The account drill-<random>@example.com stays. It takes about an hour, and needs credentials that may deploy.

  --engine <engine>  ${NAMES.join(" or ")}; both by default
  --operations <n>   what the clients write before the backup, ${OPERATIONS_DEFAULT} operations by default
  --stage <stage>    staging or dev
  --region <region>  the AWS region of the stage (default: AWS_REGION)
  --help             this text

Exit codes: ${EXIT.done} nothing was lost, ${EXIT.failed} something was lost or a step failed, ${EXIT.misused} the command line is wrong
`;

class Misused extends Error {}

/** A step failed; the message is a sentence for the user. */
class Failed extends Error {}

function read(args: string[]) {
  const options = {
    engine: { type: "string" },
    stage: { type: "string" },
    region: { type: "string" },
    operations: { type: "string", default: String(OPERATIONS_DEFAULT) },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const engine = NAMES.find((name) => name === values.engine);
  if (values.engine !== undefined && !engine)
    throw new Misused(`Unknown engine "${values.engine}": use ${NAMES.join(" or ")}.`);
  if (values.engine !== undefined && values.stage !== undefined)
    throw new Misused("A stage has its own engine. Leave out --engine, or --stage.");
  if (!/^[1-9]\d{0,4}$/.test(values.operations))
    throw new Misused(`--operations must be a whole number from 1, not "${values.operations}".`);
  const { help, stage, region } = values;
  return { help, stage, region, engines: engine ? [engine] : NAMES, operations: Number(values.operations) };
}

async function main(): Promise<number> {
  const { help, stage, region, engines, operations } = read(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const sayOf = (where: string) => (line: string) => process.stderr.write(`${where}: ${line}\n`);
  let lost = 0;
  if (stage !== undefined) {
    lost = await keep(await onAws(stage, region, { operations, say: sayOf(stage) }));
  } else {
    for (const engine of engines) lost += await keep(await drill(engine, { operations, say: sayOf(engine) }));
  }
  return lost === 0 ? EXIT.done : EXIT.failed;
}

/** It loads SST and AWS's clients. A drill on this machine does not need them. */
async function onAws(stage: string, region: string | undefined, options: AwsDrillOptions) {
  const { rehearsalOf } = await import("@notejam/stacks/recovery/rehearsal");
  const { VisibleError } = await import("sst/error.js");
  const { drillOnAws } = await import("./on-aws.ts");
  try {
    return await drillOnAws(await rehearsalOf(stage, region), options);
  } catch (error) {
    if (error instanceof VisibleError || error instanceof NotSignedIn) throw new Failed(error.message);
    throw error;
  }
}

/** Prints and writes the report. @returns how much was lost */
async function keep(report: DrillReport): Promise<number> {
  const path = await writeReport(join(ROOT, ".notejam/drill"), report);
  process.stdout.write(`${inWords(report)}The report is in ${path}.\n\n`);
  return report.lost.length;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isPlain = error instanceof Failed;
  const isMisuse = error instanceof Misused || (error instanceof TypeError && "code" in error);
  process.stderr.write(`${isMisuse || isPlain ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = isMisuse ? EXIT.misused : EXIT.failed;
}
