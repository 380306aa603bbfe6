// Cursors: where the next page of a list begins, by the values of the last row (keyset), never by a count. Opaque to
// the client, and checked when they come back like any other input.
import * as z from "zod/mini";
import { AppError } from "../errors.ts";
import { isStorable, Time } from "../field/schema.ts";

/** @param position the sort values of the last row shown, and which list they are of */
export function cursorAt(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * @returns the position that `cursorAt` made the cursor from; undefined without a cursor
 * @throws AppError `invalid_input` naming `cursor`, where it is not one of this list's
 */
export function positionOf<Position>(
  cursor: string | undefined,
  schema: z.ZodMiniType<Position>,
): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(decoded(cursor));
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_input", {
    fields: { cursor: ["cursor must be the nextCursor of this same list"] },
  });
}

/** What a cursor holds; null where it was not made here. */
function decoded(cursor: string): unknown {
  const json = Buffer.from(cursor, "base64url").toString("utf8");
  if (!isStorable(json)) return null;
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A moment in a cursor, as `toISOString` writes it: one that the calendar and PostgreSQL have. */
export const CursorTime = Time.check(
  z.refine(
    (time) => time >= "0001" && !Number.isNaN(Date.parse(time)) && new Date(time).toISOString() === time,
  ),
);

/** A string in a cursor, as far as the database can take it. */
export const CursorText = z.string().check(z.refine(isStorable));

/** Splits one row more than a page into the page and whether there is another. */
export function page<Row>(rows: Row[], limit: number): { rows: Row[]; more: boolean } {
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}
