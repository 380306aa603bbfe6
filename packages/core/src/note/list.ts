// Lists notes: filtered, searched, sorted, a page at a time, without their texts.
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { READERS_COLLATION } from "../db/columns.ts";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { authorised, type Viewer } from "../db/viewer.ts";
import { Id } from "../field/schema.ts";
import { CursorText, CursorTime, pageOf, positionOf } from "../paging/index.ts";
import { PAGE_DEFAULT } from "../paging/schema.ts";
import { ORDER_DEFAULT, type Order } from "./limits.ts";
import { contains, isMarked, livePad, passes, requirePad, requireTurn, searchTurn } from "./matching.ts";
import { note } from "./note.sql.ts";
import type { ListNotes, NotePage } from "./schema.ts";
import { shown, summarize } from "./versioned.ts";

/** The columns of a row that a cursor names. */
interface Row {
  id: string;
  name: string;
  updatedAt: Date;
  pinnedAt: Date | null;
}

interface Sorting {
  by: SQL;
  /** The type of `by` in SQL. */
  type: SQL;
  cursor: z.ZodMiniType<string>;
  /** A row's value in a cursor. */
  of(row: Row): string;
  direction: SQL;
  /** The comparison that holds for rows after a position. */
  after: SQL;
}

const BY_NAME = {
  by: sql`n.name ${READERS_COLLATION}`,
  type: sql`text`,
  cursor: CursorText,
  of: ({ name }: Row) => name,
};
const BY_UPDATE = {
  by: sql`n.updated_at`,
  type: sql`timestamptz`,
  cursor: CursorTime,
  of: ({ updatedAt }: Row) => updatedAt.toISOString(),
};
const ASCENDING = { direction: sql`asc`, after: sql`>` };
const DESCENDING = { direction: sql`desc`, after: sql`<` };

const SORTINGS: Record<Order, Sorting> = {
  name: { ...BY_NAME, ...ASCENDING },
  "-name": { ...BY_NAME, ...DESCENDING },
  updated_at: { ...BY_UPDATE, ...ASCENDING },
  "-updated_at": { ...BY_UPDATE, ...DESCENDING },
};

/** Where a page begins: after this note, which is pinned or not. */
interface Position {
  isPinned: boolean;
  value: string;
  id: string;
}

/**
 * A page of the viewer's live notes, without their texts.
 * @throws AppError `unauthenticated`, `not_found` if `pad` is not a live pad of this user, `invalid_input` naming `cursor`,
 *   `rate_limited` if two searches of the user run already
 */
export async function list(viewer: Viewer, wanted: ListNotes): Promise<NotePage> {
  const { pad, cursor, limit = PAGE_DEFAULT } = wanted;
  const position = readCursor(wanted);
  const { turn, matching, listed } = matched(wanted);
  const total = totalOf(listed, cursor === undefined);
  const inPad = livePad(pad);
  const paged = cte("paged", { ...shown, excerpt: note.excerpt }, pageAfter(position, wanted, listed));
  const rows = await authorised(viewer, (begin) =>
    begin([turn, ...matching, total, inPad, paged], {
      hasTurn: turn.free,
      total: total.notes,
      padId: inPad.id,
      note: { ...columnsOf(paged, shown), excerpt: paged.excerpt },
    })
      .leftJoin(turn, ALWAYS)
      .leftJoin(total, ALWAYS)
      .leftJoin(inPad, ALWAYS)
      .leftJoin(paged, ALWAYS)
      .orderBy(sql`paged.rank`),
  );
  requireTurn(rows[0].hasTurn);
  requirePad(pad, rows[0].padId);
  const page = pageOf(
    rows.map((row) => row.note),
    limit,
    (last) => cursorOf(wanted, last),
  );
  return { notes: page.rows.map(summarize), total: rows[0].total, nextCursor: page.nextCursor };
}

function cursorOf({ order = ORDER_DEFAULT, pinned }: ListNotes, last: Row): readonly unknown[] {
  const after = [SORTINGS[order].of(last), last.id];
  return pinned === "first" ? [order, "pinned first", last.pinnedAt !== null, ...after] : [order, ...after];
}

/** @throws AppError `invalid_input` naming `cursor`, if it does not belong to this list */
function readCursor({ order = ORDER_DEFAULT, pinned, cursor }: ListNotes): Position | undefined {
  const ordered = z.literal(order);
  const value = SORTINGS[order].cursor;
  if (pinned === "first") {
    const schema = z.tuple([ordered, z.literal("pinned first"), z.boolean(), value, Id]);
    const position = positionOf(cursor, schema);
    return position && { isPinned: position[2], value: position[3], id: position[4] };
  }
  const position = positionOf(cursor, z.tuple([ordered, value, Id]));
  return position && { isPinned: false, value: position[1], id: position[2] };
}

/**
 * The query of a page, with one note more than it shows, and with `rank` for the order. If pinned notes come first, they are
 * selected separately, so that both selections are read in the order of an index.
 */
function pageAfter(position: Position | undefined, wanted: ListNotes, listed: SQL): SQL {
  const { pinned, order = ORDER_DEFAULT, limit = PAGE_DEFAULT } = wanted;
  const { by, type, direction, after } = SORTINGS[order];
  const most = sql`limit ${limit + 1}::int`;
  const sorted = sql`${by} ${direction}, n.id ${direction}`;
  const part = (number: number, only: SQL, from: Position | undefined) => {
    const rest = from ? sql`and (${by}, n.id) ${after} (${from.value}::${type}, ${from.id}::uuid)` : sql``;
    return sql`(select n.*, ${number}::int part from note n where ${listed} ${only} ${rest} order by ${sorted} ${most})`;
  };
  const parts: SQL[] = [];
  if (pinned !== "first") parts.push(part(0, sql``, position));
  else {
    const isInPinned = position === undefined || position.isPinned;
    if (isInPinned) parts.push(part(0, sql`and ${isMarked("pinned_at", true)}`, position));
    parts.push(part(1, sql`and ${isMarked("pinned_at", false)}`, isInPinned ? undefined : position));
  }
  return sql`select n.*, row_number() over (order by n.part, ${sorted}) rank
    from (${sql.join(parts, sql` union all `)}) n order by n.part, ${sorted} ${most}`;
}

/** Counts the list, for its first page. */
function totalOf(listed: SQL, isWanted: boolean) {
  return cte(
    "total",
    { notes: column<number>("notes") },
    isWanted
      ? sql`select count(*)::int notes from note n where ${listed}`
      : sql`select null::int notes where false`,
  );
}

/** The condition of a list, with the CTEs that it needs for a search. */
function matched(wanted: ListNotes) {
  const { q } = wanted;
  const filtered = passes(wanted);
  const turn = searchTurn(q !== undefined && q !== "");
  if (!q) return { turn, matching: [], listed: filtered };
  const found = sql`(${contains(sql`n.name`, q)} or ${contains(sql`n.text`, q)})`;
  // PostgreSQL materialises a CTE that is used twice, so the count and the page read the texts once.
  const matching = step(
    "matching",
    sql`select n.id from note n where (select turn.free from turn) and ${filtered} and ${found}`,
  );
  const listed = sql`${filtered} and n.id in (select m.id from matching m)`;
  return { turn, matching: [matching], listed };
}
