// Merges what two devices wrote of a note: its text, and each field beside it. A change that only one of them made stands.
import {
  byField,
  FIELD_NAMES,
  type FieldName,
  type FieldValue,
  valuesOf,
  type Written,
} from "@notejam/core/note/fields";
import { writtenOf } from "../first-line.ts";
import { conflictsOf, type Keep, textOf } from "./regions.ts";
import type { TextMerge } from "./worker.ts";

export type FieldMerge = { merged: FieldValue } | { mine: FieldValue; theirs: FieldValue };

export type FieldMerges = Record<FieldName, FieldMerge>;

export interface NoteMerge {
  fields: FieldMerges;
  text: TextMerge;
}

/** @param base what both began from; undefined if it is gone */
export function mergeFields(base: Written | undefined, mine: Written, theirs: Written): FieldMerges {
  const [before, own, other] = [base && valuesOf(base), valuesOf(mine), valuesOf(theirs)];
  return byField((name) => mergeField(before?.[name], own[name], other[name]));
}

function mergeField(base: FieldValue | undefined, mine: FieldValue, theirs: FieldValue): FieldMerge {
  // A draft that was kept before there was this field has no value of it.
  if (mine === undefined) return { merged: theirs };
  if (mine === theirs || base === theirs) return { merged: mine };
  return base === mine ? { merged: theirs } : { mine, theirs };
}

/** Whether there is nothing to ask about in the fields. */
export function areClean(fields: FieldMerges): boolean {
  return FIELD_NAMES.every((name) => "merged" in fields[name]);
}

/** Whether there is nothing to ask about. */
export function isClean({ fields, text }: NoteMerge): boolean {
  return areClean(fields) && conflictsOf(text).length === 0;
}

/** What a note merges to. A field can't have both values, so it has mine where both are kept. */
export function mergedNote({ fields, text }: NoteMerge, keep: Keep): Written {
  return writtenOf(mergedValues(fields, keep), textOf(text, keep));
}

export function mergedValues(fields: FieldMerges, keep: Keep): Record<FieldName, FieldValue> {
  return byField((name) => {
    const field = fields[name];
    return "merged" in field ? field.merged : field[keep === "theirs" ? keep : "mine"];
  });
}
