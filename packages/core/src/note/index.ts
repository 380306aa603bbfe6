// Operations on notes. Each is one statement that authorises itself: db/viewer.ts explains how, and db/change.ts explains
// how a note changes.
import { sql } from "drizzle-orm";
import { remove as removeThing, save as saveThing } from "../db/change.ts";
import { create as createThing } from "../db/create.ts";
import { ALWAYS, columnsOf, cte } from "../db/cte.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import type { CreateNote, Note, SaveNote } from "./schema.ts";
import { isLive, notes, shown } from "./versioned.ts";

export { list } from "./list.ts";

/**
 * @returns the note, and whether this call made it. A repetition gets the note that the first call made, as it is now.
 * @throws AppError `unauthenticated`, `conflict` if the id holds another note or one in the trash, `invalid_input`
 *   naming `padId`
 */
export async function create(viewer: Viewer, sent: CreateNote): Promise<{ note: Note; created: boolean }> {
  const { thing: note, created } = await createThing(viewer, notes, sent);
  return { note, created };
}

/** @throws AppError `unauthenticated`, `not_found` */
export async function get(viewer: Viewer, id: string): Promise<Note> {
  const answer = cte(
    "answer",
    shown,
    sql`select n.* from note n where n.user_id = ${viewerId} and n.id = ${id}::uuid and ${isLive}`,
  );
  const piece = piecesOf(sql`select answer.text from answer`);
  const rows = await authorised(viewer, (begin) =>
    begin([answer, piece], { note: columnsOf(answer, shown), bytes: piece.bytes })
      .leftJoin(answer, ALWAYS)
      .leftJoin(piece, ALWAYS)
      .orderBy(piece.i),
  );
  const [row] = rows;
  if (!row.note) throw new AppError("not_found");
  return notes.serialize(row.note, textOf(rows));
}

/**
 * Saves the fields that were sent; the others stay. Equal content makes no new version, and a repeated save succeeds.
 * @param base the version that the save is based on
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the note as it is now, `invalid_input`
 *   naming `padId`
 */
export function save(viewer: Viewer, id: string, base: number, sent: SaveNote): Promise<Note> {
  return saveThing(viewer, notes, id, base, sent);
}

/**
 * Moves a note to the trash. If it is there already, by itself or with its pad, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export function remove(viewer: Viewer, id: string): Promise<void> {
  return removeThing(viewer, notes, id);
}
