// The one shape of a change to notes and pads. Saving, moving, deleting, restoring and going back to a version differ only
// in the state that follows.
//
// One statement locks the things, replaces each that has a state to follow, and archives the state before it. A
// statement's snapshot is older than the locks it waits for. So everything that is checked, archived or answered is read
// from the rows that were locked in `old`, and whether a pad is live from the rows that were locked in `pads`. If a locked
// row points to something newer than the snapshot, nothing is written and the statement runs again.
//
// The order of locks, for all statements: pads by id (`for share` by those that put notes into them), then notes by id, then
// the account. Statements that all lock in this order can't deadlock.
import { type SQL, sql } from "drizzle-orm";
import type { SelectedFields } from "drizzle-orm/pg-core";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { config } from "../config.ts";
import { AppError, invalidField } from "../errors.ts";
import { SELECTED_MAX } from "../note/limits.ts";
import { NO_SUCH_PAD } from "../pad/schema.ts";
import type { KINDS } from "../revision/schema.ts";
import { recordChainLink } from "./calls.ts";
import { chainLinkOf, digestOf } from "./chain.ts";
import { ALWAYS, anyColumnsOf, type Cte, column, cte, listOf } from "./cte.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { piecesOf, textOf } from "./text.ts";
import {
  columnOf,
  contentNames,
  contentOf,
  nameOf,
  newNameOf,
  parameterOf,
  type Sent,
  sentKeys,
  stateOf,
  type Versioned,
} from "./versioned.ts";
import { authorised, type Viewer, viewerDevice, viewerId } from "./viewer.ts";

/** Things in one change: more would make the statement too long, and hold its locks too long. */
export const CHANGED_TOGETHER_MAX = SELECTED_MAX;

/** How often a statement runs if its snapshot is older than the rows that it locked. A second run fails only in a new race. */
const TRIES = 8;

/** One thing that is changed, with the columns that the change refers to as `input.…`: `expression name, …`. */
export interface InputRow {
  id: string;
  columns?: SQL;
  /** What `columns` are read from: `from …`, one row. It is read from the statement's snapshot. */
  from?: SQL;
}

/** What is read for each thing of a change, by one query for all of them. */
export interface InputOfEach {
  /** As of an InputRow. */
  columns: SQL;
  /** Joins that follow `from one`, where `one.id` is the thing's id. */
  from: SQL;
  /** What they read. */
  after: Cte[];
}

/** What a change does. Its SQL sees `input` and `old`, one row of each for each thing. */
export interface Change<Content extends string> {
  kind: (typeof KINDS)[number];
  /**
   * Recognises this change when the SDK or the client sends it again: the row keeps it, and so does its revision when
   * another change follows. A save is recognised by its content, any other change only as the same request (`once`).
   */
  hash: Buffer;
  /** The things, each once. All have the same columns. */
  input: readonly InputRow[];
  /** What is read for all of `input`, which has no columns then. */
  each?: InputOfEach;
  /** The version that a save is based on: an expression of `input`. */
  base?: SQL;
  /** The pad that the thing is put into: an expression of `input`; null for none. */
  target?: SQL;
  /** The content of the state that follows. Columns that are left out stay. */
  set: Partial<Record<Content, SQL>>;
  /** What tells how the state that follows came about, by the keys of `described`. What is left out is null. */
  described?: Readonly<Record<string, SQL | undefined>>;
  /** Whether the state that follows is deleted. */
  deleted: boolean;
  /** Holds if the thing may change. A state that equals the present one makes no new version. */
  when: SQL;
  /** Whether the change is about the thing at all: an expression of `input` and `old`. Without one, it is. */
  meant?: SQL;
  /** Holds if the account has too much already, and the change would add to it: an expression of `input` and `old`. */
  exceeds?: SQL;
  /** A query for the long text to answer with, column `text`; no row if the caller has it. For one thing only. */
  text?: SQL;
}

export interface Outcome<Shown extends SelectedFields> {
  /** The thing as it is now. */
  thing: SelectResultFields<Shown>;
  /** The text that `Change.text` selected, if it selected one. */
  text: string | undefined;
  /** Whether this call made a new version. */
  changed: boolean;
  /** Whether this change repeats one that was made before. */
  repeated: boolean;
  /** Whether it was live before this change. */
  wasLive: boolean;
  /** Whether the target pad is live; true without one. */
  targetIsLive: boolean;
  /** Whether `Change.meant` holds, and whether `Change.exceeds` does. */
  isMeant: boolean;
  exceeds: boolean;
}

