// Deletes for ever what is in the trash, with all its states and texts. Only a record remains that it was deleted (purged.sql.ts).
// The request's log line has what was deleted, also if an earlier call deleted it and its answer was lost.
//
// Locks, in the order of change-statement.ts: the pad, its notes, the account.
import { type SQL, sql } from "drizzle-orm";
import { type Confirmed, confirmPassword, wrongPassword } from "../account/index.ts";
import { recordThing } from "../db/calls.ts";
import { ALWAYS, column, cte, step } from "../db/cte.ts";
import { isPurged } from "../db/purged.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { note } from "../note/note.sql.ts";
import { notes } from "../note/versioned.ts";
import { pads } from "../pad/index.ts";
import { pad } from "../pad/pad.sql.ts";
import type { DeleteForEver } from "./schema.ts";

/** Notes of a pad that one request deletes. Its log line has as many earlier ones at most: CloudWatch takes lines of 256 KB. */
const PURGED_TOGETHER_MAX = 1000;

/** How often a statement runs if its snapshot is older than the pad that it locked. */
const TRIES = 8;

/**
 * Deletes for ever a note that is in the trash, by itself or with its pad. A repetition succeeds.
 * @throws AppError `unauthenticated`, `wrong_credentials` naming `password`, `rate_limited`, `not_found`
 */
export async function purgeNote(viewer: Viewer, id: string, { password }: DeleteForEver): Promise<void> {
  const confirmed = await confirmPassword(viewer, password);
  const home = step(
    "home",
    sql`select p.id, p.deleted_at from note n join pad p on p.user_id = n.user_id and p.id = n.pad_id
      where n.user_id = ${viewerId} and n.id = ${id}::uuid for share of p`,
  );
  const doomed = step(
    "doomed",
    sql`select n.id from note n where n.user_id = ${viewerId} and n.id = ${id}::uuid
      and (n.deleted_at is not null or exists (select 1 from home where home.id = n.pad_id and home.deleted_at is not null))
      for update of n`,
  );
  const { ctes, gone, counted, isOwner, back } = purging(confirmed, sql`null::uuid`);
  const [row] = await authorised(viewer, (begin) =>
    begin([home, doomed, ...ctes, counted(sql`0`), back], {
      isOwner,
      gone: gone.id,
      isPurged: sql<boolean>`${isPurged(notes, sql`${id}::uuid`)}`,
    }).leftJoin(gone, ALWAYS),
  );
  if (!row.isOwner) throw wrongPassword("password");
  if (row.gone === null && !row.isPurged) throw new AppError("not_found");
  recordThing("note", id, { purged: true });
}

/**
 * Deletes for ever a pad that is in the trash, with at most PURGED_TOGETHER_MAX of the notes that went there with it. Notes that
 * were deleted by themselves before that stay in the trash. A repetition succeeds.
 * @returns how many notes are left; the pad is deleted with the last ones
 * @throws AppError `unauthenticated`, `wrong_credentials` naming `password`, `rate_limited`, `not_found`
 */
export async function purgePad(viewer: Viewer, id: string, { password }: DeleteForEver): Promise<number> {
  const confirmed = await confirmPassword(viewer, password);
  for (let tries = 0; tries < TRIES; tries++) {
    const rows = await purgePadOnce(viewer, id, confirmed);
    const [row] = rows;
    if (!row.isOwner) throw wrongPassword("password");
    if (row.found === null && !row.isPurged) throw new AppError("not_found");
    if (row.isStale) continue;
    for (const { gone } of rows) if (gone) recordThing("note", gone, { purged: true });
    if (row.isPurged || row.emptied) recordThing("pad", id, { purged: true });
    return row.left ?? 0;
  }
  throw new AppError("unavailable", { retryAfterSeconds: 1 });
}

