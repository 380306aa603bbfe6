// The public form of the places of the sidebar.
import * as z from "zod/mini";
import { Pad } from "../pad/schema.ts";

/** Tags that are listed: those of most notes. */
export const TAGS_LISTED_MAX = 500;

export const Places = z.object({
  /** Live notes that are not archived. */
  notes: z.int(),
  /** Those of them that are pinned. */
  pinned: z.int(),
  /** Live notes that are archived. */
  archived: z.int(),
  /** What the trash lists: pads, and notes that were deleted by themselves. */
  trash: z.int(),
  /** All live pads, by name. */
  pads: z.array(Pad),
  /** The tags, and what tags are under (`work` of `work/meeting`). By their number of notes, the greatest first, then by name. */
  tags: z.array(
    z.object({
      name: z.string(),
      /** Live notes with it, or with a tag under it, that are not archived. */
      noteCount: z.int(),
    }),
  ),
});
export type Places = z.infer<typeof Places>;