/** Holds if the locked thing is live: neither it nor its pad is deleted. */
export const IS_LIVE = sql`(old.deleted_at is null and old.pad_is_live)`;
/** Holds if the locked thing is in no pad, or in a live one. */
export const PAD_IS_LIVE = sql`old.pad_is_live`;
/** Holds if the target pad is live, or the change has none. */
export const TARGET_IS_LIVE = sql`old.target_is_live`;

/**
 * Changes the viewer's things that `what.input` names, at most CHANGED_TOGETHER_MAX: in one statement, but each on its own.
 * @returns the outcome for each that exists, by id
 * @throws AppError `unauthenticated`, `unavailable` if others changed them faster than they could be read; RangeError for
 *   too many things, or the same one twice
 */
export async function changeEach<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  what: Change<Content>,
): Promise<Map<string, Outcome<Shown>>> {
  const ids = new Set(what.input.map(({ id }) => id.toLowerCase()));
  if (ids.size < what.input.length) throw new RangeError("A change names the same thing twice.");
  if (ids.size > CHANGED_TOGETHER_MAX)
    throw new RangeError(`A change names over ${CHANGED_TOGETHER_MAX} things.`);
  if (ids.size === 0) return new Map();
  return outcomesOf(versioned, await runUntilFresh(viewer, versioned, what));
}

/**
 * As `changeEach`, for one thing.
 * @throws AppError `not_found` if the viewer does not have it, with a `detail` if it was deleted for ever
 */
export async function changeOne<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  what: Change<Content>,
): Promise<Outcome<Shown>> {
  const rows = await runUntilFresh(viewer, versioned, what);
  const [outcome] = outcomesOf<Shown>(versioned, rows).values();
  if (outcome !== undefined) return outcome;
  throw rows[0]?.isPurged ? deletedForEver(versioned.noun) : new AppError("not_found");
}

/** For a thing that can't be brought back. */
export function deletedForEver(noun: string): AppError {
  return new AppError("not_found", { detail: `This ${noun} was deleted for ever.` });
}

async function runUntilFresh<Content extends string>(
  viewer: Viewer,
  versioned: Versioned<Content>,
  what: Change<Content>,
): Promise<Row[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const rows = await runOnce(viewer, versioned, what);
    if (rows.every((row) => !row.old?.stale)) return rows;
  }
  throw new AppError("unavailable", { retryAfterSeconds: 1 });
}

export interface SaveOptions<Content extends string> {
  /** Content that follows from what was sent. It does not count in a repetition, as in create.ts. */
  derived?: Sent<Content>;
  /** What kind of state it makes: a merge, or what was chosen in a conflict. */
  kind?: Change<Content>["kind"] | undefined;
  /** What tells how it came about, by the keys of `described`. */
  described?: Readonly<Record<string, unknown>>;
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
  { derived = {}, kind = "save", described = {} }: SaveOptions<Content> = {},
): Promise<Thing> {
  const given: Sent<Content> = { ...sent, ...derived };
  const keys = sentKeys(versioned, given);
  const { longText } = versioned;
  const text = longText && (sent[longText] as string | undefined);
  const outcome = await changeOne(viewer, versioned, {
    kind,
    hash: fingerprint({ base, ...(kind !== "save" && { kind }), ...sent }),
    input: [
      {
        id,
        columns: listOf([
          sql`${base}::int base`,
          ...keys.map((key) => parameterOf(versioned, key, given[key])),
          ...versioned.described.map((key) => parameterOf(versioned, key, described[key] ?? null)),
        ]),
      },
    ],
    base: sql`input.base`,
    target: keys.some((key) => key === "padId") ? sql`input.pad_id` : undefined,
    set: Object.fromEntries(keys.map((key) => [key, sql`input.${nameOf(versioned, key)}`])) as Partial<
      Record<Content, SQL>
    >,
    described: Object.fromEntries(
      versioned.described.map((key) => [key, sql`input.${nameOf(versioned, key)}`]),
    ),
    deleted: false,
    ...(longText && text !== undefined && { exceeds: exceedsWith(nameOf(versioned, longText)) }),
    when: sql`old.version = input.base and ${IS_LIVE} and ${TARGET_IS_LIVE}`,
    text: longText && textOfAnswer(text !== undefined),
  });
  if (!outcome.wasLive) throw new AppError("not_found");
  const saved = outcome.changed || outcome.repeated;
  const mismatch = !saved && (outcome.thing as { version: number }).version !== base;
  const now = versioned.serialize(
    outcome.thing,
    (text === undefined || mismatch ? outcome.text : text) ?? "",
  );
  if (mismatch) throw new AppError("version_mismatch", { current: now });
  if (!saved && !outcome.targetIsLive) throw noSuchPad();
  if (!saved && outcome.exceeds) throw tooMuchText();
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
    input: [{ id }],
    set: {},
    deleted: true,
    when: IS_LIVE,
  });
}

