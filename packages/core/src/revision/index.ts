// Operations on a note's earlier states: list them, read one, and go back to one.
import { sql } from "drizzle-orm";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import * as z from "zod/mini";
import { changeOne } from "../db/change.ts";
import { IS_LIVE } from "../db/change-statement.ts";
import { ALWAYS, columnsOf, cte, listOf } from "../db/cte.ts";
import { once } from "../db/fingerprint.ts";
import { KINDS } from "../db/kinds.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { contentOf, nameOf } from "../db/versioned.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Version } from "../field/schema.ts";
import { note } from "../note/note.sql.ts";
import { contentShown, type Note } from "../note/schema.ts";
import { isLive, notes, RESTORED } from "../note/versioned.ts";
import { pageOf, positionOf } from "../paging/index.ts";
import { PAGE_DEFAULT } from "../paging/schema.ts";
import { revision } from "./revision.sql.ts";
import type { ListRevisions, Revision, RevisionPage, RevisionSummary } from "./schema.ts";

const shown = {
  version: revision.version,
  ...columnsOf(revision, contentShown),
  kind: revision.kind,
  device: revision.device,
  deviceId: revision.deviceId,
  wordsAdded: revision.wordsAdded,
  wordsRemoved: revision.wordsRemoved,
  changedAt: revision.changedAt,
  bytes: revision.bytes,
  hash: revision.hash,
  digest: revision.digest,
  link: revision.chainLink,
};

const Kind = z.enum(KINDS);

function summarize(state: SelectResultFields<typeof shown>): RevisionSummary {
  const { changedAt, kind, hash, wordsAdded: added, wordsRemoved: removed, digest, link, ...row } = state;
  return {
    ...row,
    kind: Kind.parse(kind),
    words: added === null || removed === null ? null : { added, removed },
    changedAt: changedAt.toISOString(),
    hash: Buffer.from(hash).toString("hex"),
    digest: hexOf(digest),
    link: hexOf(link),
  };
}

function hexOf(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString("hex");
}

/** The note, if it is live. The states of a deleted note are not shown. */
function liveNote(id: string) {
  return cte(
    "present",
    { id: note.id },
    sql`select n.* from note n where n.user_id = ${viewerId} and n.id = ${id}::uuid and ${isLive}`,
  );
}

const DESCRIBED = [
  "version",
  "kind",
  "device",
  "device_id",
  "words_added",
  "words_removed",
  "changed_at",
  "digest",
  "link",
];
const describedOf = (alias: string) =>
  listOf(DESCRIBED.map((name) => sql`${sql.identifier(alias)}.${sql.identifier(name)}`));

/**
 * All states of the note in `present`, including the present one, with the columns of `shown` and `text`. Those whose content
 * retention has emptied are left out.
 */
const states = sql`select ${describedOf("n")}, ${contentOf(notes, "n")},
    octet_length(n.text) bytes, sha256(convert_to(n.text, 'UTF8')) hash from present n
  union all
  select ${describedOf("r")}, ${contentOf(notes, "r")}, r.bytes, r.hash
  from revision r join present n on r.user_id = n.user_id and r.note_id = n.id where r.thinned_at is null`;

/** How many states the note in `present` has. */
const statesCounted = sql<number>`(select count(*) + 1 from revision r join present n on r.user_id = n.user_id
  and r.note_id = n.id where r.thinned_at is null)::int`;

/**
 * A page of a live note's states, newest first. The first one is the present state.
 * @throws AppError `unauthenticated`, `not_found`, `invalid_input` naming `cursor`
 */
export async function list(viewer: Viewer, noteId: string, wanted: ListRevisions): Promise<RevisionPage> {
  const { limit = PAGE_DEFAULT } = wanted;
  const position = positionOf(wanted.cursor, z.tuple([z.literal("revisions"), Version]));
  const present = liveNote(noteId);
  const paged = cte(
    "paged",
    shown,
    sql`select s.* from (${states}) s ${position ? sql`where s.version < ${position[1]}::int` : sql``}
      order by s.version desc limit ${limit + 1}::int`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([present, paged], {
      noteId: present.id,
      total: position ? sql<null>`null::int` : statesCounted,
      state: columnsOf(paged, shown),
    })
      .leftJoin(present, ALWAYS)
      .leftJoin(paged, ALWAYS)
      .orderBy(sql`${paged.version} desc`),
  );
  if (!rows[0].noteId) throw new AppError("not_found");
  const page = pageOf(
    rows.map((row) => row.state),
    limit,
    (last) => ["revisions", last.version],
  );
  return { revisions: page.rows.map(summarize), total: rows[0].total, nextCursor: page.nextCursor };
}

/** @throws AppError `unauthenticated`, `not_found`, also if retention has emptied its content */
export async function get(viewer: Viewer, noteId: string, version: number): Promise<Revision> {
  const present = liveNote(noteId);
  const answer = cte("answer", shown, sql`select s.* from (${states}) s where s.version = ${version}::int`);
  const piece = piecesOf(sql`select answer.text from answer`);
  const rows = await authorised(viewer, (begin) =>
    begin([present, answer, piece], { state: columnsOf(answer, shown), bytes: piece.bytes })
      .leftJoin(answer, ALWAYS)
      .leftJoin(piece, ALWAYS)
      .orderBy(piece.i),
  );
  const [row] = rows;
  if (!row.state) throw new AppError("not_found");
  return { ...summarize(row.state), text: textOf(rows) };
}

/**
 * Gives a live note the content of an earlier state, as a new version. If the note has that content already, nothing
 * changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function restore(viewer: Viewer, noteId: string, version: number): Promise<Note> {
  const names = RESTORED.map((key) => nameOf(notes, key));
  const outcome = await changeOne(viewer, notes, {
    kind: "revert",
    hash: once(),
    input: [{ id: noteId }],
    each: {
      columns: sql`r.version is not null archived, ${listOf(names.map((name) => sql`r.${name}`))}`,
      from: sql`left join revision r
        on r.user_id = ${viewerId} and r.note_id = one.id and r.version = ${version}::int and r.thinned_at is null`,
    },
    set: Object.fromEntries(RESTORED.map((key) => [key, sql`input.${nameOf(notes, key)}`])),
    deleted: false,
    when: sql`input.archived and ${IS_LIVE}`,
    text: sql`select case when updated.version is null then old.text else input.text end as text
      from input, old left join updated on true where input.archived or old.repeated or old.version = ${version}::int`,
  });
  // A state whose content retention has emptied can't be restored, so it counts as missing.
  if (!outcome.wasLive || outcome.text === undefined) throw new AppError("not_found");
  return notes.serialize(outcome.thing, outcome.text);
}
