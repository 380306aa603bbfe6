// `npm run smoke -- <url>`: walks through the product as a user, and names the step that failed.
import { EXIT, run } from "@notejam/command-line";
import { smokeCommand } from "./command-line.ts";
import { type Listener, type Outcome, type SmokeReport, smoke } from "./smoke.ts";

const CLEAR_LINE = "\r\u001b[K";
const { isTTY } = process.stdout;
const say = (text: string) => process.stdout.write(text);

/** A line for each step: on a terminal while it runs, elsewhere once it has ended. */
const progress: Listener = {
  begins: (step) => isTTY && say(`…        ${step}`),
  waits(seconds) {
    const line = `         the service is busy: waiting ${seconds.toFixed(1)} s`;
    say(isTTY ? CLEAR_LINE + line : `${line}\n`);
  },
  ends: (step, outcome) => say(`${isTTY ? CLEAR_LINE : ""}${lineOf(step, outcome)}\n`),
};

function lineOf(step: string, { ms, skipped, failed }: Outcome): string {
  if (failed !== undefined) return `FAILED   ${step} (${ms} ms)`;
  if (skipped !== undefined) return `skipped  ${step}: ${skipped}`;
  return `passed   ${step} (${ms} ms)`;
}

function summary({ steps, ms, failed, left }: SmokeReport): string {
  const lines: string[] = [];
  const passed = steps.filter((one) => one.outcome.failed === undefined && one.outcome.skipped === undefined);
  const failure = steps.find(({ name }) => name === failed)?.outcome.failed;
  if (failure === undefined) lines.push(`${passed.length} steps passed in ${ms} ms.`);
  else lines.push(`"${failed}" failed after ${ms} ms: ${failure}`);
  if (left.length > 0) lines.push(`Left on the site: ${left.join(", ")}.`);
  return `\n${lines.join("\n")}\n`;
}

// A reader that has seen enough, such as head, closes the pipe: whether the steps passed is not known then.
process.stdout.on("error", () => process.exit(EXIT.failed));

await run(
  smokeCommand(async (options) => {
    const report = await smoke({ ...options, on: progress });
    (report.failed === undefined ? process.stdout : process.stderr).write(summary(report));
    return report.failed === undefined ? EXIT.done : EXIT.failed;
  }),
);