/** For an account whose texts, with their earlier states, are as much as they may be. */
export function tooMuchText(): AppError {
  const message = `An account can have at most ${config.bytesPerAccount / 1024 / 1024} MB of text, with its earlier states`;
  return new AppError("quota_exceeded", {
    detail: `${message}. Delete notes for ever, or save a shorter text.`,
    fields: { text: [{ code: "limit_reached", message }] },
  });
}

/** Holds if the account has too much text already, and the new one is longer. */
function exceedsWith(text: SQL): SQL {
  return sql`(octet_length(input.${text}) > octet_length(old.${text})
    and (select a.bytes from account a where a.id = ${viewerId}) > ${config.bytesPerAccount}::bigint)`;
}

/** The text that a save answers with: what was sent is known, unless another save came first. */
function textOfAnswer(isSent: boolean): SQL {
  if (!isSent) return sql`select old.text from old`;
  return sql`select old.text from old, input where old.version <> input.base and not old.repeated`;
}

/** For a `padId` that does not name a live pad of the viewer. */
export function noSuchPad(): AppError {
  return invalidField("padId", "not_found", NO_SUCH_PAD);
}

/** Holds if a thing of this kind and id was deleted for ever. */
export function isPurged({ noun }: Versioned, id: SQL): SQL {
  return sql`exists (select 1 from purged g where g.user_id = ${viewerId} and g.kind = ${sql.raw(`'${noun}'`)} and g.id = ${id})`;
}

/** A row of the answer: the columns of one thing, with a piece of its text. */
interface Row {
  old: ({ id: string; version: number; deletedAt: Date | null; link: Uint8Array | null } & Facts) | null;
  updated: { newChainLink: Uint8Array; version: number } | null;
  bytes: Uint8Array | null;
  /** Whether one of the things was deleted for ever. */
  isPurged: boolean;
}

/** What is known of a thing once it is locked. */
interface Facts {
  padIsLive: boolean;
  targetIsLive: boolean;
  repeated: boolean;
  stale: boolean;
  isMeant: boolean;
  exceeds: boolean;
}

const FACTS = {
  padIsLive: column<boolean>("pad_is_live"),
  targetIsLive: column<boolean>("target_is_live"),
  repeated: column<boolean>("repeated"),
  stale: column<boolean>("stale"),
  isMeant: column<boolean>("is_meant"),
  exceeds: column<boolean>("exceeds"),
} satisfies Record<keyof Facts, unknown>;

function outcomesOf<Shown extends SelectedFields>(
  { noun }: Versioned,
  rows: Row[],
): Map<string, Outcome<Shown>> {
  const byId = Map.groupBy(rows, (row) => row.old?.id);
  const outcomes = new Map<string, Outcome<Shown>>();
  for (const [id, [row, ...rest]] of byId) {
    if (id === undefined || !row?.old) continue;
    const {
      deletedAt,
      link,
      padIsLive,
      targetIsLive,
      repeated,
      stale: _,
      isMeant,
      exceeds,
      ...before
    } = row.old;
    const { newChainLink = link, ...after } = row.updated ?? {};
    const thing = { ...before, ...after };
    // Also where nothing changed: the call that made its newest state may have lost its answer, and with it the link.
    if (newChainLink) recordChainLink(noun, id, thing.version, newChainLink);
    outcomes.set(id, {
      thing: thing as unknown as SelectResultFields<Shown>,
      text: row.bytes === null ? undefined : textOf([row, ...rest]),
      changed: row.updated !== null,
      repeated,
      wasLive: deletedAt === null && padIsLive,
      targetIsLive,
      isMeant,
      exceeds,
    });
  }
  return outcomes;
}

