// The trash: lists deleted pads and notes in one sequence, and restores them. A pad's notes come back with it.
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { changeOne } from "../db/change.ts";
import { HOME_IS_LIVE, IS_LIVE, TARGET_IS_LIVE } from "../db/change-statement.ts";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { once } from "../db/fingerprint.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Id } from "../field/schema.ts";
import { contains, requireTurn, searchTurn } from "../note/matching.ts";
import { note } from "../note/note.sql.ts";
import type { Note } from "../note/schema.ts";
import { noSuchPad, shown as noteColumns, notes, summarize } from "../note/versioned.ts";
import { notesIn, shown as padColumns, pads } from "../pad/index.ts";
import { pad } from "../pad/pad.sql.ts";
import { CursorTime, pageOf, positionOf } from "../paging/index.ts";
import { PAGE_DEFAULT } from "../paging/schema.ts";
import { type ListTrash, type RestoreNote, TRASH_DAYS, type TrashPage } from "./schema.ts";

const noteInLists = { ...noteColumns, excerpt: note.excerpt };

/** A note or a pad in the trash. */
const item = {
  kind: column<"note" | "pad">("kind"),
  id: note.id,
  deletedAt: sql<Date>`deleted_at`.mapWith(note.updatedAt).as("deleted_at"),
};

const DAY_MS = 86_400_000;

function recoverable(deletedAt: Date) {
  return {
    deletedAt: deletedAt.toISOString(),
    recoverableUntil: new Date(deletedAt.getTime() + TRASH_DAYS * DAY_MS).toISOString(),
  };
}

const NOTES = sql`select 'note' kind, n.id, n.deleted_at from note n where n.user_id = ${viewerId} and n.deleted_at is not null`;
const PADS = sql`select 'pad' kind, p.id, p.deleted_at from pad p
  where p.user_id = ${viewerId} and p.deleted_at is not null and p.purged_at is null`;
const NOTES_OF_DELETED_PAD = sql`select 'note' kind, n.id, d.deleted_at from deleted_pad d join note n on n.pad_id = d.id
  where n.user_id = ${viewerId} and n.deleted_at is null`;

/**
 * A page of the viewer's trash, newest first: pads, and notes that were deleted by themselves. With `pad`, it lists the
 * notes that come back with that pad.
 * @throws AppError `unauthenticated`, `not_found` if `pad` is not in the trash, `invalid_input` naming `cursor`,
 *   `rate_limited` if two searches of the user run already
 */
