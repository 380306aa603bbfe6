// The public form of a note, the input that creates, changes or lists notes, and their limits.
import * as z from "zod/mini";
import {
  atMost,
  Id,
  isStorable,
  isTime,
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
import { ORDERS, QUERY_MAX, SELECTED_MAX, TEXT_MAX_BYTES } from "./limits.ts";
import { tagSought } from "./tag.ts";

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
const marksShown = { pinnedAt: z.nullable(Time), archivedAt: z.nullable(Time) };

/** What every answer shows of a note; its statements select the columns of these names. */
export const shown = {
  id: Id,
  ...contentShown,
  ...marksShown,
  version: Version,
  /** Where this state was made: `Firefox on Linux`; null for one from before this was kept. */
  device: z.nullable(z.string()),
  /** Which device that was, as in the list of sessions; null for a state from before this was kept. */
  deviceId: z.nullable(Id),
  createdAt: Time,
  updatedAt: Time,
};

/** A note. Lists leave its text and its tags out, so that a page stays small. */
export const Note = z.object({ ...shown, text: z.string(), tags: z.array(z.string()) });
export type Note = z.infer<typeof Note>;

/** Notes that link to another, as its answer has them: the newest. */
export const LINKED_FROM_MAX = 50;

/** A note, with the live notes whose texts link to it, the newest first. */
export const NoteWithLinks = z.object({
  note: Note,
  linkedFrom: z.array(z.object({ id: Id, name: z.string() })),
});
export type NoteWithLinks = z.infer<typeof NoteWithLinks>;

/** A note as lists show it. */
export const NoteSummary = z.object({ ...shown, excerpt: z.string() });
export type NoteSummary = z.infer<typeof NoteSummary>;

/** Whether the name is given, or the client took it from the text's first line. */
const named = switchOf("named");

const content = { name: Name, padId: PadId };

const wordCount = (name: string) =>
  z.int({ error: `${name} must be a whole number, from 0` }).check(z.minimum(0), z.maximum(TEXT_MAX_BYTES));

/** How many words a change adds and removes, for the history. The client counts them: it has both texts. */
export const Words = z.strictObject(
  { added: wordCount("words.added"), removed: wordCount("words.removed") },
  { error: "words must be numbers: added, removed" },
);
export type Words = z.infer<typeof Words>;

/** What kind of state a save makes: what was typed, a merge with what came between, or what was chosen in a conflict. */
const SAVED_KINDS = ["save", "merge", "conflict"] as const;

/** A field that is left out is empty, so clients that don't know it can create notes. */
export const CreateNote = z.extend(z.partial(z.strictObject(content)), {
  id: z.optional(Id),
  name: Name,
  text: NewText,
  named,
  words: z.optional(Words),
});
export type CreateNote = z.infer<typeof CreateNote>;

/** A field that is left out stays as it is. */
export const SaveNote = z.extend(z.partial(z.strictObject({ ...content, text: Text })), {
  named,
  kind: oneOf("kind", SAVED_KINDS),
  words: z.optional(Words),
});
export type SaveNote = z.infer<typeof SaveNote>;

/** A list of things that a request changes together, by the name of its field. */
function selectionOf<Item extends z.ZodMiniType>(
  field: string,
  item: Item,
  idOf: (one: z.infer<Item>) => string,
) {
  return z
    .array(item, {
      error: (issue) => (issue.input === undefined ? `${field} is required` : `${field} must be a list`),
    })
    .check(
      rule((all: z.infer<Item>[]) => all.length > 0, "required", `${field} must name a note`),
      rule(
        (all: z.infer<Item>[]) => all.length <= SELECTED_MAX,
        "too_long",
        `${field} has too many notes (${SELECTED_MAX} at most)`,
        { stop: true },
      ),
      rule(
        (all: z.infer<Item>[]) => new Set(all.map(idOf)).size === all.length,
        "duplicate",
        `${field} names a note twice`,
      ),
    );
}

const ids = selectionOf("ids", Id, (id) => id);

/** Notes that are deleted or restored together. */
export const SelectNotes = z.strictObject({ ids });
export type SelectNotes = z.infer<typeof SelectNotes>;

export const MoveNotes = z.strictObject({
  notes: selectionOf("notes", z.strictObject({ id: Id, padId: PadId }), ({ id }) => id),
});
export type MoveNotes = z.infer<typeof MoveNotes>;

function switchOf(name: string) {
  return z.optional(z.boolean({ error: `${name} must be true or false` }));
}

const marks = { pinned: switchOf("pinned"), archived: switchOf("archived") };

const marksSomething = z.refine<{ pinned?: boolean | undefined; archived?: boolean | undefined }>(
  ({ pinned, archived }) => pinned !== undefined || archived !== undefined,
  { error: "pinned or archived is required", path: ["pinned"], params: { code: "required" } },
);

/** A mark that is left out stays as it is. */
export const MarkNote = z.strictObject(marks).check(marksSomething);
export type MarkNote = z.infer<typeof MarkNote>;

export const MarkNotes = z.strictObject({ ids, ...marks }).check(marksSomething);
export type MarkNotes = z.infer<typeof MarkNotes>;

/** A note's marks as they are now. */
export const MarkedNote = z.object({ id: Id, ...marksShown });
export type MarkedNote = z.infer<typeof MarkedNote>;

/** A note that is in the pad where it was moved. */
export const MovedNote = z.object({ id: Id, padId: z.nullable(Id), version: Version, updatedAt: Time });
export type MovedNote = z.infer<typeof MovedNote>;

/** A note that was deleted or restored. */
export const ChangedNote = z.object({ id: Id, version: Version });
export type ChangedNote = z.infer<typeof ChangedNote>;

export const Order = z.enum(ORDERS, { error: `order must be one of ${ORDERS.join(", ")}` });

function timeOf(name: string) {
  const message = `${name} must be a time in UTC like 2026-11-24T09:00:00.000Z`;
  return z.optional(z.string().check(rule(isTime, "invalid", message)));
}

function oneOf<const Value extends string>(name: string, values: readonly [Value, ...Value[]]) {
  return z.optional(z.enum(values, { error: `${name} must be one of ${values.join(", ")}` }));
}

/** A tag's name as it is stored, from any way to write it. */
const TagName = z.pipe(
  z
    .string()
    .check(rule((name) => tagSought(name) !== undefined, "invalid", "tag must be a tag's name, without #")),
  z.transform((name) => tagSought(name) ?? ""),
);

/** Which notes a list or a search shows. A filter that is left out lets all of them through. */
export const filters = {
  /** A pad's id, or `none` for the notes that are in no pad. */
  pad: z.optional(
    z.union([z.literal("none"), uuid("pad must be an id or none")], { error: "pad must be an id or none" }),
  ),
  tag: z.optional(TagName),
  archived: oneOf("archived", ["true", "false"]),
  /** `updatedAt` is at or after the one, and before the other. */
  updatedAfter: timeOf("updatedAfter"),
  updatedBefore: timeOf("updatedBefore"),
};

/** A part of a name or text. */
export const Query = z
  .string()
  .check(
    rule(isStorable, "unstorable", "q has a character that no note can have", { stop: true }),
    atMost(QUERY_MAX, "q"),
  );

export const ListNotes = z.strictObject({
  ...filters,
  /** `first`: all of them, the pinned ones first. */
  pinned: oneOf("pinned", ["true", "false", "first"]),
  q: z.optional(Query),
  order: z.optional(Order),
  limit: z.optional(Limit),
  cursor: z.optional(Cursor),
});
export type ListNotes = z.infer<typeof ListNotes>;

/** The filters of a list or a search. */
export type NoteFilters = Pick<ListNotes, keyof typeof filters> & Pick<Partial<ListNotes>, "pinned">;

export const NotePage = z.object({
  notes: z.array(NoteSummary),
  /** Notes in the whole list, on its first page only. */
  total: z.nullable(z.int()),
  nextCursor: z.nullable(z.string()),
});
export type NotePage = z.infer<typeof NotePage>;
