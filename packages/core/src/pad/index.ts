// Operations on pads. A statement that puts a note into a pad locks the pad `for share`, and a deletion marks that same row.
// So a deletion takes along the notes that were put in before it, and later ones are refused.
import { type SQL, sql } from "drizzle-orm";
import { changeOne } from "../db/change.ts";
import { READERS_COLLATION } from "../db/columns.ts";
import { create as createThing } from "../db/create.ts";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { violates } from "../db/errors.ts";
import { once } from "../db/fingerprint.ts";
import { deletedForEver } from "../db/purged.ts";
import { remove as removeThing, save } from "../db/save.ts";
import { withIsoTimes } from "../db/times.ts";
import type { Versioned } from "../db/versioned.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError, fieldError } from "../errors.ts";
import { PADS_MAX } from "./limits.ts";
import { pad, padContent, padRevision } from "./pad.sql.ts";
import type { CreatePad, Pad, RenamePad } from "./schema.ts";

export const shown = {
  id: pad.id,
  ...columnsOf(pad, padContent),
  noteCount: column<number>("note_count"),
  version: pad.version,
  createdAt: pad.createdAt,
  updatedAt: pad.updatedAt,
};

/** Counts the notes that a pad shows, or that are in the trash with it: those that were not deleted by themselves. */
export function notesIn(padId: SQL): SQL {
  return sql`(select count(*) from note c where c.user_id = ${viewerId} and c.pad_id = ${padId} and c.deleted_at is null)::int`;
}

/** Pads as a versioned thing. */
export const pads: Versioned<keyof typeof padContent, typeof shown, Pad> = {
  noun: "pad",
  table: pad,
  revisions: padRevision,
  revisionOf: "pad_id",
  content: Object.keys(padContent) as (keyof typeof padContent)[],
  derived: [],
  described: [],
  archived: {},
  shown,
  computed: (row) => sql`${notesIn(sql`${row}.id`)} note_count`,
  serialize: withIsoTimes,
};

/**
 * The viewer's live pads, by name.
 * @param counted a query of (pad_id, n): the number of notes in each pad that has some
 */
export function livePads(counted: SQL) {
  return cte(
    "live",
    { ...shown, rank: column<number>("rank") },
    // All counts are one value, so every plan computes it once. Without statistics, PostgreSQL plans a join, or a count for
    // each pad, as if there were one pad.
    sql`select p.*, row_number() over (order by p.name ${READERS_COLLATION}, p.id) rank,
        coalesce(((select jsonb_object_agg(counted.pad_id, counted.n) from (${counted}) counted) ->> p.id::text)::int, 0)
          note_count
      from pad p where p.user_id = ${viewerId} and p.deleted_at is null`,
  );
}

/**
 * The viewer's pads, by name.
 * @throws AppError `unauthenticated`
 */
export async function list(viewer: Viewer): Promise<Pad[]> {
  const live = livePads(sql`select c.pad_id, count(*) n from note c
    where c.user_id = ${viewerId} and c.pad_id is not null and c.deleted_at is null group by c.pad_id`);
  const rows = await authorised(viewer, (begin) =>
    begin([live], { pad: columnsOf(live, shown) })
      .leftJoin(live, ALWAYS)
      .orderBy(live.rank),
  );
  return rows.flatMap((row) => (row.pad ? [pads.serialize(row.pad, "")] : []));
}

/**
 * @returns the pad, and whether this call made it. A repetition gets the pad that the first call made, as it is now.
 * @throws AppError `unauthenticated`, `conflict` if the id holds another pad or one in the trash, `too_many_pads`
 */
export async function create(viewer: Viewer, input: CreatePad): Promise<{ pad: Pad; created: boolean }> {
  const counted = step(
    "counted",
    sql`update account set pads = pads + 1 from made where made.created and account.id = ${viewerId} returning pads`,
  );
  const { thing: pad, created } = await createThing(viewer, pads, input, { counted }).catch((error) => {
    if (!violates(error, "account_pads")) throw error;
    throw tooManyPads();
  });
  return { pad, created };
}

function tooManyPads(): AppError {
  const message = `An account can have at most ${PADS_MAX} pads, including those in the trash`;
  return fieldError("too_many_pads", "name", { code: "limit_reached", message }, `${message}.`);
}

/** @throws AppError `unauthenticated`, `not_found` */
export async function get(viewer: Viewer, id: string): Promise<Pad> {
  const live = cte(
    "live",
    shown,
    sql`select p.*, ${notesIn(sql`p.id`)} note_count
      from pad p where p.user_id = ${viewerId} and p.id = ${id}::uuid and p.deleted_at is null`,
  );
  const [row] = await authorised(viewer, (begin) =>
    begin([live], { pad: columnsOf(live, shown) }).leftJoin(live, ALWAYS),
  );
  if (!row.pad) throw new AppError("not_found");
  return pads.serialize(row.pad, "");
}

/**
 * @param base the version that the new name is based on
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the pad as it is now
 */
export function rename(viewer: Viewer, id: string, base: number, input: RenamePad): Promise<Pad> {
  return save(viewer, pads, id, base, input);
}

/**
 * Moves a pad and its notes to the trash. If it is there already, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export function remove(viewer: Viewer, id: string): Promise<void> {
  return removeThing(viewer, pads, id);
}

/**
 * Takes a pad and its notes out of the trash. If it is back already, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function restore(viewer: Viewer, id: string): Promise<Pad> {
  const { thing, isMeant } = await changeOne(viewer, pads, {
    kind: "restore",
    hash: once(),
    input: [{ id }],
    set: {},
    deleted: false,
    when: sql`old.deleted_at is not null and old.purged_at is null`,
    meant: sql`old.purged_at is null`,
  });
  if (!isMeant) throw deletedForEver("pad");
  return pads.serialize(thing, "");
}
