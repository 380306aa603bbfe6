// What there is to decide in a conflict, from both sides: fields, and parts of the text.
import { FIELD_NAMES, type FieldName, type FieldValue } from "@notejam/core/note/fields";
import { FIELD_WORDS } from "../field-words.ts";
import type { NoteMerge } from "../merge/note-merge.ts";
import type { Part, Sides } from "../merge/sides.ts";

/** @returns for a field, its name as the label */
export function sidesOf({ fields, text }: NoteMerge): (Sides & { label?: string })[] {
  return [...FIELD_NAMES.flatMap((name) => sidesOfField(name, fields[name])), ...text.sides];
}

function sidesOfField(name: FieldName, field: NoteMerge["fields"][FieldName]) {
  if ("merged" in field) return [];
  const { label, value } = FIELD_WORDS[name];
  const side = (one: FieldValue): Part[] => [{ text: value(one), kind: "added" }];
  return [{ label, mine: side(field.mine), theirs: side(field.theirs) }];
}
