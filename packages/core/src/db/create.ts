// The one shape of a creation of versioned things. The client may choose the id, so it can send the same creation again. The
// row keeps a hash of the request, which recognises a repetition.
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { SelectedFields } from "drizzle-orm/pg-core";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { AppError } from "../errors.ts";
import { recordChainLink } from "./calls.ts";
import { chainLinkOf, digestOf } from "./chain.ts";
import { ALWAYS, anyColumnsOf, type Cte, column, cte, listOf, step } from "./cte.ts";
import { fingerprint } from "./fingerprint.ts";
import { isPurged } from "./purged.ts";
import { piecesOf, textOf } from "./text.ts";
import {
  type ContentValues,
  contentOf,
  forbiddenBy,
  type Limit,
  nameOf,
  parameterOf,
  type Versioned,
} from "./versioned.ts";
import { authorised, type Viewer, viewerId } from "./viewer.ts";

export interface Created<Thing> {
  thing: Thing;
  /** Whether this call made it. */
  created: boolean;
}

export interface CreateOptions<Content extends string> {
  /** Content that is derived from the other. A repetition is not recognised by it: later code may derive it differently. */
  derived?: ContentValues<Content>;
  /** How it came about, by the keys of `described`. */
  described?: Readonly<Record<string, unknown>>;
  /** The CTE `counted`, which counts in the account what `made` created. */
  counted?: Cte | undefined;
  /** A limit of the account that may forbid it, beside the budget of what is created. */
  limit?: Limit | undefined;
}

/**
 * Creates a thing of the viewer.
 * @param content with or without an id; columns that are left out, also of `derived`, are null
 * @returns the thing. A repetition gets the thing that the first call made, as it is now.
 * @throws AppError `unauthenticated`, `conflict` if the id holds another thing or one in the trash; what its home, `limit`
 *   or its budget refuses it with
 */
export async function create<Content extends string, Shown extends SelectedFields, Thing>(
  viewer: Viewer,
  versioned: Versioned<Content, Shown, Thing>,
  content: ContentValues<Content> & { id?: string | undefined },
  { derived = {}, described = {}, counted, limit }: CreateOptions<Content> = {},
): Promise<Created<Thing>> {
  const own = versioned.content.filter((key) => !(key in derived));
  const whole = { ...content, ...Object.fromEntries(own.map((key) => [key, content[key] ?? null])) };
  const limits = limitsOf(versioned, limit);
  const allowed = judged(versioned, limits);
  const made = inserted(versioned);
  const dead = deadHome(versioned);
  const longText = versioned.longText ? String(content[versioned.longText]) : "";
  // A caller that made the thing has its text. A repetition may find a newer text.
  const piece = piecesOf(
    versioned.longText &&
      sql`select made.${nameOf(versioned, versioned.longText)} as text from made where made.version > 1 and made.same`,
  );
  const rows = (await authorised(viewer, (begin) =>
    begin(
      [
        inputOf(versioned, whole, derived, described),
        ...targetHome(versioned),
        prior(versioned),
        allowed,
        made,
        dead,
        ...(counted ? [counted] : []),
        ...countedInBudget(versioned, counted !== undefined),
        piece,
      ],
      {
        thing: anyColumnsOf(made, versioned.shown),
        version: made.version,
        created: made.created,
        same: made.same,
        chainLink: made.chainLink,
        inTrash: sql<boolean>`made.deleted_at is not null or ${dead.id} is not null`,
        isPurged: sql<boolean>`${isPurged(versioned, sql`(select input.id from input)`)}`,
        forbiddenBy: allowed.forbiddenBy,
        bytes: piece.bytes,
      },
    )
      .leftJoin(allowed, ALWAYS)
      .leftJoin(made, ALWAYS)
      .leftJoin(dead, ALWAYS)
      .leftJoin(piece, ALWAYS)
      .orderBy(piece.i),
  )) as unknown as [Row<Shown>, ...Row<Shown>[]];
  const [row] = rows;
  if (row.forbiddenBy !== null) throw limits[row.forbiddenBy]?.refusal();
  if (row.thing === null) {
    if (!row.isPurged && versioned.home) throw versioned.home.missing();
    throw new AppError("conflict", {
      detail: `This id belongs to a ${versioned.noun} that was deleted for ever.`,
    });
  }
  // A repetition records the chain link that the lost answer would have recorded, or a newer one.
  if ((row.created || row.same) && row.chainLink) {
    const { id } = row.thing as { id: string };
    recordChainLink(versioned.noun, id, row.version, row.chainLink);
  }
  if (row.created) return { thing: versioned.serialize(row.thing, longText), created: true };
  if (!row.same || row.inTrash) {
    throw new AppError("conflict", {
      detail: `This id belongs to another ${versioned.noun}, or to one that was deleted.`,
    });
  }
  const text = row.version > 1 ? textOf(rows) : longText;
  return { thing: versioned.serialize(row.thing, text), created: false };
}

interface Row<Shown extends SelectedFields> {
  thing: SelectResultFields<Shown> | null;
  version: number;
  created: boolean;
  same: boolean;
  chainLink: Uint8Array | null;
  inTrash: boolean;
  isPurged: boolean;
  /** An index of the limits. */
  forbiddenBy: number | null;
  bytes: Uint8Array | null;
}

