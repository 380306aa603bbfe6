// Operations on notes. Each is one statement that authorises itself: db/viewer.ts explains how, and db/change.ts explains
// how a note changes.
import { sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import { config } from "../config.ts";
import { remove as removeThing, save as saveThing } from "../db/change.ts";
import { create as createThing } from "../db/create.ts";
import { ALWAYS, columnsOf, cte } from "../db/cte.ts";
import { violates } from "../db/errors.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { mentionsIn } from "./mentions.ts";
import type { CreateNote, Note, SaveNote } from "./schema.ts";
import { isLive, notes, shown } from "./versioned.ts";

export { list } from "./list.ts";

/**
 * @returns the note, and whether this call made it. A repetition gets the note that the first call made, as it is now.
 * @throws AppError `unauthenticated`, `conflict` if the id holds another note or one in the trash, `quota_exceeded`,
 *   `invalid_input` naming `padId`
 */
export async function create(viewer: Viewer, sent: CreateNote): Promise<{ note: Note; created: boolean }> {
  const most = config.notesPerAccount;
  // The check on the counter refuses what is below 0, and with it the whole statement.
  const counted = cte(
    "counted",
    { notes: account.notes },
    sql`update account set notes = case when notes < ${most}::int then notes + 1 else -1 end
      from made where made.created and account.id = ${viewerId} returning notes`,
  );
  const derived = { named: sent.named ?? true, ...mentionsIn(sent.text) };
  const made = createThing(viewer, notes, sent, { derived, counted: [counted] });
  const { thing: note, created } = await made.catch((error) => {
    if (!violates(error, "account_notes")) throw error;
    throw tooManyNotes(most);
  });
  return { note, created };
}

function tooManyNotes(most: number): AppError {
  const message = `An account can have at most ${most} notes, including those in the trash`;
  return new AppError("quota_exceeded", {
    detail: `${message}.`,
    fields: { name: [{ code: "limit_reached", message }] },
  });
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
  return saveThing(viewer, notes, id, base, sent, sent.text === undefined ? {} : mentionsIn(sent.text));
}

/**
 * Moves a note to the trash. If it is there already, by itself or with its pad, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export function remove(viewer: Viewer, id: string): Promise<void> {
  return removeThing(viewer, notes, id);
}
