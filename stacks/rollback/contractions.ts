// Which migrations forbid a rollback. The database is not taken back. Most migrations expand: they only add, and code that does
// not know them works on. One that contracts takes away what older code needs, and its first line says so.
import { contractOf } from "@notejam/core/db/contract";

export interface Contraction {
  /** What it takes away. */
  what: string;
  /** The first commit that does without. Undefined: the line does not say, so no code is known to. */
  since: string | undefined;
}

/** Migrations by their names, with what those take away that contract. */
export type Migrations = ReadonlyMap<string, Contraction | undefined>;

/** @returns undefined if the migration only expands */
export function contractionIn(migration: Parameters<typeof contractOf>[0]): Contraction | undefined {
  try {
    return contractOf(migration);
  } catch {
    // `npm run check` refuses such a line, but a former release may have it.
    return {
      what: migration.sql.split("\n", 1)[0]?.replace(/^--\s*contract\b:?\s*/i, "") ?? "",
      since: undefined,
    };
  }
}
