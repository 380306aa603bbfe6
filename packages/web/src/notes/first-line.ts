// The name of a note that was given none: its first line.
import { NAME_MAX } from "@notejam/core/field/limits";
import { t } from "../../words/note.ts";
import { plainExcerpt } from "../excerpt.ts";

/** How much of a line is looked at: marks take more than they show. */
const LOOKED_AT = 4 * NAME_MAX;

/** The first line of a text with words in it, without its marks, as far as a name may be long. */
export function firstLine(text: string): string {
  // PostgreSQL has no U+0000.
  for (const [line] of text.replaceAll("\0", "").matchAll(/[^\r\n]+/g)) {
    const words = [...plainExcerpt(line.slice(0, LOOKED_AT)).toWellFormed()]
      .slice(0, NAME_MAX)
      .join("")
      .trim();
    if (words !== "") return words;
  }
  return t("note.unnamed");
}
