// What `npm start` and `npm run dev` have in common as commands: their options, Ctrl-C, and one line if they can't start.
import { command, EXIT, run } from "@notejam/command-line";
import type { Print } from "./log.ts";
import { Service, type Sources } from "./service.ts";
import { readSettings } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

/** The process exits then even if something still runs. */
const ENDED_WITHIN_MS = 30_000;

const HELP = `
Environment variables:
  PORT               the port (default: 3000); 0 for a free one
  NOTEJAM_DATA_DIR   the folder for the data (default: .notejam)
  DATABASE_URL       a PostgreSQL 18 to use instead of the embedded one: postgres://user:password@host:5432/database`;

export interface ServiceCommand {
  /** What is typed: `npm start --`. */
  name: string;
  /** What it does, for the help. */
  summary: string;
  sources(given: {
    service: Service;
    /** Aborted when the command ends. */
    ending: AbortSignal;
    /** Prints an error of this program itself. */
    fault(error: unknown): void;
  }): Sources;
}

/** Runs until a signal ends it; then the process exits. */
export async function runService({ name, summary, sources }: ServiceCommand): Promise<void> {
  await run(
    command(name, summary)
      .option("--demo", "add an account with a year of notes, if it is not there yet, and say how to sign in")
      .addHelpText("after", HELP)
      .action(({ demo = false }) => serve(sources, demo)),
  );
}

async function serve(sourcesOf: ServiceCommand["sources"], isDemo: boolean): Promise<void> {
  // Lambda's clock is UTC.
  process.env.TZ = "UTC";
  const print: Print = (text) => process.stdout.write(text);
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
  // Ctrl-C is the normal end.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(EXIT.done));
  // Whoever started this process is gone, and can't pass a signal on any more. It has a channel if npm has started it.
  process.on("disconnect", () => end(EXIT.done));
  // The terminal is gone.
  process.stdout.on("error", () => end(EXIT.done));

  try {
    const settings = readSettings(process.env);
    service = new Service(settings, print);
    const fault = (error: unknown) => print(`${error instanceof Error ? error.stack : error}\n`);
    const sources = sourcesOf({ service, ending: ending.signal, fault });
    const { origin, outbox } = await service.start(sources);
    print(`Notejam is at ${origin} (Ctrl-C stops it). Mails: ${outbox}\n`);
    if (isDemo) {
      // It loads the database's client, which nothing else here needs.
      const { addDemo } = await import("./demo/demo.ts");
      print(await addDemo(origin, service.environment));
    }
  } catch (error) {
    // An error that the end has caused is not a failure.
    if (ending.signal.aborted) return;
    process.stderr.write(`${error instanceof StartFailure ? error.message : (error as Error).stack}\n`);
    await end(EXIT.failed);
  }
}
