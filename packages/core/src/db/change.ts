// The one shape of a change to notes and pads. Saving, moving, deleting, restoring and going back to a version differ only
// in the state that follows.
//
// One statement locks the things, replaces each that has a state to follow, and archives the state before it. A
// statement's snapshot is older than the locks it waits for. So everything that is checked, archived or answered is read
// from the rows that were locked in `old`, and whether a pad is live from the rows that were locked in `pads`. If a locked
// row points to something newer than the snapshot, nothing is written and the statement runs again.
//
// The order of locks, for all statements: pads (`for share`) by id, then notes or pads to change by id, then the account.
// A pad that is changed is locked alone. Two statements that lock in this order can't deadlock.
import { type SQL, sql } from "drizzle-orm";
import type { SelectedFields } from "drizzle-orm/pg-core";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { AppError, invalidField } from "../errors.ts";
import { NO_SUCH_PAD } from "../pad/schema.ts";
import type { KINDS } from "../revision/schema.ts";
import { ALWAYS, anyColumnsOf, type Cte, column, cte, listOf } from "./cte.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { piecesOf, textOf } from "./text.ts";
import {
  contentNames,
  contentOf,
  nameOf,
  parameterOf,
  type Sent,
  sentKeys,
  stateOf,
  type Versioned,
} from "./versioned.ts";
import { authorised, type Viewer, viewerId } from "./viewer.ts";

/** Things in one change: more would make the statement too long, and hold its locks too long. */
export const CHANGED_TOGETHER_MAX = 100;

/** How often a statement runs if its snapshot is older than the rows that it locked. A second run fails only in a new race. */
const TRIES = 4;

/** What a change does. Its SQL sees `input`, `old` and `decided`, one row of each for each thing. */
export interface Change<Content extends string> {
  kind: (typeof KINDS)[number];
  /**
   * Recognises this change when the SDK or the client sends it again: the row keeps it, and so does its revision when
   * another change follows. A save is recognised by its content, any other change only as the same request (`once`).
   */
  hash: Buffer;
  /** The body of the CTE `input`: a row for each thing, with `id uuid` and the columns that the rest of this change uses. */
  input: SQL;
  /** The version that a save is based on: an expression of `input`. */
  base?: SQL;
  /** The pad that the thing is put into: an expression of `input`; null for none. */
  target?: SQL;
  /** The content of the state that follows. Columns that are left out stay. */
  set: Partial<Record<Content, SQL>>;
  /** Whether the state that follows is deleted. */
  deleted: boolean;
  /** Holds if the thing may change. A state that equals the present one makes no new version. */
  when: SQL;
  /** Holds if `input` was read from a snapshot that is older than the locked thing. */
  stale?: SQL;
  /** A query for the long text to answer with, column `text`; no row if the caller has it. For one thing only. */
  text?: SQL;
}

export interface Outcome<Shown extends SelectedFields> {
  /** The thing as it is now. */
  thing: SelectResultFields<Shown>;
  /** The text that `Change.text` selected, or empty. */
  text: string;
  /** Whether this call made a new version. */
  changed: boolean;
  /** Whether this change repeats one that was made before. */
  repeated: boolean;
  /** Whether it was live before this change. */
  wasLive: boolean;
  /** Whether the target pad is live; true without one. */
  targetIsLive: boolean;
}

/** Holds if the locked thing is live: neither it nor its pad is deleted. */
export const IS_LIVE = sql`(old.deleted_at is null and decided.pad_is_live)`;
/** Holds if the locked thing is in no pad, or in a live one. */
export const PAD_IS_LIVE = sql`decided.pad_is_live`;
/** Holds if the target pad is live, or the change has none. */
export const TARGET_IS_LIVE = sql`decided.target_is_live`;

/**
 * Changes the viewer's things that `what.input` names, at most CHANGED_TOGETHER_MAX: in one statement, but each on its own.
 * @returns the outcome for each that exists, by id
 * @throws AppError `unauthenticated`, `unavailable` if others changed them faster than they could be read
 */
export async function changeEach<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  what: Change<Content>,
): Promise<Map<string, Outcome<Shown>>> {
  for (let tries = 0; tries < TRIES; tries++) {
    const rows = await runOnce(viewer, versioned, what);
    if (rows.every((row) => !row.decided?.stale)) return outcomesOf(rows);
  }
  throw new AppError("unavailable", { retryAfterSeconds: 1 });
}

/** As `changeEach`, for one thing. @throws AppError `not_found` if the viewer does not have it */
export async function changeOne<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  what: Change<Content>,
): Promise<Outcome<Shown>> {
  const [outcome] = (await changeEach(viewer, versioned, what)).values();
  if (outcome === undefined) throw new AppError("not_found");
  return outcome;
}

/**
 * Saves the content that was sent; the rest stays. Equal content makes no new version, and a repeated save succeeds.
 * @param base the version that the save is based on
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the thing as it is now, `invalid_input`
 *   naming `padId`
 */