export async function list(viewer: Viewer, wanted: ListTrash): Promise<TrashPage> {
  const { q, pad: padId, limit = PAGE_DEFAULT } = wanted;
  const position = positionOf(
    wanted.cursor,
    z.tuple([z.literal("trash"), CursorTime, z.enum(["note", "pad"]), Id]),
  );
  const after = position
    ? sql`where (t.deleted_at, t.kind, t.id) < (${position[1]}::timestamptz, ${position[2]}::text, ${position[3]}::uuid)`
    : sql``;
  const deletedPad = deletedPadCte(padId);
  const turn = searchTurn(q !== undefined && q !== "");
  const trashed = step("trashed", trashedWith(padId, q));
  const paged = cte(
    "paged",
    item,
    sql`select * from trashed t ${after} order by t.deleted_at desc, t.kind desc, t.id desc limit ${limit + 1}::int`,
  );
  const trashedNote = cte(
    "trashed_note",
    noteInLists,
    sql`select n.* from paged t join note n on n.user_id = ${viewerId} and n.id = t.id where t.kind = 'note'`,
  );
  const trashedPad = cte(
    "trashed_pad",
    padColumns,
    sql`select p.*, ${notesIn(sql`p.id`)} note_count
      from paged t join pad p on p.user_id = ${viewerId} and p.id = t.id where t.kind = 'pad'`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([deletedPad, turn, trashed, paged, trashedNote, trashedPad], {
      padId: deletedPad.id,
      hasTurn: turn.free,
      total: position ? sql<null>`null::int` : sql<number>`(select count(*)::int from trashed)`,
      item: columnsOf(paged, item),
      note: columnsOf(trashedNote, noteInLists),
      pad: columnsOf(trashedPad, padColumns),
    })
      .leftJoin(deletedPad, ALWAYS)
      .leftJoin(turn, ALWAYS)
      .leftJoin(paged, ALWAYS)
      .leftJoin(trashedNote, sql`${paged.kind} = 'note' and ${trashedNote.id} = ${paged.id}`)
      .leftJoin(trashedPad, sql`${paged.kind} = 'pad' and ${trashedPad.id} = ${paged.id}`)
      .orderBy(sql`${paged.deletedAt} desc, ${paged.kind} desc, ${paged.id} desc`),
  );
  requireTurn(rows[0].hasTurn);
  if (padId && !rows[0].padId) throw new AppError("not_found");
  const page = pageOf(
    rows.map(({ item, note, pad }) => item && { ...item, note, pad }),
    limit,
    (last) => ["trash", last.deletedAt.toISOString(), last.kind, last.id],
  );
  return {
    notes: page.rows.flatMap(({ note, deletedAt }) =>
      note ? [{ ...summarize(note), ...recoverable(deletedAt) }] : [],
    ),
    pads: page.rows.flatMap(({ pad, deletedAt }) =>
      pad ? [{ ...pads.serialize(pad, ""), ...recoverable(deletedAt) }] : [],
    ),
    total: rows[0].total,
    nextCursor: page.nextCursor,
  };
}

/** What is in the trash, or in the pad that lies there, and contains `q` in its name or text. */
function trashedWith(padId: string | undefined, q: string | undefined): SQL {
  if (!q) return padId ? NOTES_OF_DELETED_PAD : sql`${NOTES} union all ${PADS}`;
  const free = sql`(select turn.free from turn)`;
  const inNote = sql`and ${free} and (${contains(sql`n.name`, q)} or ${contains(sql`n.text`, q)})`;
  if (padId) return sql`${NOTES_OF_DELETED_PAD} ${inNote}`;
  return sql`${NOTES} ${inNote} union all ${PADS} and ${contains(sql`p.name`, q)}`;
}

/** The pad whose notes are listed, if it is in the trash; no row without one. */
function deletedPadCte(padId: string | undefined) {
  return cte(
    "deleted_pad",
    { id: pad.id },
    padId
      ? sql`select p.id, p.deleted_at from pad p
          where p.user_id = ${viewerId} and p.id = ${padId}::uuid and p.deleted_at is not null and p.purged_at is null`
      : sql`select p.id, p.deleted_at from pad p where false`,
  );
}

/**
 * Takes a note out of the trash, into the pad that it had or the one that `padId` names (null for no pad). A live note
 * stays as it is, and `padId` is then ignored.
 * @throws AppError `unauthenticated`, `not_found`, `conflict` if its pad is not live and none is named, `invalid_input`
 *   naming `padId`
 */
export async function restoreNote(viewer: Viewer, id: string, input: RestoreNote): Promise<Note> {
  const names = input.padId !== undefined;
  const outcome = await changeOne(viewer, notes, {
    kind: "restore",
    hash: once(),
    input: [{ id, columns: sql`${input.padId ?? null}::uuid pad_id` }],
    target: sql`input.pad_id`,
    set: names ? { padId: sql`input.pad_id` } : {},
    deleted: false,
    when: sql`not ${IS_LIVE} and ${names ? TARGET_IS_LIVE : HOME_IS_LIVE}`,
    text: sql`select old.text from old`,
  });
  if (!outcome.changed && !outcome.repeated && !outcome.wasLive) {
    if (names) throw noSuchPad();
    throw new AppError("conflict", {
      detail: "The note's pad was deleted. Name another pad in padId, or null for no pad.",
    });
  }
  return notes.serialize(outcome.thing, outcome.text ?? "");
}
