// The time machine: the viewer's notes as they stood at a time, and their return.
//
// The state of a note at a time is the note itself if it has not changed since. Otherwise it is the newest revision that had begun
// by then, which is one row of an index. If retention has emptied that one, it is the newest one before it that has its content.
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { account } from "../account/account.sql.ts";
import { changeEach } from "../db/change.ts";
import { READERS_COLLATION } from "../db/columns.ts";
import { ALWAYS, column, columnsOf, cte, listOf, step } from "../db/cte.ts";
import { once } from "../db/fingerprint.ts";
import { piecesOf, textOf } from "../db/text.ts";
import { withIsoTimes } from "../db/times.ts";
import { nameOf } from "../db/versioned.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError, fieldError } from "../errors.ts";
import { Id } from "../field/schema.ts";
import { mentionsIn } from "../note/mentions.ts";
import { note } from "../note/note.sql.ts";
import type { ChangedNote } from "../note/schema.ts";
import { notes, RESTORED } from "../note/versioned.ts";
import { pad } from "../pad/pad.sql.ts";
import { CursorTime, pageOf, positionOf } from "../paging/index.ts";
import { PAGE_DEFAULT } from "../paging/schema.ts";
import {
  type ListPast,
  type PastNoteWithText,
  type PastPage,
  type RestorePast,
  shownThen,
} from "./schema.ts";

/** The columns of a state that is read. */
const STATE = ["version", "changed_at", "updated_at", "deleted_at"];

/** The state that the note or pad `t` had at `at`, as a lateral query: one row, or none. */
function stateAt(at: SQL, content: readonly SQL[], revisions: SQL, revisionOf: SQL, kept: SQL): SQL {
  const columns = (alias: string) =>
    listOf([
      ...STATE.map((name) => sql`${sql.raw(alias)}.${sql.identifier(name)}`),
      ...content.map((name) => sql`${sql.raw(alias)}.${name}`),
    ]);
  return sql`(select ${columns("t")} where t.changed_at <= ${at}
    union all
    (select ${columns("r")} from ${revisions} r where t.changed_at > ${at} and r.user_id = t.user_id and r.${revisionOf} = t.id
      and r.changed_at <= ${at} ${kept} order by r.changed_at desc limit 1))`;
}

const NOTE_CONTENT = notes.content.map((key) => nameOf(notes, key));

/** The state of the note `t` at `at`. A deletion counts even if retention has emptied its content. */
const noteAt = (at: SQL) =>
  stateAt(
    at,
    NOTE_CONTENT,
    sql`revision`,
    sql`note_id`,
    sql`and (r.thinned_at is null or r.deleted_at is not null)`,
  );

/** The viewer's pads at `at`, including those that were deleted then. */
function padsAt(at: SQL) {
  const state = stateAt(at, [sql`name`], sql`pad_revision`, sql`pad_id`, sql``);
  return step(
    "pads_then",
    sql`select t.id, s.name, s.deleted_at from pad t cross join lateral ${state} s where t.user_id = ${viewerId} and t.purged_at is null`,
  );
}

/** Holds if the state `s` was live: neither it nor its pad was deleted then. */
const WAS_LIVE = sql`(s.deleted_at is null and (s.pad_id is null or s.pad_id not in
  (select p.id from pads_then p where p.deleted_at is not null)))`;

/** The pad of the state `s`; null if there is none of its id any more. */
const PAD_THEN = sql`case when s.pad_id in (select p.id from pads_then p) then s.pad_id end`;

/** The content that a restored note takes from a state. It takes the pad too, if that is live. */
const contentOf = (alias: string) => RESTORED.map((key) => sql`${sql.raw(alias)}.${nameOf(notes, key)}`);

