// Checks the chain of states (db/chain.ts) of notes and pads, a page at a time: the database computes the digests anew, and the
// links are followed here.
import { createHash } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { digestOf } from "../db/chain.ts";
import { ALWAYS, column, columnsOf, cte, listOf } from "../db/cte.ts";
import { nameOf, type Versioned } from "../db/versioned.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Id, VERSION_MAX, Version } from "../field/schema.ts";
import { note } from "../note/note.sql.ts";
import { notes } from "../note/versioned.ts";
import { pads } from "../pad/index.ts";
import { cursorAt, positionOf } from "../paging/index.ts";
import type { Verified } from "./schema.ts";

/** States that one statement checks, and bytes of their texts: it takes about 0.1 s of the database. One longer text is checked alone. */
const STATES_MAX = 250;
const TEXT_BYTES_MAX = 8 * 1024 * 1024;

/** A state as the statement found it. */
interface FoundState {
  id: string;
  version: number;
  /** Whether it is the thing's present state, its last one. */
  isPresent: boolean;
  isThinned: boolean;
  digest: Uint8Array | null;
  link: Uint8Array | null;
  /** Whether the content has this digest; null where there is none to compare. */
  isUnchanged: boolean | null;
  /** How many states were read, also those that had to be left for the next page. */
  read: number;
}

/** Where a page of states begins: after a state, with its link. Null where it has none. */
type Position = { id: string; version: number; isPresent: boolean; link: string | null } | undefined;

/** What a page of states showed. */
type Followed = Omit<Verified, "nextCursor"> & { last: Position };

/**
 * Follows the chain through states, in the order of their things and versions.
 * @param kind what they are states of
 * @param after the state before the first
 * @returns the first state that differs, and the last one seen
 */
function follow(kind: "note" | "pad", states: readonly FoundState[], after: Position): Followed {
  let last = after;
  const counts = { states: 0, thinned: 0, unlinked: 0 };
  for (const state of states) {
    const problem = problemOf(state, last);
    if (problem) {
      const { id, version } = problem.state;
      return { ...counts, differs: { kind, id, version, problem: problem.name }, newest: null, last };
    }
    counts.states++;
    if (state.isThinned) counts.thinned++;
    if (!state.link) counts.unlinked++;
    const { id, version, isPresent } = state;
    last = { id, version, isPresent, link: state.link && Buffer.from(state.link).toString("hex") };
  }
  return { ...counts, differs: null, newest: null, last };
}

function problemOf(state: FoundState, before: Position) {
  const isNext = before?.id === state.id;
  // The present state of the thing before is missing.
  if (before && !isNext && !before.isPresent)
    return { name: "missing" as const, state: { id: before.id, version: before.version + 1 } };
  const expected = isNext && before ? before.version + 1 : 1;
  if (state.version !== expected)
    return { name: "missing" as const, state: { id: state.id, version: expected } };
  const link = isNext && before ? before.link : null;
  if (!state.digest || !state.link) {
    // A state from before there was a chain. Once the chain has begun, every state has a link.
    return link === null && !state.link ? undefined : { name: "unlinked" as const, state };
  }
  if (state.isUnchanged === false) return { name: "content" as const, state };
  const hash = createHash("sha256")
    .update(Buffer.from(link ?? "", "hex"))
    .update(state.digest);
  return hash.digest().equals(state.link) ? undefined : { name: "link" as const, state };
}

/** A version that another may follow: the answer may name that one. */
const Followable = Version.check(z.lt(VERSION_MAX));
const Link = z.string().check(z.regex(/^[\da-f]{64}$/));

const CursorOf = z.tuple([
  z.literal("verify"),
  z.enum(["note", "pad"]),
  z.nullable(z.tuple([Id, Followable, z.boolean(), z.nullable(Link)])),
]);

/**
 * Checks a page of states, of one note or of the whole account: first of its notes, then of its pads.
 * @throws AppError `unauthenticated`, `not_found` if the viewer does not have the note, `invalid_input` naming `cursor`
 */
