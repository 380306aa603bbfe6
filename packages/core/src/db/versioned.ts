// What a versioned thing is: a note or a pad. Each change of its content makes a new state with the next version, and the state
// before it is kept as a revision. All code that handles content (create.ts, change.ts, the answers) uses one list of columns,
// that of the table, so a column that is added to the table can't be forgotten elsewhere.
import { getColumns, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable, SelectedFields } from "drizzle-orm/pg-core";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { AppError } from "../errors.ts";
import { state } from "./columns.ts";
import { type Cte, listOf } from "./cte.ts";
import { textParameter } from "./text.ts";

export interface Versioned<
  Content extends string = string,
  Shown extends SelectedFields = SelectedFields,
  Thing = unknown,
> {
  /** Its name in messages. */
  noun: string;
  /** Its present states, by (user_id, id), with the columns of `state` (columns.ts). */
  table: PgTable;
  /** Its earlier states, by (user_id, `revisionOf`, version), with the same content and `state`. */
  revisions: PgTable;
  revisionOf: string;
  /** The keys of the columns that users change. */
  content: readonly Content[];
  /** Those of `content` that are derived from the others. A digest leaves them out. */
  derived: readonly Content[];
  /** The keys of the columns that describe how a state came about, in addition to those of `state`. */
  described: readonly string[];
  /** The content column whose values may exceed a row of the Data API; see text.ts. */
  longText?: Content;
  /** What it can be in: a note can be in a pad. Undefined if it can be in nothing. */
  home?: Home<Content>;
  /** How much of it an account can write in a time. Undefined if that is not counted. */
  budget?: Budget;
  /** Columns of `revisions` that are computed from the state in `old`, by their names in SQL. */
  archived: Readonly<Record<string, SQL>>;
  /** The columns that an answer shows. */
  shown: Shown;
  /** The columns of `shown` that the table lacks: `expression name`, computed from a row by its alias. */
  computed?(row: SQL): SQL;
  /** The thing in the contract's form. `longText` is passed beside the row that was selected. */
  serialize(row: SelectResultFields<Shown>, longText: string): Thing;
}

/** What a thing can be in. Deleting the home deletes what is in it, and restoring it restores what is in it. */
export interface Home<Content extends string = string> {
  /** By (user_id, id); its `deleted_at` marks a deletion. */
  table: PgTable;
  /** The content column that names it; null for none. */
  key: Content;
  /** The error for a thing that is put into a home that does not exist, or is deleted. */
  missing(): AppError;
}

/** A limit of the account that can forbid a new state. */
export interface Limit {
  /** Holds if the state would go beyond it: an expression of `input`, in a change also of `old` (change-statement.ts). */
  exceeds: SQL;
  /** What is thrown then. */
  refusal(): AppError;
}

/** How many bytes of the long text an account can write in a time. A deletion is neither refused nor counted: it writes nothing new. */
export interface Budget {
  /** The limit, for a statement that writes so many bytes. It reads the statement's snapshot. */
  limit(bytes: SQL): Limit;
  /**
   * Counts the new states, after all other locks: what they store, and what was written in the hour.
   * @param states a query of (id, bytes)
   * @param deleted whether they are deletions, which store a state but write nothing
   */
  counted(states: SQL, deleted?: boolean): Cte;
}

/** The index of the first limit that is exceeded; null if none is. */
export function forbiddenBy(limits: readonly Limit[]): SQL {
  if (limits.length === 0) return sql`null::int`;
  const cases = limits.map(({ exceeds }, index) => sql`when ${exceeds} then ${sql.raw(String(index))}`);
  return sql`case ${sql.join(cases, sql` `)} end`;
}

/** The values of some content columns. */
export type ContentValues<Content extends string> = Partial<Record<Content, unknown>>;

/** The keys of those that are there. */
export function keysIn<Content extends string>(
  { content }: Versioned<Content>,
  values: ContentValues<Content>,
): Content[] {
  return content.filter((key) => values[key] !== undefined);
}

/** The column that drizzle knows by `key`. */
export function columnOf({ table }: Versioned, key: string): PgColumn {
  const found = (getColumns(table) as Record<string, PgColumn>)[key];
  if (found === undefined) throw new Error(`The table has no column ${key}.`);
  return found;
}

/** The name in SQL of the value that a content column gets in a change. */
export function newNameOf(versioned: Versioned, key: string): SQL {
  return sql`${sql.identifier(`new_${columnOf(versioned, key).name}`)}`;
}

/** The name of a column in SQL. */
export function nameOf(versioned: Versioned, key: string): SQL {
  return sql`${sql.identifier(columnOf(versioned, key).name)}`;
}

/** The content columns as columns of `alias`, or their names alone: `old.name, old.text`. */
export function contentOf(versioned: Versioned, alias?: string): SQL {
  return columnsBy(versioned, versioned.content, alias);
}

/** The columns of `state` and `described` as columns of `alias`, or their names alone. */
export function stateOf(versioned: Versioned, alias?: string): SQL {
  return columnsBy(versioned, [...Object.keys(state), ...versioned.described], alias);
}

function columnsBy(versioned: Versioned, keys: readonly string[], alias: string | undefined): SQL {
  const from = alias === undefined ? sql`` : sql`${sql.identifier(alias)}.`;
  return listOf(keys.map((key) => sql`${from}${nameOf(versioned, key)}`));
}

/** A value for a content column as a parameter, with its cast and the column's name: `:1::uuid pad_id`. */
export function parameterOf(versioned: Versioned, key: string, value: unknown): SQL {
  const target = columnOf(versioned, key);
  const type = sql.raw(target.getSQLType());
  if (value === null) return sql`null::${type} as ${nameOf(versioned, key)}`;
  const bound =
    key === versioned.longText ? textParameter(String(value)) : sql`${sql.param(value, target)}::${type}`;
  return sql`${bound} as ${nameOf(versioned, key)}`;
}
