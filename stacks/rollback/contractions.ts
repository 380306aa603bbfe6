// Which migrations forbid a rollback. The database is not taken back. Most migrations only add, and code that does not
// know them works on. A contraction takes away what older code needs, and its first line says so.
import { contractionOf } from "@notejam/core/administration/contraction";

export interface Contraction {
  /** What it takes away. */
  what: string;
  /** The first commit that does without. Undefined: the line does not say, so no code is known to. */
  since: string | undefined;
}

/** Migrations by their names, and what a contraction takes away. */
export type Migrations = ReadonlyMap<string, Contraction | undefined>;

/** @returns undefined if the migration only adds */
export function contractionIn(migration: Parameters<typeof contractionOf>[0]): Contraction | undefined {
  try {
    return contractionOf(migration);
  } catch {
    // `npm run check` refuses such a line, but a former release may have it.
    return {
      what: migration.sql.split("\n", 1)[0]?.replace(/^--\s*contract(?:ion)?\b:?\s*/i, "") ?? "",
      since: undefined,
    };
  }
}
