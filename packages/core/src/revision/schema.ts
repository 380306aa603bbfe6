// The public form of a note's earlier states.
import * as z from "zod/mini";
import { Time, Version } from "../field/schema.ts";
import { contentShown } from "../note/schema.ts";
import { Cursor, Limit } from "../paging/schema.ts";

/** The kinds of change that make a state of a note. */
export const KINDS = ["create", "save", "delete", "restore", "revert"] as const;

export const RevisionSummary = z.object({
  version: Version,
  ...contentShown,
  kind: z.enum(KINDS),
  /** The note's `updatedAt` in this state; deleting and restoring do not raise it. */
  savedAt: Time,
  /** Length of the text in bytes of UTF-8. */
  bytes: z.int(),
  /** SHA-256 of the text, in hex. */
  hash: z.string(),
});
export type RevisionSummary = z.infer<typeof RevisionSummary>;

export const Revision = z.extend(RevisionSummary, { text: z.string() });
export type Revision = z.infer<typeof Revision>;

export const ListRevisions = z.strictObject({ limit: z.optional(Limit), cursor: z.optional(Cursor) });
export type ListRevisions = z.infer<typeof ListRevisions>;

export const RevisionPage = z.object({
  revisions: z.array(RevisionSummary),
  nextCursor: z.nullable(z.string()),
});
export type RevisionPage = z.infer<typeof RevisionPage>;
