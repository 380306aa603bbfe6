// The site that a command line names.
import { ORIGINS_IN_WORDS, originOf } from "@notejam/cli/command-line";
import { Misused } from "@notejam/command-line";

/** What `--help` says of it. */
export const SITE_IN_WORDS = `the site: ${ORIGINS_IN_WORDS}`;

/** Reads its origin. @throws Misused, without the address, which may contain a password */
export function siteOf(given: string): string {
  const origin = originOf(given);
  if (origin === undefined) throw new Misused(`The site's address must be ${ORIGINS_IN_WORDS}.`);
  return origin;
}
