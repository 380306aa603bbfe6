// Operations on notes. Each is one statement that authorises itself: db/viewer.ts explains how, and db/change.ts explains
// how a note changes.
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import { create as createThing } from "../db/create.ts";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { violates } from "../db/errors.ts";
import { remove as removeThing, save as saveThing } from "../db/save.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { linksTo } from "./matching.ts";
import { mentionsIn } from "./mentions.ts";
import { longerTextLimit, textLimit, tooManyNotes } from "./quota.ts";
import {
  type CreateNote,
  LINKED_FROM_MAX,
  type Note,
  type NoteWithLinks,
  type SaveNote,
  type Words,
} from "./schema.ts";
import { isLive, notes, shown } from "./versioned.ts";

export { list } from "./list.ts";

/**
 * @returns the note, and whether this call made it. A repetition gets the note that the first call made, as it is now.
 * @throws AppError `unauthenticated`, `conflict` if the id holds another note or one in the trash, `quota_exceeded`,
 *   `rate_limited`, `invalid_input` naming `padId`
 */
export async function create(
  viewer: Viewer,
  { words, ...content }: CreateNote,
): Promise<{ note: Note; created: boolean }> {
  const most = config.notesPerAccount;
  // A count below 0 fails a check of the account, and with it the whole statement.
  const counted = step(
    "counted",
    sql`update account set notes = case when notes < ${most}::int then notes + 1 else -1 end
      from made where made.created and account.id = ${viewerId} returning notes`,
  );
  const derived = { named: content.named ?? true, ...mentionsIn(content.text) };
  const made = createThing(viewer, notes, content, {
    derived,
    described: describedBy(words),
    counted,
    limit: textLimit(),
  });
  const { thing: note, created } = await made.catch((error) => {
    if (violates(error, "account_notes")) throw tooManyNotes();
    throw error;
  });
  return { note, created };
}

/**
 * A live note, with those that link to it.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function get(viewer: Viewer, id: string): Promise<NoteWithLinks> {
  const answer = cte(
    "answer",
    shown,
    sql`select n.* from note n where n.user_id = ${viewerId} and n.id = ${id}::uuid and ${isLive}`,
  );
  const piece = piecesOf(sql`select answer.text from answer`);
  const linking = linkingTo(id);
  // A row has a piece of the text, a linking note, or both. A row for each pair of them would be too many.
  const row = cte(
    "answer_row",
    { i: column<number>("i"), bytes: piece.bytes, ...LINKING },
    sql`select coalesce(p.i, l.rank)::int i, p.bytes, l.id linking_id, l.name linking_name
      from piece p full join linking l on l.rank = p.i`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([answer, piece, linking, row], {
      note: columnsOf(answer, shown),
      bytes: row.bytes,
      linkingId: row.linkingId,
      linkingName: row.linkingName,
    })
      .leftJoin(answer, ALWAYS)
      .leftJoin(row, ALWAYS)
      .orderBy(row.i),
  );
  const [first] = rows;
  if (!first.note) throw new AppError("not_found");
  const linkedFrom = rows.flatMap(({ linkingId, linkingName }) =>
    linkingId === null ? [] : [{ id: linkingId, name: linkingName ?? "" }],
  );
  return { note: notes.serialize(first.note, textOf(rows)), linkedFrom };
}

const LINKING = {
  linkingId: column<string | null>("linking_id"),
  linkingName: column<string | null>("linking_name"),
};

/**
 * The live notes that link to another, the newest first, with their ranks from 0. `is true` leaves the planner only the index
 * of links: without statistics it would also read the user's whole index of notes.
 */
function linkingTo(id: string) {
  return step(
    "linking",
    sql`select l.id, l.name, row_number() over (order by l.updated_at desc, l.id desc) - 1 rank
      from (select n.id, n.name, n.updated_at from note n
        where (n.user_id = ${viewerId}) is true and ${isLive} and ${linksTo(id)} and n.id <> ${id}::uuid
        order by n.updated_at desc, n.id desc limit ${LINKED_FROM_MAX}::int) l`,
  );
}

/**
 * Saves the fields that were sent; the others stay. Equal content makes no new version, and a repeated save succeeds.
 * @param base the version that the save is based on
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the note as it is now, `invalid_input`
 *   naming `padId`, `quota_exceeded`, `rate_limited`
 */
export function save(
  viewer: Viewer,
  id: string,
  base: number,
  { kind, words, ...content }: SaveNote,
): Promise<Note> {
  const ofText =
    content.text === undefined ? {} : { derived: mentionsIn(content.text), limit: longerTextLimit() };
  return saveThing(viewer, notes, id, base, content, { ...ofText, kind, described: describedBy(words) });
}

/** The columns that keep how many words a change added and removed. */
function describedBy(words: Words | undefined) {
  return { wordsAdded: words?.added, wordsRemoved: words?.removed };
}

/**
 * Moves a note to the trash. If it is there already, by itself or with its pad, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export function remove(viewer: Viewer, id: string): Promise<void> {
  return removeThing(viewer, notes, id);
}
