// What a note looks like outside, what is sent to make, change or list notes, and their limits.
import * as z from "zod/mini";
import {
  characters,
  Id,
  isStorable,
  Name,
  storable,
  Time,
  utf8Bytes,
  uuid,
  Version,
} from "../field/schema.ts";

/** Bytes of UTF-8 in a note's text. */
export const TEXT_MAX_BYTES = 512 * 1024;
/** Characters of the text that a list shows. */
export const EXCERPT_CHARACTERS = 200;
/** Characters in a search. */
export const QUERY_MAX = 200;
/** Notes in one page of a list. */
export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 50;
/** Said of a `padId` that is not a live pad of this user. */
export const NO_SUCH_PAD = "There is no such pad";

export const Text = storable("Text").check(
  z.refine((text) => text !== "", { error: "Text is required", abort: true }),
  // A UTF-16 unit is three bytes at most, so most texts need no counting.
  z.refine(
    (text) => text.length * 3 <= TEXT_MAX_BYTES || utf8Bytes(text) <= TEXT_MAX_BYTES,
    `Text is too long (${TEXT_MAX_BYTES / 1024} KiB at most)`,
  ),
);

/** The pad that a note is in; null: none. */
export const PadId = z.nullable(uuid(NO_SUCH_PAD));

const summary = {
  id: Id,
  padId: z.nullable(Id),
  name: z.string(),
  version: Version,
  createdAt: Time,
  updatedAt: Time,
};

export const Note = z.object({ ...summary, text: z.string() });
export type Note = z.infer<typeof Note>;

/** A note as lists show it. */
export const NoteSummary = z.object({ ...summary, excerpt: z.string() });
export type NoteSummary = z.infer<typeof NoteSummary>;

export const CreateNote = z.strictObject({
  id: z.optional(Id),
  name: Name,
  text: Text,
  padId: z.optional(PadId),
});
export type CreateNote = z.infer<typeof CreateNote>;

/** What is not sent stays as it is. */
export const SaveNote = z.strictObject({
  name: z.optional(Name),
  text: z.optional(Text),
  padId: z.optional(PadId),
});
export type SaveNote = z.infer<typeof SaveNote>;

export const ORDERS = ["name", "-name", "updated_at", "-updated_at"] as const;
export const Order = z.enum(ORDERS, { error: `order must be one of ${ORDERS.join(", ")}` });
export type Order = z.infer<typeof Order>;
export const ORDER_DEFAULT: Order = "-updated_at";

/** Opaque: what the page before said in `nextCursor`. */
export const Cursor = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,2000}$/, "cursor must be the nextCursor of the page before"));

const LIMIT = `limit must be a whole number from 1 to ${PAGE_MAX}`;

export const Limit = z.pipe(
  z.string().check(
    z.regex(/^[1-9]\d{0,8}$/, { error: LIMIT, abort: true }),
    z.refine((digits) => Number(digits) <= PAGE_MAX, LIMIT),
  ),
  z.transform(Number),
);

export const ListNotes = z.strictObject({
  /** A pad's id, or `none` for the notes that are in no pad. */
  pad: z.optional(
    z.union([z.literal("none"), uuid("pad must be an id or none")], { error: "pad must be an id or none" }),
  ),
  q: z.optional(
    z.string().check(
      z.refine(isStorable, { error: "q has a character that no note can have", abort: true }),
      z.refine((q) => characters(q) <= QUERY_MAX, `q is too long (${QUERY_MAX} characters at most)`),
    ),
  ),
  order: z.optional(Order),
  limit: z.optional(Limit),
  cursor: z.optional(Cursor),
});
export type ListNotes = z.infer<typeof ListNotes>;

export const NotePage = z.object({
  notes: z.array(NoteSummary),
  /** Notes in the whole list. */
  total: z.int(),
  nextCursor: z.nullable(z.string()),
});
export type NotePage = z.infer<typeof NotePage>;
