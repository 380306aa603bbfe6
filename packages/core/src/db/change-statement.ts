// The statement of a change (change.ts), part by part, and what its SQL may refer to.
//
// It locks the things, gives each its next state if it gets one, and archives the state before it. A statement's snapshot is
// older than the locks that it waits for. So everything that it checks, archives or answers comes from the rows that it locked:
// the things from `old`, and whether a home is live from `homes`. If a locked row points to something newer than the snapshot,
// the statement writes nothing, and the caller runs it again.
//
// The order of locks, for all statements: homes (pads) by id, `for share` by those that put things into them; then the things
// (notes) by id; then the account; then what it has written. Statements that all lock in this order can't deadlock.
import { type SQL, sql } from "drizzle-orm";
import type { SelectedFields } from "drizzle-orm/pg-core";
import { chainLinkOf, digestOf } from "./chain.ts";
import { ALWAYS, anyColumnsOf, type Cte, column, cte, listOf, step } from "./cte.ts";
import type { Kind } from "./kinds.ts";
import { isPurged } from "./purged.ts";
import { piecesOf } from "./text.ts";
import {
  columnOf,
  contentOf,
  forbiddenBy,
  type Limit,
  nameOf,
  newNameOf,
  stateOf,
  type Versioned,
} from "./versioned.ts";
import { authorised, type Viewer, viewerDevice, viewerDeviceId, viewerId } from "./viewer.ts";

/** One thing that is changed. */
export interface InputRow {
  id: string;
  /** What the change refers to as `input.…`: `expression name, …`. */
  columns?: SQL;
}

/** What is read for each thing, by one query for all of them. It reads the statement's snapshot. */
export interface InputOfEach {
  /** As of an InputRow. */
  columns: SQL;
  /** Joins that follow `from one`, where `one.id` is the thing's id. */
  from: SQL;
  /** The CTEs that these joins read. */
  after?: Cte[];
}

/** What a change does. For each thing, its SQL can use one row of `input` and one of `old`. */
export interface Change<Content extends string> {
  kind: Kind;
  /**
   * Recognises this change if the SDK or the client sends it again. The row keeps it, and after another change its revision.
   * A save is recognised by its content. Any other change is recognised only as the same request (`once`).
   */
  hash: Buffer;
  /** The things, each once. All have the same columns. */
  input: readonly InputRow[];
  /** Read for all of `input`, instead of `columns`. */
  each?: InputOfEach;
  /** The version that a save is based on: an expression of `input`. */
  base?: SQL;
  /** The home that the thing is moved into: an expression of `input`, null for none. */
  target?: SQL;
  /** The content of the next state. Columns that are left out stay. */
  set: Partial<Record<Content, SQL>>;
  /** How the next state came about, by the keys of `described`. What is left out is null. */
  described?: Readonly<Record<string, SQL | undefined>>;
  /** Whether the next state is deleted. */
  deleted: boolean;
  /** Holds if the thing may change. A next state that equals the present one makes no new version. */
  when: SQL;
  /** Whether the change applies to the thing at all: an expression of `input` and `old`. If it is left out, it does. */
  meant?: SQL;
  /** A limit of the account that may forbid it, beside the budget of what is changed. */
  limit?: Limit | undefined;
  /** A query of the long text to answer with, in a column `text`. No row if the caller has the text. For one thing only. */
  text?: SQL;
}

/** Holds if the locked thing is live: neither it nor its home is deleted. */
export const IS_LIVE = sql`(old.deleted_at is null and old.home_is_live)`;
/** Holds if the locked thing is in no home, or in a live one. */
export const HOME_IS_LIVE = sql`old.home_is_live`;
/** Holds if the target is live, or the change has none. */
export const TARGET_IS_LIVE = sql`old.target_is_live`;

