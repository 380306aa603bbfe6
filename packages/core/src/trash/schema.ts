// The public form of what is in the trash, and the input that restores it.
import * as z from "zod/mini";
import { Password, Time, uuid } from "../field/schema.ts";
import { NoteSummary, PadId, Query } from "../note/schema.ts";
import { Pad } from "../pad/schema.ts";
import { Cursor, Limit } from "../paging/schema.ts";
import { KEPT_DAYS } from "../retention/limits.ts";

/** Days for which a deleted note or pad can be restored. */
export const TRASH_DAYS = KEPT_DAYS;

const inTrash = { deletedAt: Time, recoverableUntil: Time };

export const TrashedNote = z.extend(NoteSummary, inTrash);
export type TrashedNote = z.infer<typeof TrashedNote>;

export const TrashedPad = z.extend(Pad, inTrash);
export type TrashedPad = z.infer<typeof TrashedPad>;

export const ListTrash = z.strictObject({
  q: z.optional(Query),
  /** A pad in the trash, whose notes are listed. */
  pad: z.optional(uuid("pad must be an id")),
  limit: z.optional(Limit),
  cursor: z.optional(Cursor),
});
export type ListTrash = z.infer<typeof ListTrash>;

export const TrashPage = z.object({
  notes: z.array(TrashedNote),
  pads: z.array(TrashedPad),
  /** How many things there are, on the first page. */
  total: z.nullable(z.int()),
  nextCursor: z.nullable(z.string()),
});
export type TrashPage = z.infer<typeof TrashPage>;

export const RestoreNote = z.strictObject({ padId: z.optional(PadId) });
export type RestoreNote = z.infer<typeof RestoreNote>;

/** Deleting for ever asks for the password. */
export const DeleteForEver = z.strictObject({ password: Password });
export type DeleteForEver = z.infer<typeof DeleteForEver>;

/** How many notes of the pad are left. The same request deletes the next ones. */
export const Remaining = z.object({ remaining: z.int() });
