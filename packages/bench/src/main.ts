// `npm run bench`: which benchmarks there are, and how one is asked for. Figures go to stdout, progress to stderr.
import { Argument, command, EXIT, run, wholeNumber } from "@notejam/command-line";
import { measureDataApi, SUMMARY } from "./data-api/benchmark.ts";

const BENCHMARKS = { "data-api": { summary: SUMMARY, run: measureDataApi } };
const NAMES = Object.keys(BENCHMARKS) as (keyof typeof BENCHMARKS)[];

const HELP = `
Benchmarks:
${NAMES.map((name) => `  ${name}  ${BENCHMARKS[name].summary}`).join("\n")}

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
    "Measures what a part of Notejam costs. What is compared takes turns in each round. Times are no pass or fail: a quiet machine gives the best ones.",
  )
    .addArgument(new Argument("<benchmark>", "what to measure").choices(NAMES))
    .option("--calls <n>", "how often each thing is done in a round", wholeNumber(1, 9_999_999), 1000)
    .option(
      "--rounds <n>",
      "how many rounds count; one more goes first, to warm up",
      wholeNumber(1, 9_999_999),
      3,
    )
    .option("--json", "the figures as JSON")
    .addHelpText("after", HELP)
    .action(async (benchmark, { calls, rounds, json }) => {
      const report = await BENCHMARKS[benchmark].run({ calls, rounds, say });
      process.stdout.write(json ? `${JSON.stringify(report.figures, null, 2)}\n` : report.text);
    }),
);
