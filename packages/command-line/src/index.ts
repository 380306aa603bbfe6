// How every command of this repository reads its arguments: with commander (https://github.com/tj/commander.js), and with
// these conventions. `command` makes a command, commander's own methods add to it, and `run` runs it:
//
//   await run(
//     command("npm run load --", "Sends what users do in business hours.")
//       .argument("<url>", "the site", siteOf)
//       .option("--rate <n>", "calls a second", wholeNumber(1, 250), 8)
//       .option("--json", "the report as JSON")
//       .addOption(new Option("--engine <engine>", "the database").choices(["pglite", "postgresql"]))
//       .addHelpText("after", "\nEnvironment: …")
//       .action(exiting((url, { rate, json, engine }) => load(url, rate, …))),
//   );
//
// - `--help` lists the arguments and options with their defaults; `addHelpText` adds what else there is to know.
// - An argument that is unknown, missing or wrong ends the command with one sentence, a hint at --help, and exit code 2.
// - A value is checked as it is read, by the function beside its description: it returns the value, or throws
//   `InvalidArgumentError` with what is right. Commander puts in front which option that was, and what was given. Where that
//   must not be repeated, since it may hold a password, it throws `Misused` with the whole sentence instead.
// - What concerns several options at once is checked in the action, which throws `Misused` too.
// - An action that can't do what was asked for throws `Failed` with a sentence: the command prints it, and ends with exit code 1.
// - A command with subcommands adds each with `addCommand(command("import", …))`.
// - For another program, `.allowUnknownOption().allowExcessArguments()` lets other arguments pass: `program.args` has them.
import { Command, CommanderError, InvalidArgumentError } from "@commander-js/extra-typings";
import { printable } from "./printable.ts";

export { Argument, Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";

/** The exit codes that all commands share. */
export const EXIT = { done: 0, failed: 1, misused: 2, stopped: 130 } as const;

const HELP_COLUMNS_MAX = 110;

/** The command line, or the environment, is wrong. The message is a sentence for the user. */
export class Misused extends Error {
  override name = "Misused";
}

/** What was asked for can't be done. The message is a sentence for the user. */
export class Failed extends Error {
  override name = "Failed";
}

/**
 * @param name what is typed before the arguments: "npm run load --", or the word of a subcommand
 * @param summary what it does, which --help says first
 */
export function command(name: string, summary: string): Command {
  const made = new Command(name)
    .description(summary)
    .helpOption("-h, --help", "show this text")
    .configureOutput({
      getOutHelpWidth: () => Math.min(process.stdout.columns || HELP_COLUMNS_MAX, HELP_COLUMNS_MAX),
    })
    // It would end the process.
    .exitOverride();
  made.error = (message) => {
    throw new Misused(`${sentence(message)} See ${fullName(made)} --help.`);
  };
  return made;
}

/** Commander's "error: unknown option '--jsn'\n(Did you mean --json?)" as sentences on one line. */
function sentence(message: string): string {
  const said = message.replace(/^error: /, "").replace(/\n\((Did you mean .*\?)\)$/, ". $1");
  return said.charAt(0).toUpperCase() + said.slice(1).replace(/[^.?]$/, "$&.");
}

interface Named {
  name(): string;
  parent: Named | null;
}

function fullName(made: Named): string {
  return made.parent === null ? made.name() : `${fullName(made.parent)} ${made.name()}`;
}

/** An action that ends the command with the exit code that `act` resolves to. */
export function exiting<Given extends unknown[]>(act: (...given: Given) => Promise<number>) {
  return async (...given: Given): Promise<void> => {
    process.exitCode = await act(...given);
  };
}

/**
 * Runs the command that the process was started with, and sets the exit code.
 * @param explain the sentence for an error of another kind that the user can do something about; any other is a bug, and shown whole
 */
export async function run(
  program: { parseAsync(): Promise<unknown> },
  explain: (error: unknown) => string | undefined = () => undefined,
): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The command listens too, to end in its own way.
    if (process.stdout.listenerCount("error") > 1) return;
    // A reader that has seen enough, such as head, closes the pipe: that is not an error.
    process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.failed);
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has shown its help: because it was asked to, or because no subcommand was given.
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.misused;
      return;
    }
    const isExpected = error instanceof Misused || error instanceof Failed;
    const whole = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${isExpected ? printable(error.message) : (explain(error) ?? whole)}\n`);
    process.exitCode = error instanceof Misused ? EXIT.misused : EXIT.failed;
  }
}

/** Reads a whole number. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return (given: string): number => {
    const number = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}
