// For a database that was restored from a backup: deletes again what users had deleted for ever after the backup was made.
// purged-log.ts finds it in the log. It is safe to repeat, and to stop at any time.
import { sql } from "drizzle-orm";
import { column, cte, step } from "../db/cte.ts";
import { outsideSession } from "../db/viewer.ts";
import { notes } from "../note/versioned.ts";
import { pads } from "../pad/index.ts";
import { deleteForEver } from "./expire.ts";
import type { PurgedThen } from "./purged-log.ts";

/** How many things one statement gets, and how many states it deletes. */
const THINGS_MAX = 100;
const STATES_MAX = 1000;

export interface Applied {
  notes: number;
  pads: number;
}

/**
 * Deletes for ever those of the things that the database has: first notes, then pads. Run it before users come back. A pad
 * may still have notes, which were moved out of it after the backup was made. Then it loses its name and its states, and stays.
 * @returns how many things the database had
 */
export async function applyPurged(all: readonly PurgedThen[]): Promise<Applied> {
  const applied = { notes: 0, pads: 0 };
  for (const kind of ["note", "pad"] as const) {
    const things = all.filter((one) => one.kind === kind);
    for (let i = 0; i < things.length; i += THINGS_MAX) {
      const some = things.slice(i, i + THINGS_MAX);
      if (kind === "pad") applied.pads += await emptyPads(some);
      applied[`${kind}s`] += await deleteAll(kind, some);
      await remember(some);
    }
  }
  return applied;
}

/** The things as rows `g`. */
function given(things: readonly PurgedThen[]) {
  const json = JSON.stringify(things.map(({ user, kind, id, at }) => ({ user, kind, id, at })));
  return sql`jsonb_to_recordset(${json}::jsonb) g("user" uuid, kind text, id uuid, at timestamptz(3))`;
}

/** Deletes in steps until nothing of them is left. @returns how many things it deleted */
async function deleteAll(kind: "note" | "pad", things: readonly PurgedThen[]): Promise<number> {
  const own =
    kind === "note"
      ? sql`true`
      : sql`not exists (select 1 from note n where n.user_id = t.user_id and n.pad_id = t.id)`;
  const due = step(
    "due",
    sql`select t.user_id, t.id from ${given(things)} join ${sql.raw(kind)} t on t.user_id = g."user" and t.id = g.id
      join account a on a.id = t.user_id
      where t.created_at < g.at and ${own} order by t.user_id, t.id for update of t for no key update of a`,
  );
  let gone = 0;
  for (;;) {
    const deleted = await deleteForEver(due, kind === "note" ? notes : pads, STATES_MAX);
    gone += deleted.things;
    if (deleted.taken === 0) return gone;
  }
}

/** Empties pads that have notes. Their notes are then in the trash, and can be restored without a pad. @returns how many */
async function emptyPads(things: readonly PurgedThen[]): Promise<number> {
  const emptied = cte(
    "emptied",
    { id: column<string>("id") },
    sql`update pad p set name = '', purged_at = g.at, deleted_at = coalesce(p.deleted_at, g.at)
      from ${given(things)} where p.user_id = g."user" and p.id = g.id and p.created_at < g.at and p.purged_at is null
        and exists (select 1 from note n where n.user_id = p.user_id and n.pad_id = p.id)
      returning p.user_id, p.id`,
  );
  const states = step(
    "states",
    sql`delete from pad_revision r using emptied e where r.user_id = e.user_id and r.pad_id = e.id returning r.pad_id id`,
  );
  const counted = step(
    "counted",
    sql`update account set pads = account.pads - c.n from (select e.user_id, count(*) n from emptied e group by 1) c
      where account.id = c.user_id returning account.id`,
  );
  const [row] = await outsideSession("apply-purged", (db) =>
    db.with(emptied, states, counted).select({ n: sql<number>`count(*)::int` }).from(emptied),
  );
  return row?.n ?? 0;
}

/** Records that they were deleted for ever, even if the backup never had them, unless a newer thing has the id. */
async function remember(things: readonly PurgedThen[]): Promise<void> {
  const kind = sql.raw(things[0]?.kind ?? "note");
  await outsideSession("apply-purged", (db) =>
    db.execute(sql`insert into purged (user_id, kind, id, purged_at) select g."user", g.kind, g.id, max(g.at) from ${given(things)}
      where not exists (select 1 from ${kind} t where t.user_id = g."user" and t.id = g.id and t.created_at >= g.at)
      group by 1, 2, 3 on conflict (user_id, kind, id) do update set purged_at = excluded.purged_at`),
  );
}
