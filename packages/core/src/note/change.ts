// The one shape of a change to a note: save, delete, restore and revert differ only in the state that follows.
//
// The note is locked, replaced where there is a state to follow, and the state before it is archived, in one statement.
// A statement's snapshot is older than the locks it waits for, so all that is checked, archived or answered is read
// from the row that was locked in `old`, and whether a pad is live from the row that was locked `for share`. Where the
// locked row points at something newer than the snapshot, nothing is written and the statement runs again.
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

/** What a change is told, and what it decides. SQL sees `input`, `old` and `decided`. */
export interface Change {
  kind: (typeof KINDS)[number];
  id: string;
  /**
   * Recognises this change when the SDK or the client sends it again: the row keeps it, and so does its revision when
   * another change follows. A save is the same again by what it sends; everything else by its request (`once`).
   */
  hash: Buffer;
  /**
   * The CTE body `input`, one row: at least `target_id uuid`, the pad that the note is to be put into (null where none
   * is named), and what the rest of this change refers to.
   */
  input: SQL;
  /**
   * A query for the state that follows, columns `name`, `text`, `pad_id` and `deleted`: no row, where nothing may
   * change. A state that equals the present one makes no new version.
   */
  next: SQL;
  /** Holds where `input` was read from a snapshot that the locked note has left behind. */
  stale?: SQL;
  /** A query for the text to answer with, column `text`: no row, where the caller holds it. */
  textWanted: SQL;
}

export interface Outcome {
  /** The note as it is now. */
  note: { id: string; padId: string | null; name: string; version: number; createdAt: Date; updatedAt: Date };
  /** The text that was wanted; else empty. */
  text: string;
  /** Whether this call made a new version. */
  changed: boolean;
  /** Whether the present state is what this same change made before. */
  repeated: boolean;
  /** Whether it was live before this change. */
  wasLive: boolean;
  /** Whether it may be put into the pad that was named; true where none was. */
  targetIsLive: boolean;
}

/** Holds where the locked note is live. */
export const LIVE = sql`(old.deleted_at is null and (select d.had_home from decided d))`;
/** Holds where the note was in no pad, or in a live one. */
export const HAD_HOME = sql`(select d.had_home from decided d)`;
/** Holds where the note may be put into the pad that was named, if one was. */
export const TARGET_IS_LIVE = sql`(select d.target_is_live from decided d)`;

/** How often a statement is repeated whose snapshot was too old for what it locked. Once is enough but for a new race. */
const TRIES = 4;

/**
 * @throws AppError `unauthenticated`, `not_found` where there is no such note at all, `unavailable` where others changed
 *   it faster than it could be read
 */
export async function change(viewer: Viewer, what: Change): Promise<Outcome> {
  for (let tries = 0; tries < TRIES; tries++) {
    const outcome = await attempt(viewer, what);
    if (outcome !== "stale") return outcome;
  }
  throw new AppError("unavailable", { retryAfterSeconds: 1 });
}

async function attempt(viewer: Viewer, what: Change): Promise<Outcome | "stale"> {
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
  // Whether it is deleted is judged after the lock: the snapshot may be older than its coming back.
  const home = db
    .$with("home", { id: note.id })
    .as(
      sql`select p.id, p.deleted_at from pad p join old on p.user_id = old.user_id and p.id = old.pad_id for share of p`,
    );
  const decided = db
    .$with("decided", {
      hadHome: sql<boolean>`had_home`.as("had_home"),
      targetIsLive: sql<boolean>`target_is_live`.as("target_is_live"),
      repeated: sql<boolean>`repeated`.as("repeated"),
      stale: sql<boolean>`stale`.as("stale"),
    })
    .as(
      sql`select old.pad_id is null or exists (select 1 from home where home.deleted_at is null) had_home,
          input.target_id is null or exists (select 1 from target) target_is_live,
          ${what.kind === "save" ? sql`old.version - 1 = input.base and` : sql``} (
            coalesce(old.save_hash = ${what.hash}::bytea, false)
            ${what.kind === "save" ? sql`` : sql`or exists (select 1 from revision r where r.user_id = old.user_id and r.note_id = old.id and r.save_hash = ${what.hash}::bytea)`}
          ) repeated,
          (old.pad_id is not null and not exists (select 1 from home)) or coalesce(${what.stale ?? sql`false`}, false) stale
        from old, input`,
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
          kind = ${sql.raw(`'${what.kind}'`)}, save_hash = ${what.hash}::bytea, changed_at = at.now,
          updated_at = case when (next.name, next.text, next.pad_id) is distinct from (old.name, old.text, old.pad_id)
            then at.now else old.updated_at end,
          deleted_at = case when next.deleted then at.now end
        from old, (${what.next}) next,
          lateral (select greatest(clock_timestamp()::timestamptz(3), old.changed_at + interval '1 ms') now) at
        where note.user_id = old.user_id and note.id = old.id
          and not (select d.stale or d.repeated from decided d)
          and (next.name, next.text, next.pad_id, next.deleted)
            is distinct from (old.name, old.text, old.pad_id, old.deleted_at is not null)
        returning note.version, note.pad_id, note.name, note.updated_at`,
    );
  const archived = db.$with("archived", { version: note.version }).as(
    sql`insert into revision
        (user_id, note_id, version, pad_id, name, text, bytes, hash, kind, save_hash, updated_at, changed_at, deleted_at)
      select old.user_id, old.id, old.version, old.pad_id, old.name, old.text, octet_length(old.text),
        sha256(convert_to(old.text, 'UTF8')), old.kind, old.save_hash, old.updated_at, old.changed_at, old.deleted_at
      from old join updated on true returning version`,
  );
  const piece = piecesOf(what.textWanted);
  const rows = await authorised(
    db
      .with(mine, input, target, old, home, decided, updated, archived, piece)
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
        stale: decided.stale,
        bytes: piece.bytes,
      })
      .from(mine)
      .leftJoin(old, sql`true`)
      .leftJoin(updated, sql`true`)
      .leftJoin(decided, sql`true`)
      .leftJoin(piece, sql`true`)
      .orderBy(piece.i),
  );
  const [{ old: before, updated: after, hadHome, targetIsLive, repeated, stale }] = rows;
  if (!before) throw new AppError("not_found");
  if (stale) return "stale";
  return {
    note: { ...before, ...after },
    text: textOf(rows),
    changed: after !== null,
    repeated: repeated === true,
    wasLive: before.deletedAt === null && hadHome === true,
    targetIsLive: targetIsLive === true,
  };
}
