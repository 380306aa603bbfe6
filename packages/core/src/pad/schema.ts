// The public form of a pad, and the input that creates or changes one.
import * as z from "zod/mini";
import { Id, Name, Time, Version } from "../field/schema.ts";

/** The message for a `padId` that does not name a live pad of this user. */
export const NO_SUCH_PAD = "No pad has this id";

export const Pad = z.object({
  id: Id,
  name: z.string(),
  /** Live notes in it. */
  noteCount: z.int(),
  version: Version,
  createdAt: Time,
  updatedAt: Time,
});
export type Pad = z.infer<typeof Pad>;

export const CreatePad = z.strictObject({ id: z.optional(Id), name: Name });
export type CreatePad = z.infer<typeof CreatePad>;

export const RenamePad = z.strictObject({ name: Name });
export type RenamePad = z.infer<typeof RenamePad>;
