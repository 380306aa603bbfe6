// What can be done with the states that a note has had: read them, and go back to one.
import { sql } from "drizzle-orm";
import * as z from "zod/mini";
import { database } from "../db/client.ts";
import { columnsOf } from "../db/columns.ts";
import { once } from "../db/fingerprint.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { authorised, type Viewer, viewerId, viewerIs } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Version } from "../field/schema.ts";
import { change, LIVE } from "../note/change.ts";
import { isLive, serialize as serializeNote } from "../note/index.ts";
import { note } from "../note/note.sql.ts";
import { type Note, PAGE_DEFAULT } from "../note/schema.ts";
import { cursorAt, page, positionOf } from "../paging/index.ts";
import { revision } from "./revision.sql.ts";
import {
  KINDS,
  type ListRevisions,
  type Revision,
  type RevisionPage,
  type RevisionSummary,
} from "./schema.ts";

const shown = {
  version: revision.version,
  name: revision.name,
  padId: revision.padId,
  kind: revision.kind,
  updatedAt: revision.updatedAt,
  bytes: revision.bytes,
  hash: revision.hash,
};

const Kind = z.enum(KINDS);

function summarize(row: {
  version: number;
  name: string;
  padId: string | null;
  kind: string;
  updatedAt: Date;
  bytes: number;
  hash: Uint8Array;
}): RevisionSummary {
  return {
    version: row.version,
    name: row.name,
    padId: row.padId,
    kind: Kind.parse(row.kind),
    savedAt: row.updatedAt.toISOString(),
    bytes: row.bytes,
    hash: Buffer.from(row.hash).toString("hex"),
  };
}

/** The note, if it is live: only then are its states shown. */
function liveNote(id: string) {
  return database()
    .$with("present", { id: note.id })
    .as(sql`select n.* from note n where n.user_id = ${viewerId} and n.id = ${id}::uuid and ${isLive}`);
}

/** The states of the note in `present`, its present one included, columns as in `shown`, with `text`. */
const states = sql`select n.version, n.name, n.pad_id, n.kind, n.updated_at, octet_length(n.text) bytes,
    sha256(convert_to(n.text, 'UTF8')) hash, n.text from present n
  union all
  select r.version, r.name, r.pad_id, r.kind, r.updated_at, r.bytes, r.hash, r.text
  from revision r join present n on r.user_id = n.user_id and r.note_id = n.id`;

/**
 * A page of a live note's states, newest first; the first of all is the present one.
 * @throws AppError `unauthenticated`, `not_found`, `invalid_input` naming `cursor`
 */
export async function list(viewer: Viewer, noteId: string, wanted: ListRevisions): Promise<RevisionPage> {
  const db = database();
  const mine = viewerIs(viewer);
  const { limit = PAGE_DEFAULT } = wanted;
  const position = positionOf(wanted.cursor, z.tuple([z.literal("revisions"), Version]));
  const present = liveNote(noteId);
  const paged = db.$with("paged", shown).as(
    sql`select s.version, s.name, s.pad_id, s.kind, s.updated_at, s.bytes, s.hash from (${states}) s
      ${position ? sql`where s.version < ${position[1]}::int` : sql``}
      order by s.version desc limit ${limit + 1}::int`,
  );
  const rows = await authorised(
    db
      .with(mine, present, paged)
      .select({ userId: mine.userId, noteId: present.id, state: columnsOf(paged, shown) })
      .from(mine)
      .leftJoin(present, sql`true`)
      .leftJoin(paged, sql`true`)
      .orderBy(sql`${paged.version} desc`),
  );
  if (!rows[0].noteId) throw new AppError("not_found");
  const found = page(
    rows.flatMap((row) => (row.state ? [row.state] : [])),
    limit,
  );
  const last = found.rows.at(-1);
  return {
    revisions: found.rows.map(summarize),
    nextCursor: found.more && last ? cursorAt(["revisions", last.version]) : null,
  };
}

/** @throws AppError `unauthenticated`, `not_found` */
export async function get(viewer: Viewer, noteId: string, version: number): Promise<Revision> {
  const db = database();
  const mine = viewerIs(viewer);
  const present = liveNote(noteId);
  const answer = db
    .$with("answer", shown)
    .as(sql`select s.* from (${states}) s where s.version = ${version}::int`);
  const piece = piecesOf(sql`select answer.text from answer`);
  const rows = await authorised(
    db
      .with(mine, present, answer, piece)
      .select({ userId: mine.userId, state: columnsOf(answer, shown), bytes: piece.bytes })
      .from(mine)
      .leftJoin(answer, sql`true`)
      .leftJoin(piece, sql`true`)
      .orderBy(piece.i),
  );
  const [row] = rows;
  if (!row.state) throw new AppError("not_found");
  return { ...summarize(row.state), text: textOf(rows) };
}

/**
 * Gives a live note the name and text of an earlier state, as a new version; the pad stays. Where it reads so already,
 * nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function restore(viewer: Viewer, noteId: string, version: number): Promise<Note> {
  const outcome = await change(viewer, {
    kind: "revert",
    id: noteId,
    hash: once(),
    input: sql`select null::uuid target_id, ${version}::int version, r.version is not null archived, r.name, r.text
      from (select 1) one left join revision r
        on r.user_id = ${viewerId} and r.note_id = ${noteId}::uuid and r.version = ${version}::int`,
    next: sql`select input.name, input.text, old.pad_id, false deleted
      from old, input where input.archived and ${LIVE}`,
    // Versions have no gaps: an earlier one that is not there was archived while this waited for the note.
    stale: sql`not input.archived and input.version < old.version`,
    textWanted: sql`select case when updated.version is null then old.text else input.text end as text
      from input, old left join updated on true`,
  });
  if (!outcome.wasLive || version > outcome.note.version) throw new AppError("not_found");
  return serializeNote(outcome.note, outcome.text);
}
