// `npm run load -- <url>`: sends traffic with a step to four times, and says what was beyond its limits.
import { Progress, stopOnSignals } from "@notejam/cli/terminal";
import { EXIT, run } from "@notejam/command-line";
import { type LoadOrder, loadCommand } from "./command-line.ts";
import { sum } from "./judge.ts";
import { hasPassed, type Listener, type LoadReport, load, type Part } from "./load.ts";
import { asJson, inWords } from "./report.ts";

const PARTS: Record<Part, (count: number, order: LoadOrder) => string> = {
  preparation: (count) => `${count} users sign up`,
  base: traffic,
  step: traffic,
  recovery: traffic,
  check: (count) => `${count} notes are read again`,
  cleaning: (count) => `the notes of ${count} users are deleted for ever`,
};

function traffic(count: number, { seconds }: LoadOrder): string {
  return `${count} calls in ${seconds} s`;
}

/** A plain line where each part begins, and on a terminal one that shows how far it is. */
function progressOf(order: LoadOrder): { on: Listener; clear(): void } {
  const progress = new Progress();
  let shown: { part: Part; count: number } | undefined;
  return {
    on: {
      begins(part, count) {
        progress.clear();
        shown = { part, count };
        process.stderr.write(`${part}: ${PARTS[part](count, order)}\n`);
      },
      moves(phase, { begun, ended, waited, faults }) {
        // Calls of the phase before may still end.
        if (shown?.part !== phase) return;
        const more = `${begun - ended} open, ${waited} waited, ${sum(faults)} failed`;
        progress.update(begun, shown.count, `calls, ${more}`);
      },
    },
    clear: () => progress.clear(),
  };
}

/** The outcome in one line, and one more line for each limit that was exceeded. */
function verdict(report: LoadReport): string {
  const { failures, isStopped, left } = report;
  const lines: string[] = [];
  if (isStopped) lines.push("You stopped it.");
  if (hasPassed(report)) lines.push("Everything is within the limits.");
  lines.push(...failures);
  if (left.length > 0) lines.push(`Left on the site: ${left.join("; ")}.`);
  return `${lines.join("\n")}\n`;
}

// A reader that has seen enough, such as head, closes the pipe. What was made is deleted all the same.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

await run(
  loadCommand(async (order) => {
    const { on, clear } = progressOf(order);
    const stop = stopOnSignals(new Error("Stopped."), EXIT.stopped);
    const report = await load({ ...order, stop, on });
    clear();
    const passed = hasPassed(report);
    if (order.isJson) process.stdout.write(`${JSON.stringify(asJson(order.origin, report), null, 2)}\n`);
    else if (report.phases.base.begun > 0) process.stdout.write(`\n${inWords(report)}\n`);
    if (!order.isJson || !passed) (passed ? process.stdout : process.stderr).write(verdict(report));
    if (report.isStopped) return EXIT.stopped;
    return passed ? EXIT.done : EXIT.failed;
  }),
);
