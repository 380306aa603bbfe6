// Merges what two devices wrote of a note: its text, and each field beside it. What only one changed stands.
import type { Written } from "../editor/written.ts";
import { conflictsOf, type Keep, textOf } from "./regions.ts";
import type { TextMerge } from "./worker.ts";

export type FieldMerge = { merged: string | null } | { mine: string | null; theirs: string | null };

export interface NoteMerge {
  /** The name that was given; null if there is none. */
  name: FieldMerge;
  padId: FieldMerge;
  text: TextMerge;
}

/** @param base what both began from; undefined if it is gone */
export function mergeFields(
  base: Written | undefined,
  mine: Written,
  theirs: Written,
): Pick<NoteMerge, "name" | "padId"> {
  return {
    name: mergeField(base && givenName(base), givenName(mine), givenName(theirs)),
    padId: mergeField(base?.padId, mine.padId, theirs.padId),
  };
}

function givenName({ name, named }: Written): string | null {
  return named ? name : null;
}

function mergeField(base: string | null | undefined, mine: string | null, theirs: string | null): FieldMerge {
  if (mine === theirs || base === theirs) return { merged: mine };
  return base === mine ? { merged: theirs } : { mine, theirs };
}

/** Whether nothing must be asked. */
export function isClean({ name, padId, text }: NoteMerge): boolean {
  return "merged" in name && "merged" in padId && conflictsOf(text).length === 0;
}

/** What a note merges to. Of a field that can't have both, mine is kept with `both`. */
export function contentOf(merge: NoteMerge, keep: Keep, nameOf: (text: string) => string): Written {
  const kept = (field: FieldMerge) =>
    "merged" in field ? field.merged : field[keep === "theirs" ? keep : "mine"];
  const text = textOf(merge.text, keep);
  const name = kept(merge.name);
  return { name: name ?? nameOf(text), named: name !== null, padId: kept(merge.padId), text };
}
