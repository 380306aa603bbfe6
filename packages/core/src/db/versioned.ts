// What a versioned thing is: a note or a pad. Its content changes in states, one version each, and the state before a
// change is kept as a revision. All code that handles content (create.ts, change.ts, the answers) uses one list of
// columns, the table's own, so a column that is added there can't be forgotten elsewhere.
import { getColumns, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable, SelectedFields } from "drizzle-orm/pg-core";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { AppError } from "../errors.ts";
import { state } from "./columns.ts";
import { listOf } from "./cte.ts";
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
  /** Those of `content` that follow from the others: a digest leaves them out. */
  derived: readonly Content[];
  /** The keys of the columns that tell how a state came about, beside those of `state`. */
  described: readonly string[];
  /** The content column whose values may exceed a row of the Data API; see text.ts. */
  longText?: Content;
  /** What it can be in, if anything: a note is in a pad. */
  home?: Home<Content>;
  /** Columns of `revisions` that are computed from the state in `old`, by their names in SQL. */
  archived: Readonly<Record<string, SQL>>;
  /** The columns that an answer shows. */
  shown: Shown;
  /** The columns of `shown` that the table lacks: `expression name`, computed from a row by its alias. */
  computed?(row: SQL): SQL;
  /** The thing in the contract's form. `longText` is passed beside the row that was selected. */
  serialize(row: SelectResultFields<Shown>, longText: string): Thing;
}

/** What a thing can be in. A thing in a deleted home is gone through it, and is restored with it. */
export interface Home<Content extends string = string> {
  /** By (user_id, id); its `deleted_at` marks a deletion. */
  table: PgTable;
  /** The content column that names it; null for none. */
  key: Content;
  /** For a thing that is put into a home that is not there, or is deleted. */
  missing(): AppError;
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

/** The columns of `table` under the keys that drizzle knows them by. */
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

/** The content columns as columns of `alias`: `old.name, old.text`. */
export function contentOf(versioned: Versioned, alias: string): SQL {
  return listOf(versioned.content.map((key) => sql`${sql.identifier(alias)}.${nameOf(versioned, key)}`));
}

/** The content columns' names. */
export function contentNames(versioned: Versioned): SQL {
  return listOf(versioned.content.map((key) => nameOf(versioned, key)));
}

/** The columns of `state` and `described` as columns of `alias`, or their names alone. */
export function stateOf(versioned: Versioned, alias?: string): SQL {
  const names = [...Object.keys(state), ...versioned.described].map((key) => nameOf(versioned, key));
  return listOf(alias === undefined ? names : names.map((name) => sql`${sql.identifier(alias)}.${name}`));
}

/** A value on its way into a content column, with its cast and the column's name: `:1::uuid pad_id`. */
export function parameterOf(versioned: Versioned, key: string, value: unknown): SQL {
  const target = columnOf(versioned, key);
  const type = sql.raw(target.getSQLType());
  if (value === null) return sql`null::${type} as ${nameOf(versioned, key)}`;
  const bound =
    key === versioned.longText ? textParameter(String(value)) : sql`${sql.param(value, target)}::${type}`;
  return sql`${bound} as ${nameOf(versioned, key)}`;
}
