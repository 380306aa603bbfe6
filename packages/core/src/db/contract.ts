// What a migration takes away from older code. Its first line says so: `-- contract: <what>; not needed since <commit>`, where the
// commit is the release that stopped using it. Code that lacks this commit can't run on the schema after the migration.
import type { Migration } from "./migrate.ts";

export interface Contract {
  /** What the migration takes away: `device.name`. */
  what: string;
  /** The commit of the first release that does without it. */
  since: string;
}

const BEGINNING = /^--\s*contract\b/i;
const LINE = /^-- contract: (\S.*); not needed since ([0-9a-f]{7,40})\s*$/;

/** How the line is written. */
export const CONTRACT_LINE = "-- contract: <what it takes away>; not needed since <commit>";

/**
 * @returns undefined if the migration does not say that it takes something away
 * @throws Error naming the migration, if its first line is no proper one
 */
export function contractOf({ name, sql }: Migration): Contract | undefined {
  const [first = ""] = sql.split("\n", 1);
  if (!BEGINNING.test(first)) return undefined;
  const [, what, since] = LINE.exec(first) ?? [];
  if (what && since) return { what, since };
  throw new Error(`The first line of the migration ${name} must be "${CONTRACT_LINE}".`);
}
