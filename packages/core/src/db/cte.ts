// Common table expressions with typed columns, the parts of each statement. drizzle builds the SELECT around them and decodes
// its rows. Their own SQL is written by hand, because it locks and changes rows.
import { type SQL, type SQLChunk, sql, type WithSubquery } from "drizzle-orm";
import { QueryBuilder, type SelectedFields, type SelectedFieldsFlat } from "drizzle-orm/pg-core";

const builder = new QueryBuilder();

/**
 * The CTE `name`.
 * @param columns the columns that the rest of the statement selects: a table's, or `column<Type>(…)`
 * @param body its query. Each value in it needs a cast: the Data API binds a string as `text`, even for a `uuid`.
 */
export function cte<const Name extends string, Columns extends SelectedFields>(
  name: Name,
  columns: Columns,
  body: SQL,
) {
  return builder.$with(name, columns).as(body);
}

/** A CTE that locks, changes or prepares rows for others, and of which the answer shows no column. */
export function step<const Name extends string>(name: Name, body: SQL) {
  return cte(name, {}, body);
}

/** A column that no table has. */
export function column<Type>(name: string): SQL.Aliased<Type> {
  return sql<Type>`${sql.identifier(name)}`.as(name);
}

/** `a, b, c` */
export function listOf(parts: readonly SQLChunk[]): SQL {
  return sql.join([...parts], sql`, `);
}

export type Cte = WithSubquery;

/** The condition of a join whose rows all belong to the answer. */
export const ALWAYS = sql`true`;

/**
 * The columns of `from` that `shown` names, for the select that answers. An outer join returns them together or not at
 * all. drizzle decides that by the first one, so the first one must never be null.
 */
export function columnsOf<From extends object, Key extends keyof From>(
  from: From,
  shown: Record<Key, unknown>,
): Pick<From, Key> {
  const keys = Object.keys(shown) as Key[];
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<From, Key>;
}

/** As `columnsOf`, for columns that are known only at run time. */
export function anyColumnsOf(from: object, shown: object): SelectedFieldsFlat {
  return columnsOf(from as Record<string, never>, shown as Record<string, unknown>);
}