export async function verify(
  viewer: Viewer,
  { note: only, cursor }: { note?: string; cursor?: string | undefined },
): Promise<Verified> {
  const read = positionOf(cursor, CursorOf);
  const kind = read?.[1] ?? "note";
  const at = read?.[2];
  const after: Position = at ? { id: at[0], version: at[1], isPresent: at[2], link: at[3] } : undefined;
  const found = await statesAfter(viewer, kind === "note" ? notes : pads, only, after);
  if (only && !after && found.length === 0) throw new AppError("not_found");
  const { last, ...page } = follow(kind, found, after);
  if (page.differs) return { ...page, nextCursor: null };
  const isMore = found.length < (found[0]?.read ?? 0) || found.length === STATES_MAX;
  if (isMore && last)
    return { ...page, nextCursor: cursorOf(kind, [last.id, last.version, last.isPresent, last.link]) };
  if (last && !last.isPresent) {
    const differs = { kind, id: last.id, version: last.version + 1, problem: "missing" as const };
    return { ...page, differs, nextCursor: null };
  }
  if (kind === "note" && !only) return { ...page, nextCursor: cursorOf("pad", null) };
  const newest = only && last?.link ? { version: last.version, link: last.link } : null;
  return { ...page, newest, nextCursor: null };
}

function cursorOf(kind: "note" | "pad", last: unknown[] | null): string {
  return cursorAt(["verify", kind, last]);
}

const found = {
  id: note.id,
  version: note.version,
  isPresent: column<boolean>("is_present"),
  isThinned: column<boolean>("is_thinned"),
  digest: column<Uint8Array | null>("digest"),
  link: column<Uint8Array | null>("link"),
  isUnchanged: column<boolean | null>("is_unchanged"),
  read: column<number>("read"),
};

/** Each half is read in the order of its primary key, so a page costs the same wherever it begins. */
async function statesAfter(
  viewer: Viewer,
  versioned: Versioned,
  only: string | undefined,
  after: Position,
): Promise<FoundState[]> {
  const { table, revisions, revisionOf } = versioned;
  const half = (from: unknown, id: SQL, isPresent: boolean, isThinned: SQL, which = sql``) => {
    const rest = after
      ? sql`and s.${id} >= ${after.id}::uuid and (s.${id}, s.version) > (${after.id}::uuid, ${after.version}::int)`
      : sql``;
    const one = only ? sql`and s.${id} = ${only}::uuid` : sql``;
    const content = listOf(versioned.content.map((key) => sql`s.${nameOf(versioned, key)}`));
    return sql`(select s.${id} id, s.version, ${sql.raw(String(isPresent))} is_present, ${isThinned} is_thinned, s.digest, s.link,
        s.kind, s.device, s.changed_at, s.deleted_at, ${content}
      from ${from} s where s.user_id = ${viewerId} ${which} ${one} ${rest} order by s.${id}, s.version limit ${STATES_MAX}::int)`;
  };
  const thinned = "thinnedAt" in revisions ? sql`s.thinned_at is not null` : sql`false`;
  // What was deleted for ever has no states to check. The row of a pad may stay for its notes.
  const notPurged = "purgedAt" in table ? sql`and s.purged_at is null` : sql``;
  const bytes = "text" in table ? sql`octet_length(s.text)` : sql`0`;
  const page = cte(
    "page",
    found,
    sql`select s.id, s.version, s.is_present, s.is_thinned, s.digest, s.link, s.read,
        case when not s.is_thinned and s.digest is not null
          then s.digest = ${digestOf(versioned, (key) => sql`s.${nameOf(versioned, key)}`)} end is_unchanged
      from (
        select s.*, count(*) over ()::int "read", sum(${bytes}) over (order by s.id, s.version) - ${bytes} bytes_before
        from (
          select * from (
            ${half(table, sql`id`, true, sql`false`, notPurged)} union all
            ${half(revisions, sql.identifier(revisionOf) as unknown as SQL, false, thinned)}
          ) s order by s.id, s.version limit ${STATES_MAX}::int
        ) s
      ) s where s.bytes_before < ${TEXT_BYTES_MAX}::int`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([page], { state: columnsOf(page, found) })
      .leftJoin(page, ALWAYS)
      .orderBy(page.id, page.version),
  );
  return rows.flatMap(({ state }) => (state?.id ? [state] : []));
}
