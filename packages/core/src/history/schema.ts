// The public form of what was: the account as it stood at a time, and whether its states are as they were written.
import * as z from "zod/mini";
import { Id, isTime, rule, Time, uuid, Version } from "../field/schema.ts";
import { ChangedNote, contentShown, SelectNotes } from "../note/schema.ts";
import { Cursor, Limit } from "../paging/schema.ts";

const AT = "at must be a time in UTC like 2026-11-24T09:00:00.000Z";

/** A time that the account is read at. */
const At = z.string({ error: (issue) => (issue.input === undefined ? "at is required" : AT) }).check(
  rule(isTime, "invalid", AT, { stop: true }),
  rule((at: string) => Date.parse(at) <= Date.now(), "invalid", "at must not be in the future"),
);

export const ListPast = z.strictObject({
  at: At,
  /** A pad's id: only what was in it then. */
  pad: z.optional(uuid("pad must be an id")),
  limit: z.optional(Limit),
  cursor: z.optional(Cursor),
});
export type ListPast = z.infer<typeof ListPast>;

export const GetPast = z.strictObject({ at: At });

/** What every answer shows of a note as it stood; its statements select the columns of these names. */
export const shownThen = { id: Id, ...contentShown, version: Version, createdAt: Time, updatedAt: Time };

/** A note as it stood, in a list. */
export const PastNote = z.object({
  ...shownThen,
  excerpt: z.string(),
  /** Whether it has other content now, or is in the trash: restoring it changes something. */
  differs: z.boolean(),
});
export type PastNote = z.infer<typeof PastNote>;

export const PastPage = z.object({
  notes: z.array(PastNote),
  /** The pads as they stood, by name, on the first page. */
  pads: z.array(z.object({ id: Id, name: z.string() })),
  /** How many notes there were, on the first page. */
  total: z.nullable(z.int()),
  /** When the account's first note was made, if none stood at the time; null if there is none, and where there are notes. */
  firstAt: z.nullable(Time),
  nextCursor: z.nullable(z.string()),
});
export type PastPage = z.infer<typeof PastPage>;

export const PastNoteWithText = z.object({ ...shownThen, text: z.string(), tags: z.array(z.string()) });
export type PastNoteWithText = z.infer<typeof PastNoteWithText>;

export const RestorePast = z.extend(SelectNotes, { at: At });
export type RestorePast = z.infer<typeof RestorePast>;

export const RestoredPast = z.object({ notes: z.array(ChangedNote) });

export const VerifyAccount = z.strictObject({ cursor: z.optional(Cursor) });

/** What is wrong with a state: see history/verify.ts. */
const PROBLEMS = ["missing", "content", "link", "unlinked"] as const;

export const Verified = z.object({
  /** States that this page checked, those whose content is no longer kept, and those from before there was a chain. */
  states: z.int(),
  thinned: z.int(),
  unlinked: z.int(),
  /** The first state that is not as it was written, or is missing. Nothing after it was checked. */
  differs: z.nullable(
    z.object({ kind: z.enum(["note", "pad"]), id: Id, version: Version, problem: z.enum(PROBLEMS) }),
  ),
  /** A note's newest link, to compare with the log. */
  newest: z.nullable(z.object({ version: Version, link: z.string() })),
  nextCursor: z.nullable(z.string()),
});
export type Verified = z.infer<typeof Verified>;