async function runOnce<Content extends string>(
  viewer: Viewer,
  versioned: Versioned<Content>,
  what: Change<Content>,
): Promise<Row[]> {
  const input = inputOf(what);
  const pads = lockedPads(versioned, what);
  const locked = lockedThings(versioned);
  const old = withFacts(versioned, what);
  const updated = replaced(versioned, what);
  const kept = archived(versioned);
  const piece = piecesOf(what.text);
  const rows = await authorised(viewer, (begin) =>
    begin([...(what.each?.after ?? []), input, ...pads, locked, old, updated, kept, piece], {
      old: anyColumnsOf(old, { ...versioned.shown, deletedAt: true, link: true, ...FACTS }),
      updated: anyColumnsOf(updated, { ...storedOf(versioned), newChainLink: true }),
      bytes: piece.bytes,
      isPurged: sql<boolean>`exists (select 1 from input where ${isPurged(versioned, sql`input.id`)})`,
    })
      .leftJoin(old, ALWAYS)
      .leftJoin(updated, sql`${updated.id} = ${old.id}`)
      .leftJoin(piece, ALWAYS)
      .orderBy(sql`${old.id}`, piece.i),
  );
  return rows as unknown as Row[];
}

/** The columns that an answer shows and that are stored. */
function storedOf({ shown, table }: Versioned): SelectedFields {
  const stored = Object.entries(shown).filter(([key]) => key in table);
  return Object.fromEntries(stored) as SelectedFields;
}

function inputOf({ input, each }: Change<string>) {
  const columns = { id: column<string>("id") };
  if (each) {
    const ids = JSON.stringify(input.map(({ id }) => id));
    return cte(
      "input",
      columns,
      sql`select one.id, ${each.columns}
        from (select i.id::uuid id from jsonb_array_elements_text(${ids}::jsonb) i(id)) one ${each.from}`,
    );
  }
  const rows = input.map(
    ({ id, columns, from }) =>
      sql`select ${id}::uuid id${columns ? sql`, ${columns}` : sql``} ${from ?? sql``}`,
  );
  return cte("input", columns, sql.join(rows, sql` union all `));
}

/** Locks the pads that the things are in, by the snapshot, and the target pads. */
function lockedPads({ inPads, table }: Versioned, { target }: Change<string>): Cte[] {
  if (!inPads) return [];
  return [
    cte(
      "pads",
      { id: column<string>("id") },
      sql`select p.id, p.deleted_at
        from (select ${target ?? sql`null::uuid`} id from input union
          select n.pad_id from input join ${table} n on n.user_id = ${viewerId} and n.id = input.id) named
        join pad p on p.user_id = ${viewerId} and p.id = named.id order by p.id for share of p`,
    ),
  ];
}

/** Locks the things, after the pads: counting `pads` reads it before a row is locked. */
function lockedThings({ table, inPads }: Versioned) {
  const after = inPads ? sql`and (select count(*) from pads) >= 0` : sql``;
  return cte(
    "locked",
    { id: column<string>("id") },
    sql`select t.* from input join ${table} t on t.id = input.id
      where t.user_id = ${viewerId} ${after} order by t.id for no key update of t`,
  );
}

/** The locked things, with what is known of each. Without a live row in `pads`, its pad is deleted, or newer than the snapshot. */
function withFacts(versioned: Versioned, what: Change<string>) {
  const { shown, computed } = versioned;
  const facts = [
    sql`${padIsLive(versioned, sql`old.pad_id`)} pad_is_live`,
    sql`${padIsLive(versioned, what.target ?? sql`null::uuid`)} target_is_live`,
    sql`${repeats(versioned, what)} repeated`,
    sql`${isStale(versioned, what)} stale`,
    sql`${what.meant ?? ALWAYS} is_meant`,
    sql`coalesce(${what.exceeds ?? sql`false`}, false) exceeds`,
    ...(computed ? [computed(sql`old`)] : []),
  ];
  return cte(
    "old",
    {
      ...shown,
      id: column<string>("id"),
      deletedAt: column<Date | null>("deleted_at"),
      link: column<Uint8Array | null>("link"),
      ...FACTS,
    },
    sql`select old.*, ${listOf(facts)} from locked old join input on input.id = old.id`,
  );
}

function padIsLive({ inPads }: Versioned, id: SQL): SQL {
  if (!inPads) return ALWAYS;
  return sql`(${id} is null or exists (select 1 from pads p where p.id = ${id} and p.deleted_at is null))`;
}