export async function save<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  id: string,
  base: number,
  sent: Sent<Content>,
): Promise<Thing> {
  const keys = sentKeys(versioned, sent);
  const { longText } = versioned;
  const text = longText && (sent[longText] as string | undefined);
  const outcome = await changeOne(viewer, versioned, {
    kind: "save",
    hash: fingerprint({ base, ...sent }),
    input: sql`select ${listOf([
      sql`${id}::uuid id`,
      sql`${base}::int base`,
      ...keys.map((key) => parameterOf(versioned, key, sent[key])),
    ])}`,
    base: sql`input.base`,
    target: keys.some((key) => key === "padId") ? sql`input.pad_id` : undefined,
    set: Object.fromEntries(keys.map((key) => [key, sql`input.${nameOf(versioned, key)}`])) as Partial<
      Record<Content, SQL>
    >,
    deleted: false,
    when: sql`old.version = input.base and ${IS_LIVE} and ${TARGET_IS_LIVE}`,
    text:
      text === undefined
        ? sql`select old.text from old`
        : sql`select old.text from old, input, decided where old.version <> input.base and not decided.repeated`,
  });
  if (!outcome.wasLive) throw new AppError("not_found");
  const saved = outcome.changed || outcome.repeated;
  const mismatch = !saved && (outcome.thing as { version: number }).version !== base;
  const now = versioned.serialize(outcome.thing, text === undefined || mismatch ? outcome.text : text);
  if (mismatch) {
    throw new AppError("version_mismatch", { current: now });
  }
  if (!saved && !outcome.targetIsLive) throw noSuchPad();
  return now;
}

/**
 * Moves a thing to the trash. If it is there already, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function remove<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  id: string,
): Promise<void> {
  await changeOne(viewer, versioned, {
    kind: "delete",
    hash: once(),
    input: sql`select ${id}::uuid id`,
    set: {},
    deleted: true,
    when: IS_LIVE,
  });
}

/** For a `padId` that does not name a live pad of the viewer. */
export function noSuchPad(): AppError {
  return invalidField("padId", "not_found", NO_SUCH_PAD);
}

/** A row of the answer: the columns of one thing, with a piece of its text. */
interface Row {
  old: { id: string; deletedAt: Date | null } | null;
  updated: object | null;
  decided: { padIsLive: boolean; targetIsLive: boolean; repeated: boolean; stale: boolean } | null;
  bytes: Uint8Array | null;
}

function outcomesOf<Shown extends SelectedFields>(rows: Row[]): Map<string, Outcome<Shown>> {
  const byId = Map.groupBy(rows, (row) => row.old?.id);
  const outcomes = new Map<string, Outcome<Shown>>();
  for (const [id, [row, ...rest]] of byId) {
    if (id === undefined || !row?.old || !row.decided) continue;
    const { deletedAt, ...before } = row.old;
    outcomes.set(id, {
      thing: { ...before, ...row.updated } as unknown as SelectResultFields<Shown>,
      text: textOf([row, ...rest]),
      changed: row.updated !== null,
      repeated: row.decided.repeated,
      wasLive: deletedAt === null && row.decided.padIsLive,
      targetIsLive: row.decided.targetIsLive,
    });
  }
  return outcomes;
}

async function runOnce<Content extends string>(
  viewer: Viewer,
  versioned: Versioned<Content>,
  what: Change<Content>,
): Promise<Row[]> {
  const input = cte("input", { id: column<string>("id") }, what.input);
  const pads = lockedPads(versioned, what);
  const old = lockedThings(versioned);
  const decided = decisions(versioned, what);
  const updated = replaced(versioned, what);
  const kept = archived(versioned);
  const text = versioned.longText && what.text;
  const piece = piecesOf(text ?? sql`select null::text as text where false`);
  const rows = await authorised(viewer, (begin) =>
    begin([input, ...pads, old, decided, updated, kept, piece], {
      old: anyColumnsOf(old, { ...versioned.shown, deletedAt: true }),
      updated: anyColumnsOf(updated, updatedColumns(versioned)),
      decided: {
        padIsLive: decided.padIsLive,
        targetIsLive: decided.targetIsLive,
        repeated: decided.repeated,
        stale: decided.stale,
      },
      bytes: piece.bytes,
    })
      .leftJoin(old, ALWAYS)
      .leftJoin(updated, sql`${updated.id} = ${old.id}`)
      .leftJoin(decided, sql`${decided.id} = ${old.id}`)
      .leftJoin(piece, ALWAYS)
      .orderBy(sql`${old.id}`, piece.i),
  );
  return rows as unknown as Row[];
}

/** The columns of `shown` that the table stores. */
function updatedColumns({ shown, table }: Versioned): SelectedFields {
  const stored = Object.entries(shown).filter(([key]) => key in table);
  return Object.fromEntries(stored) as SelectedFields;
}

/** Locks the pads that the things are in according to the snapshot, and the pads that they are put into. */
function lockedPads(versioned: Versioned, { target }: Change<string>): Cte[] {
  if (!versioned.inPads) return [];
  return [
    cte(
      "pads",
      { id: column<string>("id") },
      sql`select p.id, p.deleted_at
        from (select ${target ?? sql`null::uuid`} id from input union
          select n.pad_id from input join ${versioned.table} n on n.user_id = ${viewerId} and n.id = input.id) named
        join pad p on p.user_id = ${viewerId} and p.id = named.id order by p.id for share of p`,
    ),
  ];
}

