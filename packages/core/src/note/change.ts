// The one shape of a change to a note: save, delete, restore and revert differ only in the state that follows.
//
// The note is locked, replaced where there is a state to follow, and the state before it is archived, in one statement.
// A statement's snapshot is older than the locks it waits for, so all that is checked, archived or answered is read
// from the row that was locked in `old`, and whether a pad is live from the row that was locked `for share`.
import { type SQL, sql } from "drizzle-orm";
import { database } from "../db/client.ts";
import { columnsOf } from "../db/columns.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { authorised, type Viewer, viewerId, viewerIs } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import type { KINDS } from "../revision/schema.ts";
import { note } from "./note.sql.ts";

/** The columns of a note's header. */
export const shown = {
  id: note.id,
  padId: note.padId,
  name: note.name,
  version: note.version,
  createdAt: note.createdAt,
  updatedAt: note.updatedAt,
};

/** What a change is told, and what it decides. SQL sees `input`, `target`, `old` and `home`. */
export interface Change {
  kind: (typeof KINDS)[number];
  id: string;
  /**
   * The CTE body `input`, one row: at least `target_id uuid`, the pad that the note is to be put into (null where none
   * is named), and what the rest of this change refers to.
   */
  input: SQL;
  /**
   * A query on `old` and `input` for the state that follows, columns `name`, `text`, `pad_id`, `save_hash` and
   * `deleted`: no row, where nothing may change. A state that equals the present one makes no new version.
   */
  next: SQL;
  /** Holds on `old` and `input` where `old` is what this same change made before. */
  repeated?: SQL;
  /** A query on `old` and `input` for the text to answer with, column `text`: no row, where the caller holds it. */
  textWanted: SQL;
}

export interface Outcome {
  /** The note as it is now. */
  note: { id: string; padId: string | null; name: string; version: number; createdAt: Date; updatedAt: Date };
  /** The text that was wanted; else empty. */
  text: string;
  /** Whether this call made a new version. */
  changed: boolean;
  repeated: boolean;
  /** Whether it was deleted by itself, before this change. */
  wasDeleted: boolean;
  /** Whether it was in no pad or a live one, before this change. */
  hadHome: boolean;
  /** Whether the pad that was named is a live one of this user. */
  targetIsLive: boolean;
}

/** Holds where the locked note is live. */
export const LIVE = sql`old.deleted_at is null and (old.pad_id is null or exists (select 1 from home))`;
/** Holds where the note may be put into the pad that was named, if one was. */
export const TARGET_OK = sql`(input.target_id is null or exists (select 1 from target))`;

/** @throws AppError `unauthenticated`, `not_found` where there is no such note at all */
export async function change(viewer: Viewer, what: Change): Promise<Outcome> {
  const db = database();
  const mine = viewerIs(viewer);
  const input = db.$with("input", { targetId: note.padId }).as(what.input);
  const target = db.$with("target", { id: note.id }).as(
    sql`select p.id from pad p join input on p.id = input.target_id
      where p.user_id = ${viewerId} and p.deleted_at is null for share of p`,
  );
  const old = db
    .$with("old", { ...shown, deletedAt: note.deletedAt })
    .as(
      sql`select n.* from note n where n.user_id = ${viewerId} and n.id = ${what.id}::uuid for no key update of n`,
    );
  const home = db.$with("home", { id: note.id }).as(
    sql`select p.id from pad p join old on p.user_id = old.user_id and p.id = old.pad_id
      where p.deleted_at is null for share of p`,
  );
  const updated = db
    .$with("updated", {
      version: note.version,
      padId: note.padId,
      name: note.name,
      updatedAt: note.updatedAt,
    })
    .as(
      sql`update note set version = old.version + 1, name = next.name, text = next.text, pad_id = next.pad_id,
          kind = ${sql.raw(`'${what.kind}'`)}, save_hash = next.save_hash, changed_at = at.now,
          updated_at = case when (next.name, next.text, next.pad_id) is distinct from (old.name, old.text, old.pad_id)
            then at.now else old.updated_at end,
          deleted_at = case when next.deleted then at.now end
        from old, (${what.next}) next,
          lateral (select greatest(clock_timestamp()::timestamptz(3), old.changed_at + interval '1 ms') now) at
        where note.user_id = old.user_id and note.id = old.id
          and (next.name, next.text, next.pad_id, next.deleted)
            is distinct from (old.name, old.text, old.pad_id, old.deleted_at is not null)
        returning note.version, note.pad_id, note.name, note.updated_at`,
    );
  const archived = db.$with("archived", { version: note.version }).as(
    sql`insert into revision
        (user_id, note_id, version, pad_id, name, text, bytes, hash, kind, updated_at, changed_at, deleted_at)
      select old.user_id, old.id, old.version, old.pad_id, old.name, old.text, octet_length(old.text),
        sha256(convert_to(old.text, 'UTF8')), old.kind, old.updated_at, old.changed_at, old.deleted_at
      from old join updated on true returning version`,
  );
  const decided = db
    .$with("decided", {
      hadHome: sql<boolean>`had_home`.as("had_home"),
      targetIsLive: sql<boolean>`target_is_live`.as("target_is_live"),
      repeated: sql<boolean>`repeated`.as("repeated"),
    })
    .as(
      sql`select old.pad_id is null or exists (select 1 from home) had_home, exists (select 1 from target) target_is_live,
        coalesce(${what.repeated ?? sql`false`}, false) repeated
        from old, input`,
    );
  const piece = piecesOf(what.textWanted);
  const rows = await authorised(
    db
      .with(mine, input, target, old, home, updated, archived, decided, piece)
      .select({
        userId: mine.userId,
        old: columnsOf(old, { ...shown, deletedAt: true }),
        updated: {
          version: updated.version,
          padId: updated.padId,
          name: updated.name,
          updatedAt: updated.updatedAt,
        },
        hadHome: decided.hadHome,
        targetIsLive: decided.targetIsLive,
        repeated: decided.repeated,
        bytes: piece.bytes,
      })
      .from(mine)
      .leftJoin(old, sql`true`)
      .leftJoin(updated, sql`true`)
      .leftJoin(decided, sql`true`)
      .leftJoin(piece, sql`true`)
      .orderBy(piece.i),
  );
  const [{ old: before, updated: after, hadHome, targetIsLive, repeated }] = rows;
  if (!before) throw new AppError("not_found");
  return {
    note: { ...before, ...after },
    text: textOf(rows),
    changed: after !== null,
    repeated: repeated === true,
    wasDeleted: before.deletedAt !== null,
    hadHome: hadHome === true,
    targetIsLive: targetIsLive === true,
  };
}