/** Holds if this change was made before. A save repeats itself only right after it was made. */
function repeats({ revisions, revisionOf }: Versioned, { hash, base }: Change<string>): SQL {
  const present = sql`coalesce(old.save_hash = ${hash}::bytea, false)`;
  if (base) return sql`(old.version - 1 = ${base} and ${present})`;
  return sql`(${present} or exists (select 1 from ${revisions} r where r.user_id = old.user_id
    and r.${sql.identifier(revisionOf)} = old.id and r.save_hash = ${hash}::bytea))`;
}

/**
 * Holds if the snapshot is too old to judge the locked thing: its pad is newer, or, for a change that looks at its
 * revisions, so is its version. A save judges by the locked row alone.
 */
function isStale({ table, inPads }: Versioned, { base }: Change<string>): SQL {
  const padIsNewer = inPads
    ? sql`(old.pad_id is not null and not exists (select 1 from pads p where p.id = old.pad_id))`
    : sql`false`;
  if (base) return padIsNewer;
  const seen = sql`select s.version from ${table} s where s.user_id = old.user_id and s.id = old.id`;
  return sql`(${padIsNewer} or old.version is distinct from (${seen}))`;
}

function replaced(versioned: Versioned, what: Change<string>) {
  const { table, content } = versioned;
  const set = content.flatMap((key) => {
    const to = what.set[key];
    return to === undefined
      ? []
      : [{ key, name: nameOf(versioned, key), newName: newNameOf(versioned, key), to }];
  });
  const contentChanges =
    set.length === 0
      ? sql`false`
      : sql`(${listOf(set.map(({ to }) => to))}) is distinct from (${listOf(set.map(({ name }) => sql`old.${name}`))})`;
  const stored = storedOf(versioned);
  const described = versioned.described.map((key) => {
    const type = sql.raw(columnOf(versioned, key).getSQLType());
    return sql`, ${nameOf(versioned, key)} = ${what.described?.[key] ?? sql`null::${type}`}`;
  });
  // The state that follows, by the keys of the table.
  const valueFor = (key: string) => {
    if (set.some((one) => one.key === key)) return sql`next.${newNameOf(versioned, key)}`;
    return sql`next.${key in NEXT ? NEXT[key as keyof typeof NEXT] : nameOf(versioned, key)}`;
  };
  const link = chainLinkOf(sql`next.link`, sql`next.new_digest`);
  return cte(
    "updated",
    { ...stored, id: column<string>("id"), newChainLink: column<Uint8Array>("new_link") },
    sql`update ${table} t set version = next.new_version, kind = ${sql.raw(`'${what.kind}'`)}, device = next.new_device,
        save_hash = ${what.hash}::bytea, changed_at = next.now,
        updated_at = case when next.content_changes then next.now else next.updated_at end,
        deleted_at = next.new_deleted_at, digest = next.new_digest, link = ${link}
        ${sql.join(described)}
        ${sql.join(set.map(({ name, newName }) => sql`, ${name} = next.${newName}`))}
      from (
        select next.*, ${digestOf(versioned, valueFor)} new_digest from (
          select changing.*, ${what.deleted ? sql`coalesce(changing.deleted_at, changing.now)` : sql`null::timestamptz(3)`} new_deleted_at
          from (
            select old.*, old.version + 1 new_version, ${sql.raw(`'${what.kind}'`)}::text new_kind, ${viewerDevice} new_device,
              ${contentChanges} content_changes, ${sql.join(set.map(({ newName, to }) => sql`${to} ${newName}, `))}
              greatest(clock_timestamp()::timestamptz(3), old.changed_at + interval '1 ms') now
            from old join input on input.id = old.id
            where not old.repeated and not old.exceeds and not exists (select 1 from old o where o.stale) and (${what.when})
          ) changing
          where changing.content_changes or (changing.deleted_at is null) = ${what.deleted ? sql`true` : sql`false`}
        ) next offset 0
      ) next, input
      where t.user_id = next.user_id and t.id = next.id and input.id = next.id
      returning ${listOf(Object.keys(stored).map((key) => sql`t.${nameOf(versioned, key)}`))}, t.link new_link`,
  );
}

/** The columns of `next` that have the state that follows, where the name is not the column's own. */
const NEXT = {
  version: sql`new_version`,
  changedAt: sql`now`,
  deletedAt: sql`new_deleted_at`,
  kind: sql`new_kind`,
  device: sql`new_device`,
};

/** Keeps the state that each updated thing had. */
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
