// Marks of notes: pinned, archived. They make no version and no revision, and the last writer wins.
import { type SQL, sql } from "drizzle-orm";
import { recordThing } from "../db/calls.ts";
import { ALWAYS, columnsOf, cte, step } from "../db/cte.ts";
import { withIsoTimes } from "../db/times.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { note } from "./note.sql.ts";
import type { MarkedNote, MarkNote, MarkNotes } from "./schema.ts";
import { isLive } from "./versioned.ts";

const shown = { id: note.id, pinnedAt: note.pinnedAt, archivedAt: note.archivedAt };

/**
 * Marks live notes, or takes marks away. A mark that a note has keeps its time.
 * @returns the marks of those notes that are there, in the order of `ids`
 * @throws AppError `unauthenticated`
 */
export async function markEach(viewer: Viewer, { ids, pinned, archived }: MarkNotes): Promise<MarkedNote[]> {
  const input = step(
    "input",
    sql`select i.id::uuid id from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) i(id)`,
  );
  const locked = step(
    "locked",
    sql`select n.id, n.pinned_at, n.archived_at from input join note n on n.id = input.id
      where n.user_id = ${viewerId} and ${isLive} order by n.id for no key update of n`,
  );
  const marked = cte(
    "marked",
    shown,
    sql`select l.id, ${timeOf("pinned_at", pinned)} pinned_at, ${timeOf("archived_at", archived)} archived_at
      from locked l, (select clock_timestamp()::timestamptz(3) now) at`,
  );
  const updated = step(
    "updated",
    sql`update note n set pinned_at = m.pinned_at, archived_at = m.archived_at from marked m
      where n.user_id = ${viewerId} and n.id = m.id
        and (n.pinned_at, n.archived_at) is distinct from (m.pinned_at, m.archived_at)
      returning n.id`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([input, locked, marked, updated], { note: columnsOf(marked, shown) }).leftJoin(marked, ALWAYS),
  );
  const byId = new Map(rows.map(({ note }) => [note?.id, note]));
  const marks = ids.flatMap((id) => byId.get(id) ?? []);
  for (const { id } of marks) recordThing("note", id);
  return marks.map(withIsoTimes);
}

/** As `markEach`, for one note. @throws AppError `unauthenticated`, `not_found` */
export async function mark(viewer: Viewer, id: string, marks: MarkNote): Promise<MarkedNote> {
  const [marked] = await markEach(viewer, { ids: [id], ...marks });
  if (marked === undefined) throw new AppError("not_found");
  return marked;
}

/** Since when a note of `locked` has the mark, after it was put on it, taken away, or left as it is. */
function timeOf(name: string, isMarked: boolean | undefined): SQL {
  const before = sql`l.${sql.identifier(name)}`;
  if (isMarked === undefined) return before;
  return isMarked ? sql`coalesce(${before}, at.now)` : sql`null::timestamptz(3)`;
}
