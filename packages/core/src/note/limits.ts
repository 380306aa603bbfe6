// The limits of notes and the orders of their lists. They need no schema, so a page reads them without loading any.
import { CHANGED_TOGETHER_MAX } from "../db/limits.ts";

/** Bytes of UTF-8 in a note's text. */
export const TEXT_MAX_BYTES = 512 * 1024;
/** Characters of the text that a list shows. */
export const EXCERPT_CHARACTERS = 200;
/** Characters in a search. */
export const QUERY_MAX = 200;

/** Notes that one request may change: as many as one statement can. */
export const SELECTED_MAX = CHANGED_TOGETHER_MAX;

export const ORDERS = ["name", "-name", "updated_at", "-updated_at"] as const;
export type Order = (typeof ORDERS)[number];
export const ORDER_DEFAULT: Order = "-updated_at";