/** Holds if restoring the state `s` would change the note `t`. Equal versions have equal texts, which need not be read. */
const DIFFERS = sql`(t.deleted_at is not null
  or exists (select 1 from pad p where p.user_id = t.user_id and p.id = t.pad_id and p.deleted_at is not null)
  or t.version <> s.version and (
    (${listOf(contentOf("t"))}) is distinct from (${listOf(contentOf("s"))})
    or s.pad_id is distinct from t.pad_id
      and exists (select 1 from pad p where p.user_id = t.user_id and p.id = s.pad_id and p.deleted_at is null)))`;

const shown = columnsOf(note, shownThen);
const listed = { ...shown, excerpt: note.excerpt, differs: column<boolean>("differs") };

/**
 * A page of the notes that stood at a time, newest first.
 * @throws AppError `unauthenticated`, `not_found` if `pad` is not a pad of the viewer, `invalid_input` naming `cursor`, or `at`
 *   if it is before the account was made
 */
export async function list(viewer: Viewer, wanted: ListPast): Promise<PastPage> {
  const { limit = PAGE_DEFAULT } = wanted;
  const at = sql`${wanted.at}::timestamptz`;
  const position = positionOf(
    wanted.cursor,
    z.tuple([z.literal("past"), z.literal(wanted.at), CursorTime, Id]),
  );
  const isFirst = position === undefined;
  const inPad = wanted.pad ? sql`and s.pad_id = ${wanted.pad}::uuid` : sql``;
  const after = position
    ? sql`where (s.updated_at, s.id) < (${position[2]}::timestamptz, ${position[3]}::uuid)`
    : sql``;
  const padsThen = padsAt(at);
  const stood = step(
    "stood",
    sql`select t.id, t.created_at, s.version, s.updated_at, ${listOf(contentOf("s"))}, ${PAD_THEN} pad_id
      from note t cross join lateral ${noteAt(at)} s
      where t.user_id = ${viewerId} and t.created_at <= ${at} and ${WAS_LIVE} ${inPad}`,
  );
  const paged = cte(
    "paged",
    { ...listed, rank: column<number>("rank") },
    sql`select s.*, left(s.text, 200) excerpt, ${DIFFERS} differs,
        row_number() over (order by s.updated_at desc, s.id desc) rank
      from (select s.* from stood s ${after} order by s.updated_at desc, s.id desc limit ${limit + 1}::int) s
      join note t on t.user_id = ${viewerId} and t.id = s.id`,
  );
  const live = cte(
    "live_pads",
    { id: pad.id, name: pad.name, rank: column<number>("rank") },
    isFirst
      ? sql`select p.id, p.name, row_number() over (order by p.name ${READERS_COLLATION}, p.id) rank
          from pads_then p where p.deleted_at is null`
      : sql`select p.id, p.name, 0 rank from pads_then p where false`,
  );
  const row = cte(
    "past_row",
    { rank: column<number>("rank") },
    sql`select g.rank from generate_series(1, greatest((select count(*) from paged), (select count(*) from live_pads))) g(rank)`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([padsThen, stood, paged, live, row], {
      total: isFirst ? sql<number>`(select count(*)::int from stood)` : sql<null>`null::int`,
      begunAt: begunAt,
      firstAt: isFirst ? firstIfNone : sql<null>`null::timestamptz`,
      hasPad: hasPad(wanted.pad),
      note: columnsOf(paged, listed),
      pad: columnsOf(live, { id: true, name: true }),
    })
      .leftJoin(row, ALWAYS)
      .leftJoin(paged, sql`${paged.rank} = ${row.rank}`)
      .leftJoin(live, sql`${live.rank} = ${row.rank}`)
      .orderBy(row.rank),
  );
  requireAfter(wanted.at, rows[0].begunAt);
  if (!rows[0].hasPad) throw new AppError("not_found");
  const page = pageOf(
    rows.map((row) => row.note),
    limit,
    (last) => ["past", wanted.at, last.updatedAt.toISOString(), last.id],
  );
  return {
    notes: page.rows.map((one) => withIsoTimes(one)),
    pads: rows.flatMap((row) => (row.pad ? [row.pad] : [])),
    total: rows[0].total,
    firstAt: rows[0].firstAt?.toISOString() ?? null,
    nextCursor: page.nextCursor,
  };
}

