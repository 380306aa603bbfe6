// What a migration takes away from older code. Its first line says so: `-- contraction: <what>; not needed since <commit>`, where the
// commit is the release that stopped using it. Code that lacks this commit can't run on the schema after the migration.
import type { Migration } from "./migrate.ts";

export interface Contraction {
  /** What the migration takes away: `device.name`. */
  what: string;
  /** The commit of the first release that does without it. */
  since: string;
}

const BEGINNING = /^--\s*contract(?:ion)?\b/i;
const LINE = /^-- contraction: (\S.*); not needed since ([0-9a-f]{7,40})\s*$/;

/** How the line is written. */
export const CONTRACTION_LINE = "-- contraction: <what it takes away>; not needed since <commit>";

/**
 * @returns undefined if the migration does not say that it takes something away
 * @throws Error naming the migration, if its first line is no proper one
 */
export function contractionOf({ name, sql }: Migration): Contraction | undefined {
  const [first = ""] = sql.split("\n", 1);
  if (!BEGINNING.test(first)) return undefined;
  const [, what, since] = LINE.exec(first) ?? [];
  if (what && since) return { what, since };
  throw new Error(`The first line of the migration ${name} must be "${CONTRACTION_LINE}".`);
}
