// The public form of what a search finds, and its input.
import * as z from "zod/mini";
import { filters, Query, shown } from "../note/schema.ts";
import { limitUpTo } from "../paging/schema.ts";

/** Notes that a search finds. */
export const FOUND_MAX = 50;
export const FOUND_DEFAULT = 20;
/** Characters of a snippet, about. */
export const SNIPPET_CHARACTERS = 160;

/** Parts of a string, in UTF-16 units: where each begins and ends. */
const Ranges = z.array(z.tuple([z.int(), z.int()]));

export const FoundNote = z.object({
  ...shown,
  /** The text round its first hit, or its beginning; `…` stands for what is left out. */
  snippet: z.string(),
  /** The hits in `name`. */
  inName: Ranges,
  /** The hits in `snippet`. */
  inSnippet: Ranges,
});
export type FoundNote = z.infer<typeof FoundNote>;

export const SearchNotes = z
  .strictObject({ q: z.optional(Query), ...filters, limit: z.optional(limitUpTo(FOUND_MAX)) })
  .check(
    z.refine<{ q?: string | undefined }>(
      ({ q, ...rest }) => !!q || Object.keys(filters).some((name) => name in rest),
      { error: "q is required without a filter", path: ["q"], params: { code: "required" } },
    ),
  );
export type SearchNotes = z.infer<typeof SearchNotes>;