/** When the first note was made, if none stood at the time. Only then all notes are looked at. */
const firstIfNone =
  sql<Date | null>`case when not exists (select 1 from stood) then (select min(t.created_at) from note t where t.user_id = ${viewerId}) end`.mapWith(
    note.createdAt,
  );

/** When the account was made. */
const begunAt = sql<Date>`(select a.created_at from account a where a.id = ${viewerId})`.mapWith(
  account.createdAt,
);

function requireAfter(at: string, begun: Date): void {
  if (Date.parse(at) >= begun.getTime()) return;
  const message = `at must not be before ${begun.toISOString()}, when the account was made`;
  throw fieldError("invalid_input", "at", { code: "invalid", message });
}

/** Holds if the viewer has the pad, or none is wanted. */
function hasPad(id: string | undefined): SQL<boolean> {
  if (id === undefined) return sql<boolean>`true`;
  return sql<boolean>`exists (select 1 from pad p where p.user_id = ${viewerId} and p.id = ${id}::uuid)`;
}

/**
 * A note as it stood at a time.
 * @throws AppError `unauthenticated`, `not_found` if it did not stand then, `invalid_input` naming `at`
 */
export async function get(viewer: Viewer, id: string, wanted: { at: string }): Promise<PastNoteWithText> {
  const at = sql`${wanted.at}::timestamptz`;
  const stood = cte(
    "stood",
    shown,
    sql`select t.id, t.created_at, s.version, s.updated_at, ${listOf(contentOf("s"))}, ${PAD_THEN} pad_id
      from note t cross join lateral ${noteAt(at)} s
      where t.user_id = ${viewerId} and t.id = ${id}::uuid and t.created_at <= ${at} and ${WAS_LIVE}`,
  );
  const piece = piecesOf(sql`select t.text from stood t`);
  const rows = await authorised(viewer, (begin) =>
    begin([padsAt(at), stood, piece], { begunAt, note: columnsOf(stood, shown), bytes: piece.bytes })
      .leftJoin(stood, ALWAYS)
      .leftJoin(piece, ALWAYS)
      .orderBy(piece.i),
  );
  const [first] = rows;
  requireAfter(wanted.at, first.begunAt);
  if (!first.note) throw new AppError("not_found");
  const text = textOf(rows);
  return { ...withIsoTimes(first.note), text, tags: mentionsIn(text).tags };
}

/**
 * Gives notes the content that they had at a time, as new states. It takes them out of the trash. A note goes into the pad that
 * it had then, if that is live, or else stays where it is.
 * @returns those that are now as they stood; the others did not stand then
 * @throws AppError `unauthenticated`
 */
export async function restore(viewer: Viewer, { at: when, ids }: RestorePast): Promise<ChangedNote[]> {
  const at = sql`${when}::timestamptz`;
  const outcomes = await changeEach(viewer, notes, {
    kind: "revert",
    hash: once(),
    input: ids.map((id) => ({ id })),
    each: {
      columns: sql`s.version is not null and ${WAS_LIVE} stood, s.pad_id, ${listOf(contentOf("s"))}`,
      from: sql`left join note t on t.user_id = ${viewerId} and t.id = one.id and t.created_at <= ${at}
        left join lateral ${noteAt(at)} s on true`,
      after: [padsAt(at)],
    },
    target: sql`input.pad_id`,
    set: {
      ...Object.fromEntries(RESTORED.map((key) => [key, sql`input.${nameOf(notes, key)}`])),
      padId: sql`case when input.pad_id is not null and old.target_is_live then input.pad_id
        when old.home_is_live then old.pad_id else null::uuid end`,
    },
    deleted: false,
    when: sql`input.stood`,
    meant: sql`input.stood`,
  });
  return ids.flatMap((id) => {
    const outcome = outcomes.get(id);
    return outcome?.isMeant ? [{ id, version: outcome.thing.version }] : [];
  });
}
