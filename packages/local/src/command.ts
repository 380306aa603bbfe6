// What `npm start` and `npm run dev` have in common as commands: their flags, Ctrl-C, and one line where they can't start.
import { parseArgs } from "node:util";
import { addDemo } from "./demo.ts";
import type { Print } from "./log.ts";
import { Service, type Sources } from "./service.ts";
import { readSettings } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

/** Exit codes. Ctrl-C is how it is meant to end. */
const EXIT = { done: 0, failed: 1, misused: 2 };

/** What still runs then is not worth waiting for. */
const ENDED_WITHIN_MS = 30_000;

export interface ServiceCommand {
  help: string;
  /** @param ending aborted when the command ends */
  sources(service: Service, ending: AbortSignal): Sources;
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
    // The terminal and npm may both send the signal: once is enough.
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => process.exit(EXIT.failed), ENDED_WITHIN_MS).unref();
    await service?.close();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(EXIT.done));
  // The terminal is gone.
  process.stdout.on("error", () => end(EXIT.done));

  try {
    const settings = readSettings(process.env);
    service = new Service(settings, print);
    const origin = await service.start(command.sources(service, ending.signal));
    print(`Notejam is at ${origin} (Ctrl-C stops it). Mails: ${origin}/_outbox\n`);
    if (flags.demo) print(await addDemo(origin));
  } catch (error) {
    // What the end has torn apart has not failed.
    if (ending.signal.aborted) return;
    process.stderr.write(`${error instanceof StartFailure ? error.message : (error as Error).stack}\n`);
    await end(EXIT.failed);
  }
}

/** @returns the exit code where there is nothing to run */
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
