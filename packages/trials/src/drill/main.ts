// `npm run drill`: rehearses the loss of a database. It says what was lost and how long each step took, and writes a report.
import { join } from "node:path";
import { command, EXIT, Failed, Misused, Option, run, wholeNumber } from "@notejam/command-line";
import { ROOT } from "@notejam/local/settings";
import { type DrillReport, drill } from "./drill.ts";
import { ENGINES, type EngineName } from "./engines.ts";
import type { AwsDrillOptions } from "./on-aws.ts";
import { inWords, writeReport } from "./report.ts";

const NAMES = Object.keys(ENGINES) as EngineName[];

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  nothing was lost
  ${EXIT.failed}  something was lost, or a step failed
  ${EXIT.misused}  the command line is wrong`;

/** Tells what happens, and where. */
const sayOf = (where: string) => (line: string) => process.stderr.write(`${where}: ${line}\n`);

/** It loads SST and AWS's clients. A drill on this machine does not need them. */
async function onAws(stage: string, region: string | undefined, options: AwsDrillOptions) {
  const { rehearsalOf } = await import("@notejam/stacks/recovery/rehearsal");
  const { VisibleError } = await import("sst/error.js");
  const { drillOnAws } = await import("./on-aws.ts");
  try {
    return await drillOnAws(await rehearsalOf(stage, region), options);
  } catch (error) {
    if (error instanceof VisibleError) throw new Failed(error.message);
    throw error;
  }
}

/** Prints and writes the report. @returns how much was lost */
async function keep(report: DrillReport): Promise<number> {
  const path = await writeReport(join(ROOT, ".notejam/drill"), report);
  process.stdout.write(`${inWords(report)}The report is in ${path}.\n\n`);
  return report.lost.length;
}

await run(
  command(
    "npm run drill --",
    `Writes an account through the API under load, takes a cold backup of the database, goes on writing and deletes something for ever, destroys the database, restores the backup into an empty place, deletes for ever again what the log says, and compares every note and state. Nothing that was acknowledged before the backup may be lost. The report is kept in .notejam/drill/.

With --stage it does so on AWS: it writes an account on that stage, takes a snapshot of its cluster, makes a stage "restored" from it, compares, and removes both. The account drill-<random>@example.com stays. It takes about an hour, and needs credentials that may deploy.`,
  )
    .addOption(new Option("--engine <engine>", "the database; both by default").choices(NAMES))
    .option("--operations <n>", "what the clients write before the backup", wholeNumber(1, 99_999), 150)
    .option("--stage <stage>", "staging or dev")
    .option("--region <region>", "the AWS region of the stage (default: AWS_REGION)")
    .addHelpText("after", EXIT_CODES)
    .action(async ({ engine, stage, region, operations }) => {
      if (engine !== undefined && stage !== undefined)
        throw new Misused("A stage has its own engine. Leave out --engine, or --stage.");
      let lost = 0;
      if (stage !== undefined)
        lost = await keep(await onAws(stage, region, { operations, say: sayOf(stage) }));
      else
        for (const name of engine ? [engine] : NAMES)
          lost += await keep(await drill(name, { operations, say: sayOf(name) }));
      process.exitCode = lost === 0 ? EXIT.done : EXIT.failed;
    }),
);
