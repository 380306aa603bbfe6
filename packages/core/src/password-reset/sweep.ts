// Deletes links to choose a new password that are over, for the job that runs by the clock. Until then a repeated use is
// recognised as the same one, which a day is enough for.
import { sql } from "drizzle-orm";
import { database, run } from "../db/client.ts";

const KEPT_DAYS = 1;

/**
 * Deletes links that expired over a day before `now`, the oldest first. It skips rows that something else has locked, so it
 * waits for nobody; a later run finds them.
 * @param rows deletes at most so many
 * @returns how many it deleted
 */
export async function sweepPasswordResets(now: Date, rows: number): Promise<number> {
  const due = sql`select r.token_hash from password_reset r
    where r.expires_at < ${now.toISOString()}::timestamptz - ${KEPT_DAYS}::int * interval '1 day'
    order by r.expires_at limit ${rows}::int for update skip locked`;
  const { rows: counted } = await run(
    database().execute<{ deleted: number }>(
      sql`with due as (${due}), gone as (
          delete from password_reset using due where password_reset.token_hash = due.token_hash returning 1)
        select count(*)::int deleted from gone`,
    ),
  );
  return counted[0]?.deleted ?? 0;
}
