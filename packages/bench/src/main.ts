// `npm run bench`: which benchmarks there are, and how one is asked for. Figures go to stdout, progress to stderr.
import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";
import { dataApi } from "./data-api/benchmark.ts";
import { Progress } from "./progress.ts";

const BENCHMARKS: Record<string, Benchmark> = { "data-api": dataApi };
const CALLS_DEFAULT = 1000;
const ROUNDS_DEFAULT = 3;

/** All is measured; something failed; the command line is wrong; the user stopped it. */
const EXIT = { done: 0, failed: 1, misused: 2, stopped: 130 } as const;

const HELP = `Usage: npm run bench -- <benchmark> [--calls <n>] [--rounds <n>] [--json]

Benchmarks:
${Object.entries(BENCHMARKS)
  .map(([name, { summary }]) => `  ${name}  ${summary}`)
  .join("\n")}

  --calls <n>   how often each thing is done in a round, ${CALLS_DEFAULT} by default
  --rounds <n>  how many rounds count, ${ROUNDS_DEFAULT} by default; one more goes first, to warm up
  --json        the figures as JSON
  --help        this text

What is compared takes turns in each round. Times are no pass or fail: a quiet machine gives the best ones.

Exit code: ${EXIT.done} where all was measured, ${EXIT.failed} where something failed, ${EXIT.misused} where the command is wrong, ${EXIT.stopped} where you stopped it.
`;

/** The command can't be run as it was typed; the message is a sentence for the user. */
class Misused extends Error {}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const [name, ...more] = positionals;
  if (values.help || name === undefined) {
    process.stdout.write(HELP);
    if (!values.help) process.exitCode = EXIT.misused;
    return;
  }
  const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!benchmark) {
    throw new Misused(
      `Unknown benchmark "${name}". The benchmarks are: ${Object.keys(BENCHMARKS).join(", ")}.`,
    );
  }
  if (more.length > 0) throw new Misused(`One benchmark at a time: "${more[0]}" is one too many.`);
  const calls = count("--calls", values.calls, CALLS_DEFAULT);
  const rounds = count("--rounds", values.rounds, ROUNDS_DEFAULT);
  const progress = new Progress();
  try {
    const report = await benchmark.run({ calls, rounds, say: (line) => progress.say(line) });
    progress.clear();
    process.stdout.write(values.json ? `${JSON.stringify(report.figures, null, 2)}\n` : report.text);
  } finally {
    progress.clear();
  }
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { calls: text, rounds: text, json: flag, help: { ...flag, short: "h" } } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misused(`${error.message.split(". ", 1)[0]}. See npm run bench -- --help.`);
  }
}

function count(flag: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!/^[1-9]\d{0,6}$/.test(value))
    throw new Misused(`${flag} takes a whole number from 1, not "${value}".`);
  return Number(value);
}

// A reader that stops early, such as head, is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.failed),
);
// Databases and servers that were started end with this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(EXIT.stopped));

try {
  await main(process.argv.slice(2));
} catch (error) {
  const misused = error instanceof Misused;
  const words = misused ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${words}\n`);
  process.exitCode = misused ? EXIT.misused : EXIT.failed;
}
