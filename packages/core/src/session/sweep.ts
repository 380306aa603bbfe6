// Deletes sessions that are over, for the job that runs by the clock. Until then an ended session answers a repeated sign-out
// like the first one, which a day is enough for.
import { sql } from "drizzle-orm";
import { database, run } from "../db/client.ts";

const KEPT_DAYS = 1;

/**
 * Deletes sessions that ended or expired over a day before `now`, the oldest first. It skips rows that something else has
 * locked, so it waits for nobody; a later run finds them.
 * @param rows deletes at most so many
 * @returns how many it deleted
 */
export async function sweepSessions(now: Date, rows: number): Promise<number> {
  const due = sql`select s.id from session s
    where s.expires_at < ${now.toISOString()}::timestamptz - ${KEPT_DAYS}::int * interval '1 day'
    order by s.expires_at limit ${rows}::int for update skip locked`;
  const { rows: counted } = await run(
    database().execute<{ deleted: number }>(
      sql`with due as (${due}), gone as (delete from session using due where session.id = due.id returning 1)
        select count(*)::int deleted from gone`,
    ),
  );
  return counted[0]?.deleted ?? 0;
}
