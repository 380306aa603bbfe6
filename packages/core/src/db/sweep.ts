// Deletes expired rows for a job: some at a time, without waiting for locks.
import { type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { cte, step } from "./cte.ts";
import { outsideSession } from "./viewer.ts";

/**
 * Deletes rows that expired over a day before `now`, the oldest first: until then a repetition of what ended them is recognised.
 * It skips rows that another statement has locked, so it never waits; a later run finds them.
 * @param rows how many it deletes at most
 * @returns how many it deleted
 */
export async function sweepExpired(
  table: PgTable & { expiresAt: PgColumn },
  key: PgColumn,
  now: Date,
  rows: number,
): Promise<number> {
  const name = (of: PgColumn): SQL => sql`${sql.identifier(of.name)}`;
  const due = step(
    "due",
    sql`select t.${name(key)} from ${table} t
      where t.${name(table.expiresAt)} < ${now.toISOString()}::timestamptz - interval '1 day'
      order by t.${name(table.expiresAt)} limit ${rows}::int for update skip locked`,
  );
  const gone = cte(
    "gone",
    { key },
    sql`delete from ${table} t using due where t.${name(key)} = due.${name(key)} returning t.${name(key)}`,
  );
  const [counted] = await outsideSession("sweep", (db) =>
    db.with(due, gone).select({ deleted: sql<number>`count(*)::int` }).from(gone),
  );
  return counted?.deleted ?? 0;
}
