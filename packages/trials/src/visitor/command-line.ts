// What the command lines of `npm run smoke` and `npm run load` share: a site's address, whole numbers, and one sentence for what
// is wrong.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { ORIGINS_IN_WORDS, originOf } from "@notejam/cli/command-line";

/** The command line is wrong; the message is a sentence for the user. */
export class Misused extends Error {
  override name = "Misused";
}

/** @throws Misused, naming an option that there is not */
export function parse<const Options extends ParseArgsOptionsConfig>(
  command: string,
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misused(`${error.message.split(". ", 1)[0]}. See npm run ${command} -- --help.`);
  }
}

/** The origin of the one site that was given. @throws Misused */
export function siteOf([address, ...more]: string[]): string {
  if (address === undefined) throw new Misused(`Give the site's address: ${ORIGINS_IN_WORDS}.`);
  if (more.length > 0) throw new Misused(`Give one address only: "${more[0]}" is too many.`);
  const origin = originOf(address);
  // The value is not repeated, since it may contain a password.
  if (origin === undefined) throw new Misused(`The site's address must be ${ORIGINS_IN_WORDS}.`);
  return origin;
}

/** A whole number from 1. @throws Misused */
export function wholeNumber(
  option: string,
  given: string | undefined,
  { otherwise, most }: { otherwise: number; most: number },
): number {
  if (given === undefined) return otherwise;
  if (/^[1-9]\d{0,8}$/.test(given) && Number(given) <= most) return Number(given);
  throw new Misused(`${option} must be a whole number from 1 to ${most}, not "${given}".`);
}
