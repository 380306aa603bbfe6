// What the commands of this folder have in common: --help, one line for an error that the user can fix, the exit code.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { VisibleError } from "sst/error.js";

/** @param command returns the exit code */
export async function runCommand(usage: string, command: (args: string[]) => Promise<number>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return;
  }
  try {
    process.exitCode = await command(args);
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** @throws VisibleError for an option that is unknown or lacks its value */
export function valuesOf<Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new VisibleError((error as Error).message);
  }
}
