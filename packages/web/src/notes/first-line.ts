// The name of a note that was given none: the first line of its text.
import { NAME_MAX, oneLine } from "@notejam/core/field/limits";
import { type FieldName, type FieldValue, fieldsOf, type Written } from "@notejam/core/note/fields";
import { t } from "../words/note.ts";
import { plainWords } from "./excerpt.ts";

/** How much of a text its name is taken from, and how much of a line: marks take more than they show. */
export const BEGINNING = 4000;
const LOOKED_AT = 4 * NAME_MAX;

/** The first line of a text with words in it, without its marks, as far as a name may be long. */
export function firstLine(text: string): string {
  // PostgreSQL has no U+0000.
  for (const [line] of text
    .slice(0, BEGINNING)
    .replaceAll("\0", "")
    .matchAll(/[^\r\n]+/g)) {
    const words = [...oneLine(plainWords(line.slice(0, LOOKED_AT))).toWellFormed()]
      .slice(0, NAME_MAX)
      .join("")
      .trim();
    if (words !== "") return words;
  }
  return t("note.unnamed");
}

/** All that is written, from the values of the fields and the text. */
export function writtenOf(values: Record<FieldName, FieldValue>, text: string): Written {
  const fields = fieldsOf(values);
  return { ...fields, name: fields.named ? oneLine(fields.name) : firstLine(text), text };
}