function limitsOf<Content extends string>(versioned: Versioned<Content>, limit: Limit | undefined): Limit[] {
  const { budget, longText } = versioned;
  const own = limit ? [limit] : [];
  if (!budget || !longText) return own;
  return [...own, budget.limit(sql`octet_length(input.${nameOf(versioned, longText)})`)];
}

function inputOf<Content extends string>(
  versioned: Versioned<Content>,
  content: ContentValues<Content> & { id?: string | undefined },
  derived: ContentValues<Content>,
  described: Readonly<Record<string, unknown>>,
) {
  const values: ContentValues<Content> = { ...content, ...derived };
  return step(
    "input",
    sql`select ${listOf([
      sql`${content.id ?? randomUUID()}::uuid id`,
      ...versioned.content.map((key) => parameterOf(versioned, key, values[key])),
      ...versioned.described.map((key) => parameterOf(versioned, key, described[key] ?? null)),
      sql`${fingerprint(content)}::bytea create_hash`,
    ])}`,
  );
}

/** Locks the home that the thing is put into. A deletion after that takes the thing along; after a deletion the thing is refused. */
function targetHome(versioned: Versioned): Cte[] {
  const { home } = versioned;
  if (!home) return [];
  return [
    step(
      "target",
      sql`select h.id, h.deleted_at from ${home.table} h join input on h.id = input.${nameOf(versioned, home.key)}
        where h.user_id = ${viewerId} for share of h`,
    ),
  ];
}

/** Finds a repetition, which is allowed even if its home was deleted since. The home is locked first, as everywhere. */
function prior({ table, home }: Versioned) {
  const after = home ? sql`and (select count(*) from target) >= 0` : sql``;
  return step(
    "prior",
    sql`select t.id from ${table} t join input on t.id = input.id
      where t.user_id = ${viewerId} ${after} for no key update of t`,
  );
}

/** A row if the thing can be created, or was created before, and the limit that forbids it. */
function judged(versioned: Versioned, limits: readonly Limit[]) {
  const { home } = versioned;
  const isRepeated = sql`exists (select 1 from prior)`;
  const hasHome = home
    ? sql`(input.${nameOf(versioned, home.key)} is null or ${isRepeated} or exists (select 1 from target where target.deleted_at is null))`
    : ALWAYS;
  return cte(
    "allowed",
    { forbiddenBy: column<number | null>("forbidden_by") },
    sql`select case when not ${isRepeated} then ${forbiddenBy(limits)} end forbidden_by from input
      where ${hasHome} and not ${isPurged(versioned, sql`input.id`)}`,
  );
}

/** @param locksAccount whether `counted` locks the account, which comes before */
function countedInBudget(versioned: Versioned, locksAccount: boolean): Cte[] {
  const { budget, longText } = versioned;
  if (!budget || !longText) return [];
  const isAfter = locksAccount ? sql`(select count(*) from counted) >= 0` : ALWAYS;
  const bytes = sql`octet_length(made.${nameOf(versioned, longText)}) bytes`;
  return [budget.counted(sql`select made.id, ${bytes} from made where made.created and ${isAfter}`)];
}

function inserted(versioned: Versioned) {
  const { table, shown, computed } = versioned;
  const described = versioned.described.map((key) => sql`, ${nameOf(versioned, key)}`);
  const digest = digestOf(versioned, (key) => sql`one.${nameOf(versioned, key)}`);
  // The update changes nothing: it locks the row of a concurrent or earlier request, and returns it.
  const insert = sql`insert into ${table} as present
      (user_id, id, ${contentOf(versioned)}${sql.join(described)}, version, kind, device, device_id, create_hash, created_at, updated_at, changed_at,
        digest, link)
    select one.user_id, one.id, ${contentOf(versioned, "one")}${sql.join(described)}, one.version, one.kind, one.device, one.device_id, one.create_hash,
      one.changed_at, one.changed_at, one.changed_at, one.digest, ${chainLinkOf(sql`null::bytea`, sql`one.digest`)}
    from (
      select one.*, ${digest} digest from (
        select viewer.user_id, viewer.device, viewer.device_id, input.*, 1 as version, 'create' as kind, null::timestamptz(3) deleted_at,
          clock_timestamp()::timestamptz(3) changed_at
        from viewer, input, allowed where allowed.forbidden_by is null
      ) one offset 0
    ) one
    on conflict (user_id, id) do update set version = present.version
    returning present.*, ${computed ? sql`${computed(sql`present`)},` : sql``} old.id is null created,
      present.create_hash = (select i.create_hash from input i) same`;
  return cte(
    "made",
    {
      ...shown,
      version: column<number>("version"),
      chainLink: column<Uint8Array | null>("link"),
      created: column<boolean>("created"),
      same: column<boolean>("same"),
    },
    insert,
  );
}

/** The deleted home that the thing is in, if any. The thing is then in the trash with it. */
function deadHome(versioned: Versioned) {
  const { home } = versioned;
  const columns = { id: column<string>("id") };
  if (!home) return cte("dead", columns, sql`select null::uuid id where false`);
  return cte(
    "dead",
    columns,
    // The target as it was locked: the snapshot may be older than its deletion.
    sql`select h.id from (
        select target.id, target.deleted_at from target union all
        select o.id, o.deleted_at from ${home.table} o where o.user_id = ${viewerId} and o.id not in (select id from target)
      ) h join made on h.id = made.${nameOf(versioned, home.key)} where h.deleted_at is not null`,
  );
}
