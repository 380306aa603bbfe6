// Deletes expired rows for a job: some at a time, without waiting for locks.
import { type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { cte } from "./cte.ts";
import { outsideSession } from "./viewer.ts";

/** A table whose rows expire. */
export interface Expiring {
  table: PgTable & { expiresAt: PgColumn };
  key: PgColumn;
  /** Days that a row is kept after it expired. */
  keptDays: number;
}

/**
 * Deletes rows that expired more than `keptDays` before `now`, the oldest first. It skips rows that another statement has
 * locked, so it never waits; a later run finds them.
 * @param rows how many it deletes at most
 * @returns how many it deleted
 */
export async function sweepExpired(
  { table, key, keptDays }: Expiring,
  now: Date,
  rows: number,
): Promise<number> {
  const name = (of: PgColumn): SQL => sql`${sql.identifier(of.name)}`;
  const due = cte(
    "due",
    { key },
    sql`select t.${name(key)} from ${table} t
      where t.${name(table.expiresAt)} < ${now.toISOString()}::timestamptz - ${keptDays}::int * interval '1 day'
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
