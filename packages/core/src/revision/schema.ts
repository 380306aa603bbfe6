// The public form of a note's earlier states.
import * as z from "zod/mini";
import { KINDS } from "../db/kinds.ts";
import { Id, Time, Version } from "../field/schema.ts";
import { contentShown, Words } from "../note/schema.ts";
import { Cursor, Limit } from "../paging/schema.ts";

export const RevisionSummary = z.object({
  version: Version,
  ...contentShown,
  kind: z.enum(KINDS),
  /** Where it was made: `Firefox on Linux`; null for states from before this was kept. */
  device: z.nullable(z.string()),
  /** Which device that was, as in the list of sessions; null for states from before this was kept. */
  deviceId: z.nullable(Id),
  /** What it changed, as the client counted it; null if it did not. */
  words: z.nullable(Words),
  /** When this state began: by a save, or by moving, deleting or restoring the note. */
  changedAt: Time,
  /** Length of the text in bytes of UTF-8. */
  bytes: z.int(),
  /** SHA-256 of the text, in hex. */
  hash: z.string(),
  /** What chains it to the states before it (db/chain.ts), in hex; null for one from before there was a chain. */
  digest: z.nullable(z.string()),
  link: z.nullable(z.string()),
});
export type RevisionSummary = z.infer<typeof RevisionSummary>;

export const Revision = z.extend(RevisionSummary, { text: z.string() });
export type Revision = z.infer<typeof Revision>;

export const ListRevisions = z.strictObject({ limit: z.optional(Limit), cursor: z.optional(Cursor) });
export type ListRevisions = z.infer<typeof ListRevisions>;

export const RevisionPage = z.object({
  revisions: z.array(RevisionSummary),
  /** How many states there are, on the first page. */
  total: z.nullable(z.int()),
  nextCursor: z.nullable(z.string()),
});
export type RevisionPage = z.infer<typeof RevisionPage>;
