// What the user has to decide in a conflict, from both sides: the fields, and then the parts of the text.
import { FIELD_NAMES, type FieldValue } from "@notejam/core/note/fields";
import { FIELD_WORDS } from "../field-words.ts";
import type { Part } from "../history/parts.ts";
import type { NoteMerge } from "../merge/note-merge.ts";
import type { Sides } from "../merge/sides.ts";

export function sidesOf(
  { fields, text }: NoteMerge,
  padName: (id: FieldValue) => string | undefined,
): (Sides & { label?: string })[] {
  const ofFields = FIELD_NAMES.flatMap((name) => {
    const field = fields[name];
    if ("merged" in field) return [];
    const { label, value } = FIELD_WORDS[name];
    const side = (one: FieldValue): Part[] => [{ text: value(one, padName), kind: "added" }];
    return [{ label, mine: side(field.mine), theirs: side(field.theirs) }];
  });
  return [...ofFields, ...text.sides];
}
