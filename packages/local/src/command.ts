// What `npm start` and `npm run dev` have in common as commands: their flags, Ctrl-C, and one line if they can't start.
import { parseArgs } from "node:util";
import { addDemo } from "./demo.ts";
import type { Print } from "./log.ts";
import { Service, type Sources } from "./service.ts";
import { readSettings } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

/** Exit codes. Ctrl-C is the normal end. */
const EXIT = { done: 0, failed: 1, misused: 2 };

/** The process exits then even if something still runs. */
const ENDED_WITHIN_MS = 30_000;

export interface ServiceCommand {
  help: string;
  sources(given: {
    service: Service;
    /** Aborted when the command ends. */
    ending: AbortSignal;
    /** Prints an error of this program itself. */
    fault(error: unknown): void;
  }): Sources;
}

/** Runs until a signal ends it; then the process exits. */
export async function runService(command: ServiceCommand): Promise<void> {
  // Lambda's clock is UTC.
  process.env.TZ = "UTC";
  const print: Print = (text) => process.stdout.write(text);
  const flags = readFlags(command.help);
  if (typeof flags === "number") process.exit(flags);

  const ending = new AbortController();
  let service: Service | undefined;
  const end = async (code: number) => {
    // The terminal and npm may both send the signal.
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => process.exit(EXIT.failed), ENDED_WITHIN_MS).unref();
    await service?.close();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(EXIT.done));
  // Whoever started this process is gone, and can't pass a signal on any more. It has a channel if npm has started it.
  process.on("disconnect", () => end(EXIT.done));
  // The terminal is gone.
  process.stdout.on("error", () => end(EXIT.done));

  try {
    const settings = readSettings(process.env);
    service = new Service(settings, print);
    const fault = (error: unknown) => print(`${error instanceof Error ? error.stack : error}\n`);
    const sources = command.sources({ service, ending: ending.signal, fault });
    const origin = await service.start(sources);
    print(`Notejam is at ${origin} (Ctrl-C stops it). Mails: ${origin}/_outbox\n`);
    if (flags.demo) print(await addDemo(origin));
  } catch (error) {
    // An error that the end has caused is not a failure.
    if (ending.signal.aborted) return;
    process.stderr.write(`${error instanceof StartFailure ? error.message : (error as Error).stack}\n`);
    await end(EXIT.failed);
  }
}

/** @returns the flags, or the exit code if there is nothing to run */
function readFlags(help: string): { demo: boolean } | number {
  try {
    const { values } = parseArgs({
      options: {
        demo: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (!values.help) return values;
    process.stdout.write(help);
    return EXIT.done;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help.\n`);
    return EXIT.misused;
  }
}
