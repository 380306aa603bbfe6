// Deletes for ever what has been in the trash for TRASH_DAYS. Each step is one statement over a limited number of rows. It skips
// rows that another statement has locked, and the next step goes on from where it stopped.
import { sql } from "drizzle-orm";
import { type Cte, column, cte, step } from "../db/cte.ts";
import type { Versioned } from "../db/versioned.ts";
import { outsideSession } from "../db/viewer.ts";
import { notes } from "../note/versioned.ts";
import { pads } from "../pad/index.ts";
import { TRASH_DAYS } from "./schema.ts";

/** How many things' states one step deletes. */
const THINGS_MAX = sql.raw("100");

export interface Expired {
  /** Rows that the step deleted: states, and things. */
  taken: number;
  /** How many of these rows were things. */
  things: number;
}

const expiry = (now: Date) =>
  sql`(${now.toISOString()}::timestamptz - ${TRASH_DAYS}::int * interval '1 day')`;

/**
 * Deletes for ever the notes that were deleted, by themselves or with their pads, over TRASH_DAYS before `now`: first their
 * states, and each note once it has no states left.
 * @param rows how many states it deletes, at most
 */
export function expireNotes(now: Date, rows: number): Promise<Expired> {
  const due = step(
    "due",
    sql`select n.user_id, n.id from (
        (select d.user_id, d.id from note d where d.deleted_at < ${expiry(now)} order by d.deleted_at limit ${THINGS_MAX}) union
        (select m.user_id, m.id from (
            select p.user_id, p.id from pad p where p.deleted_at < ${expiry(now)} and p.purged_at is null
            order by p.deleted_at limit ${THINGS_MAX}) p
          cross join lateral (select m.user_id, m.id from note m
            where m.user_id = p.user_id and m.pad_id = p.id and m.deleted_at is null limit ${THINGS_MAX}) m limit ${THINGS_MAX})
      ) old
      join note n on n.user_id = old.user_id and n.id = old.id
      join account a on a.id = n.user_id
      left join pad p on p.user_id = n.user_id and p.id = n.pad_id
      where n.deleted_at < ${expiry(now)} or (n.deleted_at is null and p.deleted_at < ${expiry(now)})
      order by n.user_id, n.id limit ${THINGS_MAX} for update of n skip locked for no key update of a skip locked`,
  );
  return deleteForEver(due, notes, rows);
}

/**
 * Deletes for ever the pads that were deleted over TRASH_DAYS before `now`, once no note refers to them. As long as some of its
 * notes are in the trash by themselves, a pad stays without its name.
 * @param rows how many states it deletes, at most
 */
export function expirePads(now: Date, rows: number): Promise<Expired> {
  const due = step(
    "due",
    sql`select p.user_id, p.id from pad p join account a on a.id = p.user_id
      where p.deleted_at < ${expiry(now)}
        and not exists (select 1 from note n where n.user_id = p.user_id and n.pad_id = p.id offset 0)
      order by p.deleted_at limit ${THINGS_MAX} for update of p skip locked for no key update of a skip locked`,
  );
  return deleteForEver(due, pads, rows);
}

/**
 * Deletes states of the things in `due`, and those that have none left.
 * @param rows how many states, at most
 */
export async function deleteForEver(due: Cte, versioned: Versioned, rows: number): Promise<Expired> {
  const { noun, table, revisions } = versioned;
  const revisionOf = sql.identifier(versioned.revisionOf);
  // The account no longer counts a pad that stayed for its notes.
  const counts = "purgedAt" in table ? sql`t.purged_at is null` : sql`true`;
  const states = step(
    "states",
    sql`delete from ${revisions} r using (
        select due.user_id, due.id, s.version from due cross join lateral (
          select s.version from ${revisions} s where s.user_id = due.user_id and s.${revisionOf} = due.id limit ${rows}::int) s
        limit ${rows}::int
      ) old where r.user_id = old.user_id and r.${revisionOf} = old.id and r.version = old.version returning r.version`,
  );
  const things = cte(
    "things",
    { id: column<string>("id") },
    sql`delete from ${table} t using due where t.user_id = due.user_id and t.id = due.id
        and not exists (select 1 from ${revisions} r where r.user_id = t.user_id and r.${revisionOf} = t.id)
      returning t.user_id, t.id, (${counts}) counts`,
  );
  const kept = step(
    "kept",
    sql`insert into purged (user_id, kind, id, purged_at)
      select things.user_id, ${noun}::text, things.id, clock_timestamp() from things on conflict do nothing returning id`,
  );
  const counted = step(
    "counted",
    sql`update account set ${sql.raw(`${noun}s = account.${noun}s`)} - c.n from (
        select things.user_id, count(*) filter (where things.counts) n from things group by 1) c
      where account.id = c.user_id and c.n > 0 returning account.id`,
  );
  const [row] = await outsideSession("expire", (db) =>
    db
      .with(due, states, things, kept, counted)
      .select({
        taken: sql<number>`(select count(*) from states)::int + count(*)::int`,
        things: sql<number>`count(*)::int`,
      })
      .from(things),
  );
  return row ?? { taken: 0, things: 0 };
}
