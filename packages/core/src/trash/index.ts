// The trash: what was deleted, and how it comes back. Pads and notes are one sequence; a pad's notes come back with it.
import { sql } from "drizzle-orm";
import * as z from "zod/mini";
import { database } from "../db/client.ts";
import { columnsOf } from "../db/columns.ts";
import { once } from "../db/fingerprint.ts";
import { authorised, type Viewer, viewerId, viewerIs } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Id } from "../field/schema.ts";
import { change, HAD_HOME, LIVE, shown, TARGET_IS_LIVE } from "../note/change.ts";
import { noSuchPad, serialize, summarize } from "../note/index.ts";
import { note } from "../note/note.sql.ts";
import { type Note, PAGE_DEFAULT } from "../note/schema.ts";
import * as Pad from "../pad/index.ts";
import { pad } from "../pad/pad.sql.ts";
import { CursorTime, cursorAt, page, positionOf } from "../paging/index.ts";
import { type ListTrash, type RestoreNote, TRASH_DAYS, type TrashPage } from "./schema.ts";

/** The columns of what lies in the trash, of both kinds. */
const item = {
  ...shown,
  excerpt: note.excerpt,
  deletedAt: sql<Date>`deleted_at`.mapWith(note.updatedAt).as("deleted_at"),
  kind: sql<"note" | "pad">`kind`.as("kind"),
  noteCount: sql<number>`note_count`.as("note_count"),
};

const DAY_MS = 86_400_000;

function lying(deletedAt: Date) {
  return {
    deletedAt: deletedAt.toISOString(),
    recoverableUntil: new Date(deletedAt.getTime() + TRASH_DAYS * DAY_MS).toISOString(),
  };
}

/**
 * A page of the viewer's trash, newest first: pads, and notes that were deleted by themselves; or, with `pad`, the
 * notes that come back with that pad.
 * @throws AppError `unauthenticated`, `not_found` where `pad` is none that lies in the trash, `invalid_input` naming
 *   `cursor`
 */
export async function list(viewer: Viewer, wanted: ListTrash): Promise<TrashPage> {
  const db = database();
  const mine = viewerIs(viewer);
  const { pad: padId, limit = PAGE_DEFAULT } = wanted;
  const position = positionOf(
    wanted.cursor,
    z.tuple([z.literal("trash"), CursorTime, z.enum(["note", "pad"]), Id]),
  );
  const notes = sql`select 'note' kind, n.id, n.pad_id, n.name, n.version, n.created_at, n.updated_at, n.excerpt,
      n.deleted_at, 0 note_count
    from note n where n.user_id = ${viewerId} and n.deleted_at is not null`;
  const pads = sql`select 'pad' kind, p.id, null::uuid pad_id, p.name, p.version, p.created_at, p.updated_at, '' excerpt,
      p.deleted_at, ${Pad.notesIn(sql`p.id`)} note_count
    from pad p where p.user_id = ${viewerId} and p.deleted_at is not null`;
  const alongWithPad = sql`select 'note' kind, n.id, n.pad_id, n.name, n.version, n.created_at, n.updated_at, n.excerpt,
      dead.deleted_at, 0 note_count
    from dead_pad dead join note n on n.pad_id = dead.id where n.user_id = ${viewerId} and n.deleted_at is null`;

  const deadPad = db.$with("dead_pad", { id: pad.id }).as(
    padId
      ? sql`select p.id, p.deleted_at from pad p
          where p.user_id = ${viewerId} and p.id = ${padId}::uuid and p.deleted_at is not null`
      : sql`select p.id, p.deleted_at from pad p where false`,
  );
  const paged = db.$with("paged", item).as(
    sql`select * from (${padId ? alongWithPad : sql`${notes} union all ${pads}`}) t
        ${position ? sql`where (t.deleted_at, t.kind, t.id) < (${position[1]}::timestamptz, ${position[2]}::text, ${position[3]}::uuid)` : sql``}
        order by t.deleted_at desc, t.kind desc, t.id desc limit ${limit + 1}::int`,
  );
  const rows = await authorised(
    db
      .with(mine, deadPad, paged)
      .select({
        userId: mine.userId,
        padId: deadPad.id,
        item: columnsOf(paged, item),
      })
      .from(mine)
      .leftJoin(deadPad, sql`true`)
      .leftJoin(paged, sql`true`)
      .orderBy(sql`${paged.deletedAt} desc, ${paged.kind} desc, ${paged.id} desc`),
  );
  if (padId && !rows[0].padId) throw new AppError("not_found");
  const found = page(
    rows.flatMap((row) => (row.item ? [row.item] : [])),
    limit,
  );
  const last = found.rows.at(-1);
  return {
    notes: found.rows
      .filter((item) => item.kind === "note")
      .map((item) => ({ ...summarize(item), ...lying(item.deletedAt) })),
    pads: found.rows
      .filter((item) => item.kind === "pad")
      .map((item) => ({ ...Pad.serialize(item), ...lying(item.deletedAt) })),
    nextCursor:
      found.more && last ? cursorAt(["trash", last.deletedAt.toISOString(), last.kind, last.id]) : null,
  };
}

/**
 * Takes a note out of the trash, into the pad that it had or the one that is named (null: none). A live note stays as
 * it is, whatever is named.
 * @throws AppError `unauthenticated`, `not_found`, `conflict` where its pad is not live and none is named,
 *   `invalid_input` naming `padId`
 */
export async function restoreNote(viewer: Viewer, id: string, sent: RestoreNote): Promise<Note> {
  const names = sent.padId !== undefined;
  const outcome = await change(viewer, {
    kind: "restore",
    id,
    hash: once(),
    input: sql`select ${names}::boolean names, ${sent.padId ?? null}::uuid target_id`,
    next: sql`select old.name, old.text, case when input.names then input.target_id else old.pad_id end pad_id,
        false deleted
      from old, input
      where not ${LIVE} and case when input.names then ${TARGET_IS_LIVE} else ${HAD_HOME} end`,
    textWanted: sql`select old.text from old`,
  });
  if (!outcome.changed && !outcome.repeated && !outcome.wasLive) {
    if (names) throw noSuchPad();
    throw new AppError("conflict", {
      detail: "Its pad was deleted. Say where it shall go: padId, or null for no pad.",
    });
  }
  return serialize(outcome.note, outcome.text);
}
