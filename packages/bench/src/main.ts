// `npm run bench`: what a call of the local Data API costs. Figures go to stdout, progress to stderr.
import { command, EXIT, run, wholeNumber } from "@notejam/command-line";
import { measureDataApi } from "./benchmark.ts";
import { writeReport } from "./report.ts";

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}    everything was measured
  ${EXIT.failed}    something failed
  ${EXIT.misused}    the command line is wrong
  ${EXIT.stopped}  you stopped it`;

// Databases and servers that were started end with this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(EXIT.stopped));

/** For a watcher at a terminal. */
function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}

await run(
  command(
    "npm run bench --",
    "Measures what a call of the local Data API server costs, beside the same statement without it. What is compared takes turns in each round. Times are no pass or fail: a quiet machine gives the best ones.",
  )
    .option("--calls <n>", "how often each thing is done in a round", wholeNumber(1, 9_999_999), 1000)
    .option(
      "--rounds <n>",
      "how many rounds count; one more goes first, to warm up",
      wholeNumber(1, 9_999_999),
      3,
    )
    .option("--json", "the figures as JSON")
    .addHelpText("after", EXIT_CODES)
    .action(async ({ calls, rounds, json }) => {
      const figures = await measureDataApi({ calls, rounds, say });
      process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : writeReport(figures));
    }),
);
