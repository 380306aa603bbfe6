// The parameters for reading a list page by page: how many rows, and after which row.
import * as z from "zod/mini";

/** Rows in one page of a list. */
export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 50;

/** Opaque: the `nextCursor` of the page before. */
export const Cursor = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,2000}$/, "cursor must be the nextCursor of the page before"));

/** How many rows are wanted, as a query parameter. */
export function limitUpTo(max: number) {
  const message = `limit must be a whole number from 1 to ${max}`;
  return z.pipe(
    z.string().check(
      z.regex(/^[1-9]\d{0,8}$/, { error: message, abort: true }),
      z.refine((digits) => Number(digits) <= max, message),
    ),
    z.transform(Number),
  );
}

export const Limit = limitUpTo(PAGE_MAX);