/** A row of the answer: the columns of one thing, with a piece of its text. */
export interface Row {
  old: ({ id: string; version: number; deletedAt: Date | null; chainLink: Uint8Array | null } & Facts) | null;
  updated: { newChainLink: Uint8Array; version: number } | null;
  /** Which limit forbids the change, as an index of `limitsOf`. */
  forbiddenBy: number | null;
  bytes: Uint8Array | null;
  /** Whether one of the things was deleted for ever. */
  isPurged: boolean;
}

/** What the statement finds out about a thing once it is locked. */
interface Facts {
  homeIsLive: boolean;
  targetIsLive: boolean;
  repeated: boolean;
  stale: boolean;
  isMeant: boolean;
}

const FACTS = {
  homeIsLive: column<boolean>("home_is_live"),
  targetIsLive: column<boolean>("target_is_live"),
  repeated: column<boolean>("repeated"),
  stale: column<boolean>("stale"),
  isMeant: column<boolean>("is_meant"),
} satisfies Record<keyof Facts, unknown>;

/** The limits that may forbid the change. A deletion is never forbidden: it is how an account gets below its limits. */
export function limitsOf<Content extends string>(
  versioned: Versioned<Content>,
  { limit, set, deleted }: Change<Content>,
): Limit[] {
  const { budget, longText } = versioned;
  if (deleted || !budget || !longText) return limit ? [limit] : [];
  const bytes = sql`sum(octet_length(${set[longText] ?? sql`old.${nameOf(versioned, longText)}`})) over ()`;
  return [...(limit ? [limit] : []), budget.limit(bytes)];
}

