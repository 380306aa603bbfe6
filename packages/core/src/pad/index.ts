// What can be done with pads. Whoever puts a note into a pad locks it `for share`; who deletes it marks that same row:
// what was put in before goes along, what comes after is refused.
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import { database } from "../db/client.ts";
import { columnsOf } from "../db/columns.ts";
import { violates } from "../db/errors.ts";
import { fingerprint, once } from "../db/fingerprint.ts";
import { authorised, type Viewer, viewerId, viewerIs } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { READERS_COLLATION } from "../note/note.sql.ts";
import type { KINDS } from "../revision/schema.ts";
import { pad } from "./pad.sql.ts";
import { type CreatePad, PADS_MAX, type Pad, type RenamePad } from "./schema.ts";

const shown = {
  id: pad.id,
  name: pad.name,
  noteCount: sql<number>`note_count`.as("note_count"),
  version: pad.version,
  createdAt: pad.createdAt,
  updatedAt: pad.updatedAt,
};

/** A pad as the contract has it. */
export function serialize(row: {
  id: string;
  name: string;
  noteCount: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}): Pad {
  return {
    id: row.id,
    name: row.name,
    noteCount: row.noteCount,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The notes that a pad shows, or that lie in the trash with it: those not deleted by themselves. */
export function notesIn(padId: SQL): SQL {
  return sql`(select count(*) from note c where c.user_id = ${viewerId} and c.pad_id = ${padId} and c.deleted_at is null)::int`;
}

/**
 * The viewer's pads, by name.
 * @throws AppError `unauthenticated`
 */
export async function list(viewer: Viewer): Promise<Pad[]> {
  const db = database();
  const mine = viewerIs(viewer);
  const live = db.$with("live", shown).as(
    // All counts in one value, that is made once whatever the plan: an engine that has gathered no statistics plans a
    // join, or a count for each pad, as if there were one pad.
    sql`select p.id, p.name, p.version, p.created_at, p.updated_at,
        coalesce(((
          select jsonb_object_agg(counted.pad_id, counted.n) from (
            select c.pad_id, count(*) n from note c
            where c.user_id = ${viewerId} and c.pad_id is not null and c.deleted_at is null group by c.pad_id
          ) counted
        ) ->> p.id::text)::int, 0) note_count
      from pad p where p.user_id = ${viewerId} and p.deleted_at is null`,
  );
  const rows = await authorised(
    db
      .with(mine, live)
      .select({ userId: mine.userId, pad: columnsOf(live, shown) })
      .from(mine)
      .leftJoin(live, sql`true`)
      .orderBy(sql`${live.name} ${READERS_COLLATION}, ${live.id}`),
  );
  return rows.flatMap((row) => (row.pad ? [serialize(row.pad)] : []));
}

/**
 * @returns the pad, and whether this call made it; sent again, it is the pad that the first one made
 * @throws AppError `unauthenticated`, `conflict` where the id holds another pad or one in the trash, `too_many_pads`
 */
export async function create(viewer: Viewer, input: CreatePad): Promise<{ pad: Pad; created: boolean }> {
  const db = database();
  const mine = viewerIs(viewer);
  const createHash = fingerprint(input.name);
  const made = db
    .$with("made", {
      ...shown,
      created: sql<boolean>`created`.as("created"),
      same: sql<boolean>`same`.as("same"),
    })
    .as(
      sql`insert into pad (user_id, id, name, version, kind, create_hash, created_at, updated_at, changed_at)
      select viewer.user_id, ${input.id ?? randomUUID()}::uuid, ${input.name}::text, 1, 'create', ${createHash}::bytea, at.now, at.now, at.now
      from viewer, (select clock_timestamp()::timestamptz(3) now) at
      on conflict (user_id, id) do update set version = pad.version
      returning id, name, version, created_at, updated_at, deleted_at,
        old.id is null created, pad.create_hash = ${createHash}::bytea and pad.deleted_at is null same,
        ${notesIn(sql`pad.id`)} note_count`,
    );
  const counted = db
    .$with("counted", { pads: account.pads })
    .as(
      sql`update account set pads = pads + 1 from made where made.created and account.id = ${viewerId} returning pads`,
    );
  const statement = db
    .with(mine, made, counted)
    .select({ userId: mine.userId, pad: columnsOf(made, shown), created: made.created, same: made.same })
    .from(mine)
    .innerJoin(made, sql`true`);
  const [row] = await authorised(statement).catch((error) => {
    if (!violates(error, "account_pads")) throw error;
    throw new AppError("too_many_pads", {
      detail: `An account has at most ${PADS_MAX} pads, those in the trash counted.`,
      fields: { name: [`There are ${PADS_MAX} pads already, those in the trash counted`] },
    });
  });
  if (!row.created && !row.same) {
    throw new AppError("conflict", { detail: "This id belongs to another pad, or to one that was deleted." });
  }
  return { pad: serialize(row.pad), created: row.created };
}

/** @throws AppError `unauthenticated`, `not_found` */
export async function get(viewer: Viewer, id: string): Promise<Pad> {
  const db = database();
  const mine = viewerIs(viewer);
  const live = db.$with("live", shown).as(
    sql`select p.id, p.name, p.version, p.created_at, p.updated_at, ${notesIn(sql`p.id`)} note_count
      from pad p where p.user_id = ${viewerId} and p.id = ${id}::uuid and p.deleted_at is null`,
  );
  const [row] = await authorised(
    db
      .with(mine, live)
      .select({ userId: mine.userId, pad: columnsOf(live, shown) })
      .from(mine)
      .leftJoin(live, sql`true`),
  );
  if (!row.pad) throw new AppError("not_found");
  return serialize(row.pad);
}

/**
 * @param base the version that the new name is meant for
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the pad as it is now
 */
export async function rename(viewer: Viewer, id: string, base: number, input: RenamePad): Promise<Pad> {
  const row = await change(viewer, {
    kind: "save",
    id,
    hash: fingerprint(base, input.name),
    base,
    next: sql`select ${input.name}::text name, false deleted
      from old where old.deleted_at is null and old.version = ${base}::int and old.name <> ${input.name}::text`,
  });
  if (row.wasDeleted) throw new AppError("not_found");
  const pad = serialize(row.pad);
  if (!row.changed && !row.repeated && pad.version !== base) {
    throw new AppError("version_mismatch", { detail: "The pad was changed in the meantime.", current: pad });
  }
  return pad;
}

/**
 * Moves a pad to the trash, and its notes go along; where it lies there already, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function remove(viewer: Viewer, id: string): Promise<void> {
  const next = sql`select old.name, true deleted from old where old.deleted_at is null`;
  await change(viewer, { kind: "delete", id, hash: once(), next });
}

/**
 * Takes a pad out of the trash, with the notes that went along; where it is back already, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function restore(viewer: Viewer, id: string): Promise<Pad> {
  const next = sql`select old.name, false deleted from old where old.deleted_at is not null`;
  return serialize((await change(viewer, { kind: "restore", id, hash: once(), next })).pad);
}

interface Change {
  kind: (typeof KINDS)[number];
  id: string;
  /** Recognises this change when it is sent again; see note/change.ts. */
  hash: Buffer;
  /** The version that a save was made on: only right after it is a save the same again. */
  base?: number;
  /** A query on `old` for the state that follows, columns `name` and `deleted`: no row, where nothing is to change. */
  next: SQL;
}

/**
 * The one shape of a change: lock the pad, replace its state where `next` has one, and keep the state before. All that
 * is decided or answered is read from the locked row: the rest of what a statement sees is older than its locks.
 * @throws AppError `unauthenticated`, `not_found`
 */
async function change(viewer: Viewer, { kind, id, hash, base, next }: Change) {
  const db = database();
  const mine = viewerIs(viewer);
  const repeated =
    base === undefined
      ? sql`exists (select 1 from pad_revision r
          where r.user_id = old.user_id and r.pad_id = old.id and r.save_hash = ${hash}::bytea)
        or coalesce(old.save_hash = ${hash}::bytea, false)`
      : sql`old.version - 1 = ${base}::int and coalesce(old.save_hash = ${hash}::bytea, false)`;
  const old = db
    .$with("old", { ...shown, deletedAt: pad.deletedAt, repeated: sql<boolean>`repeated`.as("repeated") })
    .as(
      sql`select old.*, ${notesIn(sql`old.id`)} note_count, ${repeated} repeated
        from (select p.* from pad p where p.user_id = ${viewerId} and p.id = ${id}::uuid for no key update of p) old`,
    );
  const updated = db.$with("updated", { version: pad.version, name: pad.name, updatedAt: pad.updatedAt }).as(
    sql`update pad set version = old.version + 1, name = next.name, kind = ${sql.raw(`'${kind}'`)},
        save_hash = ${hash}::bytea, changed_at = at.now,
        updated_at = case when next.name = old.name then old.updated_at else at.now end,
        deleted_at = case when next.deleted then at.now end
      from old, (${next}) next,
        lateral (select greatest(clock_timestamp()::timestamptz(3), old.changed_at + interval '1 ms') now) at
      where pad.user_id = old.user_id and pad.id = old.id and not old.repeated
      returning pad.version, pad.name, pad.updated_at`,
  );
  const archived = db.$with("archived", { version: pad.version }).as(
    sql`insert into pad_revision
        (user_id, pad_id, version, name, kind, save_hash, updated_at, changed_at, deleted_at)
      select old.user_id, old.id, old.version, old.name, old.kind, old.save_hash, old.updated_at, old.changed_at,
        old.deleted_at
      from old join updated on true returning version`,
  );
  const [row] = await authorised(
    db
      .with(mine, old, updated, archived)
      .select({
        userId: mine.userId,
        old: { ...columnsOf(old, shown), deletedAt: old.deletedAt, repeated: old.repeated },
        updated: { version: updated.version, name: updated.name, updatedAt: updated.updatedAt },
      })
      .from(mine)
      .leftJoin(old, sql`true`)
      .leftJoin(updated, sql`true`),
  );
  if (!row.old) throw new AppError("not_found");
  return {
    pad: { ...row.old, ...row.updated },
    wasDeleted: row.old.deletedAt !== null,
    repeated: row.old.repeated,
    changed: row.updated !== null,
  };
}
