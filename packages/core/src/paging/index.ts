// Keyset paging: a cursor has the sort values of the last row of a page, never a count. It is opaque to the client, and is
// checked like any other input when the client sends it.
import * as z from "zod/mini";
import { fieldError } from "../errors.ts";
import { isStorable, isTime } from "../field/schema.ts";
import { parseJson } from "../json.ts";

/**
 * A cursor that begins after a row.
 * @param position the name of the list, and the sort values of the last row shown
 */
export function cursorAt(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * @returns the position that `cursorAt` made the cursor from; undefined without a cursor
 * @throws AppError `invalid_input` naming `cursor`, if it does not belong to this list
 */
export function positionOf<Position>(
  cursor: string | undefined,
  schema: z.ZodMiniType<Position>,
): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(decoded(cursor));
  if (parsed.success) return parsed.data;
  const message = "cursor must be the nextCursor of this same list";
  throw fieldError("invalid_input", "cursor", { code: "invalid", message });
}

/** The position in a cursor; undefined if `cursorAt` did not make it. */
function decoded(cursor: string): unknown {
  const json = Buffer.from(cursor, "base64url").toString("utf8");
  return isStorable(json) ? parseJson(json) : undefined;
}

/** A time in a cursor. */
export const CursorTime = z.string().check(z.refine(isTime));

/** A string in a cursor that the database can store. */
export const CursorText = z.string().check(z.refine(isStorable));

/**
 * Makes a page of at most `limit` rows. One row more shows that another page follows.
 * @param rows the rows of an outer join: null if it found nothing
 * @param positionOfRow the position of the page's last row
 */
export function pageOf<Row>(
  rows: (Row | null)[],
  limit: number,
  positionOfRow: (last: Row) => readonly unknown[],
): { rows: Row[]; nextCursor: string | null } {
  const found = rows.filter((row) => row !== null);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last !== undefined;
  return { rows: shown, nextCursor: more ? cursorAt(positionOfRow(last)) : null };
}