/** Runs the statement once. If one of its rows is `stale` or is forbidden, it has changed nothing. */
export async function runChange<Content extends string>(
  viewer: Viewer,
  versioned: Versioned<Content>,
  change: Change<Content>,
): Promise<Row[]> {
  const input = inputOf(change);
  const homes = lockedHomes(versioned, change);
  const locked = lockedThings(versioned);
  const old = withFacts(versioned, change);
  const changing = judged(versioned, change);
  const updated = replaced(versioned, change);
  const kept = archived(versioned);
  const counted = versioned.budget?.counted(
    sql`select updated.id, updated.bytes from updated`,
    change.deleted,
  );
  const piece = piecesOf(change.text);
  const parts = [input, ...homes, locked, old, changing, updated, kept, ...(counted ? [counted] : []), piece];
  const rows = await authorised(viewer, (begin) =>
    begin([...(change.each?.after ?? []), ...parts], {
      old: anyColumnsOf(old, { ...versioned.shown, deletedAt: true, chainLink: true, ...FACTS }),
      updated: anyColumnsOf(updated, { ...storedOf(versioned), newChainLink: true }),
      forbiddenBy: changing.forbiddenBy,
      bytes: piece.bytes,
      isPurged: sql<boolean>`exists (select 1 from input where ${isPurged(versioned, sql`input.id`)})`,
    })
      .leftJoin(old, ALWAYS)
      .leftJoin(changing, sql`${changing.id} = ${old.id}`)
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
  if (each) {
    const ids = JSON.stringify(input.map(({ id }) => id));
    return step(
      "input",
      sql`select one.id, ${each.columns}
        from (select i.id::uuid id from jsonb_array_elements_text(${ids}::jsonb) i(id)) one ${each.from}`,
    );
  }
  const rows = input.map(
    ({ id, columns }) => sql`select ${id}::uuid id${columns ? sql`, ${columns}` : sql``}`,
  );
  return step("input", sql.join(rows, sql` union all `));
}

/** Locks the homes that the things are in, as far as the snapshot knows, and the targets. */
function lockedHomes(versioned: Versioned, { target }: Change<string>): Cte[] {
  const { table, home } = versioned;
  if (!home) return [];
  return [
    step(
      "homes",
      sql`select h.id, h.deleted_at
        from (select ${target ?? sql`null::uuid`} id from input union
          select t.${nameOf(versioned, home.key)} from input join ${table} t on t.user_id = ${viewerId} and t.id = input.id) named
        join ${home.table} h on h.user_id = ${viewerId} and h.id = named.id order by h.id for share of h`,
    ),
  ];
}

/** Locks the things after the homes: PostgreSQL counts `homes`, and so locks them, before it locks a thing. */
function lockedThings({ table, home }: Versioned) {
  const after = home ? sql`and (select count(*) from homes) >= 0` : sql``;
  return step(
    "locked",
    sql`select t.* from input join ${table} t on t.id = input.id
      where t.user_id = ${viewerId} ${after} order by t.id for no key update of t`,
  );
}

/** The locked things with their facts. A home that has no live row in `homes` is deleted, or newer than the snapshot. */
function withFacts(versioned: Versioned, change: Change<string>) {
  const { shown, computed } = versioned;
  const facts = [
    sql`${isLiveHome(homeOf(versioned))} home_is_live`,
    sql`${isLiveHome(versioned.home && change.target)} target_is_live`,
    sql`${repeats(versioned, change)} repeated`,
    sql`${isStale(versioned, change)} stale`,
    sql`${change.meant ?? ALWAYS} is_meant`,
    ...(computed ? [computed(sql`old`)] : []),
  ];
  return cte(
    "old",
    {
      ...shown,
      id: column<string>("id"),
      deletedAt: column<Date | null>("deleted_at"),
      chainLink: column<Uint8Array | null>("link"),
      ...FACTS,
    },
    sql`select old.*, ${listOf(facts)} from locked old join input on input.id = old.id`,
  );
}

/** The id of the home that a locked thing is in, if it can be in one. */
function homeOf(versioned: Versioned): SQL | undefined {
  return versioned.home && sql`old.${nameOf(versioned, versioned.home.key)}`;
}

function isLiveHome(id: SQL | undefined): SQL {
  if (!id) return ALWAYS;
  return sql`(${id} is null or exists (select 1 from homes h where h.id = ${id} and h.deleted_at is null))`;
}

/** Holds if this change was made before. A save counts as repeated only if nothing has changed the thing since. */
function repeats({ revisions, revisionOf }: Versioned, { hash, base }: Change<string>): SQL {
  const present = sql`coalesce(old.save_hash = ${hash}::bytea, false)`;
  if (base) return sql`(old.version - 1 = ${base} and ${present})`;
  return sql`(${present} or exists (select 1 from ${revisions} r where r.user_id = old.user_id
    and r.${sql.identifier(revisionOf)} = old.id and r.save_hash = ${hash}::bytea))`;
}

/**
 * Holds if the snapshot is too old to judge the locked thing: its home is newer than the snapshot, or its version is, if the
 * change looks at revisions. A save looks at the locked row alone.
 */
function isStale(versioned: Versioned, { base }: Change<string>): SQL {
  const home = homeOf(versioned);
  const homeIsNewer = home
    ? sql`(${home} is not null and not exists (select 1 from homes h where h.id = ${home}))`
    : sql`false`;
  if (base) return homeIsNewer;
  const seen = sql`select s.version from ${versioned.table} s where s.user_id = old.user_id and s.id = old.id`;
  return sql`(${homeIsNewer} or old.version is distinct from (${seen}))`;
}

/** What the change sets. */
function setBy(versioned: Versioned, change: Change<string>) {
  return versioned.content.flatMap((key) => {
    const to = change.set[key];
    if (to === undefined) return [];
    return [{ key, name: nameOf(versioned, key), newName: newNameOf(versioned, key), to }];
  });
}

function anyDiffers(set: ReturnType<typeof setBy>): SQL {
  if (set.length === 0) return sql`false`;
  return sql`(${listOf(set.map(({ to }) => to))}) is distinct from (${listOf(set.map(({ name }) => sql`old.${name}`))})`;
}

/** The things that get a next state, and the limit that forbids it. */
function judged(versioned: Versioned, change: Change<string>) {
  return cte(
    "changing",
    { id: column<string>("id"), forbiddenBy: column<number | null>("forbidden_by") },
    sql`select old.id, ${forbiddenBy(limitsOf(versioned, change))} forbidden_by from old join input on input.id = old.id
      where not old.repeated and not exists (select 1 from old o where o.stale) and (${change.when})
        and (${anyDiffers(setBy(versioned, change))} or (old.deleted_at is null) = ${change.deleted ? sql`true` : sql`false`})`,
  );
}

function replaced(versioned: Versioned, change: Change<string>) {
  const { table, home, longText } = versioned;
  const set = setBy(versioned, change);
  const stored = storedOf(versioned);
  const described = versioned.described.map((key) => {
    const type = sql.raw(columnOf(versioned, key).getSQLType());
    return sql`, ${nameOf(versioned, key)} = ${change.described?.[key] ?? sql`null::${type}`}`;
  });
  // The next state, by the keys of the table.
  const valueFor = (key: string) => {
    if (set.some((one) => one.key === key)) return sql`next.${newNameOf(versioned, key)}`;
    return sql`next.${key in NEXT ? NEXT[key as keyof typeof NEXT] : nameOf(versioned, key)}`;
  };
  const chainLink = chainLinkOf(sql`next.link`, sql`next.new_digest`);
  const bytes = longText ? sql`octet_length(t.${nameOf(versioned, longText)})` : sql`0`;
  return cte(
    "updated",
    { ...stored, id: column<string>("id"), newChainLink: column<Uint8Array>("new_link") },
    sql`update ${table} t set version = next.new_version, kind = ${sql.raw(`'${change.kind}'`)}, device = next.new_device, device_id = ${viewerDeviceId},
        save_hash = ${change.hash}::bytea, changed_at = next.now,
        updated_at = case when next.wording_changes then next.now else next.updated_at end,
        deleted_at = next.new_deleted_at, digest = next.new_digest, link = ${chainLink}
        ${sql.join(described)}
        ${sql.join(set.map(({ name, newName }) => sql`, ${name} = next.${newName}`))}
      from (
        select next.*, ${digestOf(versioned, valueFor)} new_digest from (
          select moved_on.*, ${change.deleted ? sql`coalesce(moved_on.deleted_at, moved_on.now)` : sql`null::timestamptz(3)`} new_deleted_at
          from (
            select old.*, old.version + 1 new_version, ${sql.raw(`'${change.kind}'`)}::text new_kind, ${viewerDevice} new_device,
              ${anyDiffers(set.filter(({ key }) => key !== home?.key))} wording_changes,
              ${sql.join(set.map(({ newName, to }) => sql`${to} ${newName}, `))}
              greatest(clock_timestamp()::timestamptz(3), old.changed_at + interval '1 ms') now
            from old join input on input.id = old.id join changing on changing.id = old.id
            where not exists (select 1 from changing c where c.forbidden_by is not null)
          ) moved_on
        ) next offset 0
      ) next, input
      where t.user_id = next.user_id and t.id = next.id and input.id = next.id
      returning ${listOf(Object.keys(stored).map((key) => sql`t.${nameOf(versioned, key)}`))}, t.link new_link, ${bytes} bytes`,
  );
}

/** The columns of `next` that have another name than the columns of the table. */
const NEXT = {
  version: sql`new_version`,
  changedAt: sql`now`,
  deletedAt: sql`new_deleted_at`,
  kind: sql`new_kind`,
  device: sql`new_device`,
};

/** Archives the state before, for each thing that changed. */
function archived(versioned: Versioned) {
  const { revisions, revisionOf } = versioned;
  const derived = Object.entries(versioned.archived);
  const names = [
    sql`user_id`,
    sql.identifier(revisionOf),
    contentOf(versioned),
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
  return step(
    "archived",
    sql`insert into ${revisions} (${listOf(names)})
      select ${listOf(values)} from old join updated on updated.id = old.id returning version`,
  );
}
