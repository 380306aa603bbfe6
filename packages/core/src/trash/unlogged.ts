// What was deleted for ever and is not in the log for certain: of each thing, the job logPurged writes a line, and then says so in
// its row. A process that dies in between leaves things that are logged twice, which harms nothing.
import { sql } from "drizzle-orm";
import { outsideSession } from "../db/viewer.ts";
import { purged } from "./purged.sql.ts";

const shown = { user: purged.userId, kind: purged.kind, id: purged.id, at: purged.purgedAt };

export type Unlogged = Awaited<ReturnType<typeof unlogged>>[number];

/** @param rows how many it reads, at most. Those of a user follow each other. */
export function unlogged(rows: number) {
  return outsideSession("log-purged", (db) =>
    db.select(shown).from(purged).where(sql`${purged.loggedAt} is null`).orderBy(purged.userId).limit(rows),
  );
}

/** Records that these are logged. It skips rows that another run has locked. */
export async function keepLogged(things: readonly Unlogged[]): Promise<void> {
  const json = JSON.stringify(things.map(({ user, kind, id }) => ({ user, kind, id })));
  await outsideSession("log-purged", (db) =>
    db.execute(sql`update purged set logged_at = clock_timestamp() from (
        select p.user_id, p.kind, p.id from jsonb_to_recordset(${json}::jsonb) g("user" uuid, kind text, id uuid)
        join purged p on p.user_id = g."user" and p.kind = g.kind and p.id = g.id for update of p skip locked) due
      where purged.user_id = due.user_id and purged.kind = due.kind and purged.id = due.id`),
  );
}