async function purgePadOnce(viewer: Viewer, id: string, confirmed: Confirmed) {
  const home = cte(
    "home",
    { id: pad.id, isStale: column<boolean>("is_stale") },
    // A snapshot from before the pad was deleted may lack notes that went with it.
    sql`select p.id, p.version is distinct from
        (select s.version from pad s where s.user_id = ${viewerId} and s.id = ${id}::uuid) is_stale
      from pad p where p.user_id = ${viewerId} and p.id = ${id}::uuid and p.deleted_at is not null and p.purged_at is null
      for update of p`,
  );
  const doomed = step(
    "doomed",
    sql`select n.id from home join note n on n.user_id = ${viewerId} and n.pad_id = home.id
      where n.deleted_at is null and not home.is_stale
      order by n.id limit ${PURGED_TOGETHER_MAX}::int for update of n`,
  );
  const { ctes, counted, isOwner, back } = purging(confirmed, sql`${id}::uuid`);
  // Notes that an earlier call deleted. Perhaps its answer was lost, and no line has them.
  const unlogged = cte(
    "unlogged",
    { id: note.id },
    sql`select gone.id from gone union all (
        select g.id from purged g where g.user_id = ${viewerId} and g.pad_id = ${id}::uuid and g.logged_at is null
        order by g.purged_at desc limit ${PURGED_TOGETHER_MAX}::int)`,
  );
  const left = cte(
    "left_notes",
    { n: column<number>("n") },
    sql`select ((select count(*) from note n where n.user_id = ${viewerId} and n.pad_id = home.id and n.deleted_at is null)
      - (select count(*) from gone))::int n from home, owner where not home.is_stale`,
  );
  const emptied = cte(
    "emptied",
    { id: pad.id },
    sql`update pad p set name = '', purged_at = clock_timestamp() from left_notes
      where p.user_id = ${viewerId} and p.id = ${id}::uuid and left_notes.n = 0 returning p.id`,
  );
  const forgotten = step(
    "states_forgotten",
    sql`delete from pad_revision r using emptied where r.user_id = ${viewerId} and r.pad_id = emptied.id returning r.pad_id id`,
  );
  const kept = step(
    "pad_purged",
    sql`insert into purged (user_id, kind, id, purged_at) select viewer.user_id, 'pad', emptied.id, clock_timestamp()
      from viewer, emptied on conflict do nothing returning id`,
  );
  return await authorised(viewer, (begin) =>
    begin(
      [
        home,
        doomed,
        ...ctes,
        unlogged,
        left,
        emptied,
        forgotten,
        kept,
        counted(sql`(select count(*) from emptied)`),
        back,
      ],
      {
        isOwner,
        found: home.id,
        isStale: home.isStale,
        left: left.n,
        emptied: emptied.id,
        gone: unlogged.id,
        isPurged: sql<boolean>`${isPurged(pads, sql`${id}::uuid`)}`,
      },
    )
      .leftJoin(home, ALWAYS)
      .leftJoin(left, ALWAYS)
      .leftJoin(emptied, ALWAYS)
      .leftJoin(unlogged, ALWAYS),
  );
}

/**
 * The CTEs that delete the notes of `doomed` and count them off, if the password is still the one that was confirmed.
 * @param padId an expression: the pad that they are deleted with
 */
function purging({ passwordHash, takingBack }: Confirmed, padId: SQL) {
  const owner = step(
    "owner",
    sql`select a.id from account a where a.id = ${viewerId} and a.password_hash = ${passwordHash}::text
      and (select count(*) from doomed) >= 0 for no key update of a`,
  );
  // Their revisions go with them, by the foreign key.
  const gone = cte(
    "gone",
    { id: note.id },
    sql`delete from note n using doomed where n.user_id = ${viewerId} and n.id = doomed.id and exists (select 1 from owner)
      returning n.id`,
  );
  const kept = step(
    "notes_purged",
    sql`insert into purged (user_id, kind, id, purged_at, pad_id)
      select viewer.user_id, 'note', gone.id, clock_timestamp(), ${padId} from viewer, gone on conflict do nothing returning id`,
  );
  const counted = (padsGone: SQL) =>
    step(
      "counted",
      // Its size is measured again at the next run of the job: perhaps the user made room.
      sql`update account set notes = notes - (select count(*) from gone), pads = pads - ${padsGone}, measured_at = 'epoch' from owner
        where account.id = owner.id and (exists (select 1 from gone) or ${padsGone} > 0) returning notes`,
    );
  return {
    ctes: [owner, gone, kept],
    gone,
    counted,
    isOwner: sql<boolean>`exists (select 1 from owner)`,
    back: takingBack(sql`exists (select 1 from owner)`),
  };
}