/** Locks the things, after the pads: PostgreSQL counts `pads` before it locks a row. */
function lockedThings(versioned: Versioned) {
  const { table, shown, computed } = versioned;
  const after = versioned.inPads ? sql`and (select count(*) from pads) >= 0` : sql``;
  const locked = sql`select t.* from input join ${table} t on t.id = input.id
    where t.user_id = ${viewerId} ${after} order by t.id for no key update of t`;
  return cte(
    "old",
    { ...shown, id: column<string>("id"), deletedAt: column<Date | null>("deleted_at") },
    computed ? sql`select old.*, ${computed(sql`old`)} from (${locked}) old` : locked,
  );
}

/** Decides about each locked thing. Without a live row in `pads`, its pad is deleted, or newer than the snapshot. */
function decisions(versioned: Versioned, what: Change<string>) {
  const { inPads } = versioned;
  const livePad = (id: SQL) => sql`exists (select 1 from pads p where p.id = ${id} and p.deleted_at is null)`;
  const target = what.target ?? sql`null::uuid`;
  const padIsLive = inPads ? sql`old.pad_id is null or ${livePad(sql`old.pad_id`)}` : ALWAYS;
  const targetIsLive = inPads ? sql`${target} is null or ${livePad(target)}` : ALWAYS;
  const padIsNewer = inPads
    ? sql`old.pad_id is not null and not exists (select 1 from pads p where p.id = old.pad_id)`
    : sql`false`;
  return cte(
    "decided",
    {
      id: column<string>("id"),
      padIsLive: column<boolean>("pad_is_live"),
      targetIsLive: column<boolean>("target_is_live"),
      repeated: column<boolean>("repeated"),
      stale: column<boolean>("stale"),
    },
    sql`select old.id, ${padIsLive} pad_is_live, ${targetIsLive} target_is_live,
        ${repeats(versioned, what)} repeated, (${padIsNewer}) or coalesce(${what.stale ?? sql`false`}, false) stale
      from old join input on input.id = old.id`,
  );
}

/** Holds if this change was made before. A save is recognised only while it is the last change. */
function repeats({ revisions, revisionOf }: Versioned, { hash, base }: Change<string>): SQL {
  const present = sql`coalesce(old.save_hash = ${hash}::bytea, false)`;
  if (base) return sql`(old.version - 1 = ${base} and ${present})`;
  return sql`(${present} or exists (select 1 from ${revisions} r where r.user_id = old.user_id
    and r.${sql.identifier(revisionOf)} = old.id and r.save_hash = ${hash}::bytea))`;
}

function replaced(versioned: Versioned, what: Change<string>) {
  const { table, content } = versioned;
  const next = listOf(
    content.map((key) => {
      const name = nameOf(versioned, key);
      return sql`${what.set[key] ?? sql`old.${name}`} as ${name}`;
    }),
  );
  const contentChanges = sql`(${contentOf(versioned, "next")}) is distinct from (${contentOf(versioned, "old")})`;
  const columns = updatedColumns(versioned);
  return cte(
    "updated",
    { ...columns, id: column<string>("id") },
    sql`update ${table} t set version = old.version + 1,
        ${listOf(content.map((key) => sql`${nameOf(versioned, key)} = next.${nameOf(versioned, key)}`))},
        kind = ${sql.raw(`'${what.kind}'`)}, save_hash = ${what.hash}::bytea, changed_at = at.now,
        updated_at = case when ${contentChanges} then at.now else old.updated_at end,
        deleted_at = ${what.deleted ? sql`coalesce(old.deleted_at, at.now)` : sql`null`}
      from old join
        (select old.id, ${next} from old join input on input.id = old.id join decided on decided.id = old.id
          where not decided.repeated and not exists (select 1 from decided d where d.stale) and (${what.when})
        ) next on next.id = old.id,
        lateral (select greatest(clock_timestamp()::timestamptz(3), old.changed_at + interval '1 ms') now) at
      where t.user_id = old.user_id and t.id = old.id
        and (${contentChanges} or (old.deleted_at is null) = ${what.deleted ? sql`true` : sql`false`})
      returning t.*`,
  );
}

/** Archives the state that each updated thing had. */
function archived(versioned: Versioned) {
  const { revisions, revisionOf } = versioned;
  const derived = Object.entries(versioned.archived);
  const names = [
    sql`user_id`,
    sql.identifier(revisionOf),
    contentNames(versioned),
    stateOf(versioned),
    ...derived.map(([name]) => sql.identifier(name)),
  ];
  const values = [
    sql`old.user_id`,
    sql`old.id`,
    contentOf(versioned, "old"),
    stateOf(versioned, "old"),
    ...derived.map(([, expression]) => expression),
  ];
  return cte(
    "archived",
    { version: column<number>("version") },
    sql`insert into ${revisions} (${listOf(names)})
      select ${listOf(values)} from old join updated on updated.id = old.id returning version`,
  );
}
