// Which migrations forbid a rollback. The database is not taken back. Most migrations expand: they only add, and code that does
// not know them works on. One that contracts takes away what older code needs, and its first line says so:
// `-- contract: <what>; not needed since <commit>`.

export interface Contraction {
  /** What it takes away. */
  what: string;
  /** The first commit that does without. Undefined: the line does not say, so no code is known to. */
  since: string | undefined;
}

/** Migrations by their names, with what those take away that contract. */
export type Migrations = ReadonlyMap<string, Contraction | undefined>;

/** @param sql the file of a migration @returns undefined if it only expands */
export function contractionIn(sql: string): Contraction | undefined {
  const [, line] = /^--\s*contract\b:?\s*(.*)/i.exec(sql) ?? [];
  if (line === undefined) return undefined;
  const [, what = line, since] = /^(.+); not needed since ([0-9a-f]{7,40})\s*$/.exec(line) ?? [];
  return { what, since };
}
