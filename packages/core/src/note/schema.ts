// The public form of a note, the input that creates, changes or lists notes, and their limits.
import * as z from "zod/mini";
import {
  atMost,
  Id,
  isStorable,
  Name,
  required,
  rule,
  storable,
  Time,
  utf8Bytes,
  uuid,
  Version,
} from "../field/schema.ts";
import { NO_SUCH_PAD } from "../pad/schema.ts";
import { Cursor, Limit } from "../paging/schema.ts";

/** Bytes of UTF-8 in a note's text. */
export const TEXT_MAX_BYTES = 512 * 1024;
/** Characters of the text that a list shows. */
export const EXCERPT_CHARACTERS = 200;
/** Characters in a search. */
export const QUERY_MAX = 200;

const fits = rule(
  // A UTF-16 unit has at most three bytes in UTF-8, so short texts need no counting.
  (text: string) => text.length * 3 <= TEXT_MAX_BYTES || utf8Bytes(text) <= TEXT_MAX_BYTES,
  "too_long",
  `Text is too long (${TEXT_MAX_BYTES / 1024} KiB at most)`,
);

/** The text of an existing note, which a user may clear. */
export const Text = storable("Text").check(fits);
/** The text of a new note. */
export const NewText = storable("Text").check(required("Text"), fits);

/** The pad that a note is in; null for no pad. */
export const PadId = z.nullable(uuid(NO_SUCH_PAD));

/** A note's content as it is answered, but for its text and the tags in it. */
export const contentShown = {
  padId: z.nullable(Id),
  name: z.string(),
  /** Whether the name was given. Otherwise the client takes it from the text's first line. */
  named: z.boolean(),
};

/** A note's marks: since when it has each, or null. They make no version. */
const Marks = { pinnedAt: z.nullable(Time), archivedAt: z.nullable(Time) };

/** What every answer shows of a note; its statements select the columns of these names. */
export const shown = {
  id: Id,
  ...contentShown,
  ...Marks,
  version: Version,
  createdAt: Time,
  updatedAt: Time,
};

/** A note. Lists leave its text and its tags out, so that a page stays small. */
export const Note = z.object({ ...shown, text: z.string(), tags: z.array(z.string()) });
export type Note = z.infer<typeof Note>;

/** A note as lists show it. */
export const NoteSummary = z.object({ ...shown, excerpt: z.string() });
export type NoteSummary = z.infer<typeof NoteSummary>;

/** Whether the name is given, or the client took it from the text's first line. */
const named = z.optional(z.boolean({ error: "named must be true or false" }));

const content = { name: Name, padId: PadId };

/** The content of a note that users write in a form; `NewNoteContent` for a new note. */
export const NoteContent = z.strictObject({ ...content, text: Text });
export type NoteContent = z.infer<typeof NoteContent>;
export const NewNoteContent = z.strictObject({ ...content, text: NewText });

export const CreateNote = z.extend(z.partial(NewNoteContent, { padId: true }), { id: z.optional(Id), named });
export type CreateNote = z.infer<typeof CreateNote>;

/** A field that is left out stays as it is. */
export const SaveNote = z.extend(z.partial(NoteContent), { named });
export type SaveNote = z.infer<typeof SaveNote>;

export const ORDERS = ["name", "-name", "updated_at", "-updated_at"] as const;
export const Order = z.enum(ORDERS, { error: `order must be one of ${ORDERS.join(", ")}` });
export type Order = z.infer<typeof Order>;
export const ORDER_DEFAULT: Order = "-updated_at";

export const ListNotes = z.strictObject({
  /** A pad's id, or `none` for the notes that are in no pad. */
  pad: z.optional(
    z.union([z.literal("none"), uuid("pad must be an id or none")], { error: "pad must be an id or none" }),
  ),
  q: z.optional(
    z
      .string()
      .check(
        rule(isStorable, "unstorable", "q has a character that no note can have", { stop: true }),
        atMost(QUERY_MAX, "q"),
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
