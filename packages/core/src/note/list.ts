// Lists notes: filtered, searched, sorted, a page at a time, without their texts.
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { READERS_COLLATION } from "../db/columns.ts";
import { ALWAYS, column, columnsOf, cte } from "../db/cte.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Id } from "../field/schema.ts";
import { CursorText, CursorTime, pageOf, positionOf } from "../paging/index.ts";
import { PAGE_DEFAULT } from "../paging/schema.ts";
import { note } from "./note.sql.ts";
import { type ListNotes, type NotePage, ORDER_DEFAULT, type Order } from "./schema.ts";
import { isLive, shown, summarize } from "./versioned.ts";

interface Sorting {
  by: SQL;
  /** The type of `by` in SQL. */
  type: SQL;
  cursor: z.ZodMiniType<string>;
  /** A row's value in a cursor. */
  of(row: { name: string; updatedAt: Date }): string;
  direction: SQL;
  /** The comparison that holds for rows after a position. */
  after: SQL;
}

const BY_NAME = {
  by: sql`n.name ${READERS_COLLATION}`,
  type: sql`text`,
  cursor: CursorText,
  of: ({ name }: { name: string }) => name,
};
const BY_UPDATE = {
  by: sql`n.updated_at`,
  type: sql`timestamptz`,
  cursor: CursorTime,
  of: ({ updatedAt }: { updatedAt: Date }) => updatedAt.toISOString(),
};
const ASCENDING = { direction: sql`asc`, after: sql`>` };
const DESCENDING = { direction: sql`desc`, after: sql`<` };

const SORTINGS: Record<Order, Sorting> = {
  name: { ...BY_NAME, ...ASCENDING },
  "-name": { ...BY_NAME, ...DESCENDING },
  updated_at: { ...BY_UPDATE, ...ASCENDING },
  "-updated_at": { ...BY_UPDATE, ...DESCENDING },
};

/**
 * Advisory locks of running searches, with the user as their second number. A search reads every text of an account, so two
 * at most run for one.
 */
const SEARCH_LOCKS = [7_460_216, 7_460_217] as const;
const SEARCH_RETRY_SECONDS = 1;

/**
 * A page of the viewer's live notes, without their texts.
 * @throws AppError `unauthenticated`, `not_found` if `pad` is not a live pad of this user, `invalid_input` naming `cursor`,
 *   `rate_limited` if two searches of the user run already
 */
export async function list(viewer: Viewer, wanted: ListNotes): Promise<NotePage> {
  const { pad, limit = PAGE_DEFAULT, order = ORDER_DEFAULT } = wanted;
  const padId = pad === "none" ? undefined : pad;
  const sorting = SORTINGS[order];
  const position = positionOf(wanted.cursor, z.tuple([z.literal(order), sorting.cursor, Id]));
  const { turn, matching, listed } = filtered(wanted);
  const after = position
    ? sql`and (${sorting.by}, n.id) ${sorting.after} (${position[1]}::${sorting.type}, ${position[2]}::uuid)`
    : sql``;

  const total = cte(
    "total",
    { notes: column<number>("notes") },
    sql`select count(*)::int notes from note n where ${listed}`,
  );
  const inPad = livePad(padId);
  const paged = cte(
    "paged",
    { ...shown, excerpt: note.excerpt },
    sql`select n.*, row_number() over () place
      from (select n.* from note n where ${listed} ${after}
        order by ${sorting.by} ${sorting.direction}, n.id ${sorting.direction} limit ${limit + 1}::int) n`,
  );
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
      .orderBy(sql`paged.place`),
  );
  if (rows[0].hasTurn === false) throw tooManySearches();
  if (padId && !rows[0].padId) throw new AppError("not_found");
  const page = pageOf(
    rows.map((row) => row.note),
    limit,
    (last) => [order, sorting.of(last), last.id],
  );
  return { notes: page.rows.map(summarize), total: rows[0].total ?? 0, nextCursor: page.nextCursor };
}

function tooManySearches(): AppError {
  return new AppError("rate_limited", {
    detail: "Two searches of this account are running. Try again in a moment.",
    retryAfterSeconds: SEARCH_RETRY_SECONDS,
  });
}

/** The condition of a list, with the CTEs that it needs for a search. */
function filtered({ pad, q }: ListNotes) {
  const filters = [sql`n.user_id = ${viewerId}`, isLive];
  if (pad === "none") filters.push(sql`n.pad_id is null`);
  else if (pad) filters.push(sql`n.pad_id = ${pad}::uuid`);
  const turn = searchTurn(q !== undefined && q !== "");
  if (!q) return { turn, matching: [], listed: sql.join(filters, sql` and `) };
  // PostgreSQL materialises a CTE that is used twice, so the count and the page read the texts once.
  const matching = cte(
    "matching",
    { id: note.id },
    sql`select n.id from note n where (select turn.free from turn) and ${sql.join(filters, sql` and `)} and ${contains(q)}`,
  );
  const found = sql`n.id in (select m.id from matching m)`;
  return { turn, matching: [matching], listed: sql.join([...filters, found], sql` and `) };
}

/** Whether a search may run; no row without a search. Its lock is freed at the end of the statement. */
function searchTurn(isSearch: boolean) {
  const [first, second] = SEARCH_LOCKS;
  return cte(
    "turn",
    { free: column<boolean>("free") },
    isSearch
      ? sql`select case when pg_try_advisory_xact_lock(${first}::int, v.user_number) then true
            else pg_try_advisory_xact_lock(${second}::int, v.user_number) end free
          from (select hashtext(user_id::text) user_number from viewer) v`
      : sql`select true free where false`,
  );
}

/** The pad whose notes are listed, if it is live; no row without `padId`. */
function livePad(padId: string | undefined) {
  return cte(
    "in_pad",
    { id: column<string>("id") },
    padId
      ? sql`select p.id from pad p where p.user_id = ${viewerId} and p.id = ${padId}::uuid and p.deleted_at is null`
      : sql`select p.id from pad p where false`,
  );
}

const ASCII = /^[ -~]*$/;

/** Holds if the name or the text of `n` contains `q`, in upper or lower case. */
function contains(q: string): SQL {
  const pattern = sql`${`%${q.replace(/[\\%_]/g, "\\$&")}%`}::text`;
  // Folding ASCII alone takes a tenth of the time. It misses only other spellings of k and s, U+212A and U+017F.
  if (ASCII.test(q)) return sql`(n.name collate "C" ilike ${pattern} or n.text collate "C" ilike ${pattern})`;
  // Case folding, not lower case: it treats a final sigma as a sigma.
  const fold = (text: SQL) => sql`casefold(${text} ${READERS_COLLATION})`;
  return sql`(${fold(sql`n.name`)} like ${fold(pattern)} or ${fold(sql`n.text`)} like ${fold(pattern)})`;
}
