// What a draft holds: its beginning with all its changes.
import { ChangeSet, Text } from "@codemirror/state";
import type { DraftFields, KeptDraft } from "../../data/drafts.ts";
import type { Written } from "./written.ts";

export interface Restored {
  /** What was written when the draft ended. A change that does not fit ends it before: the rest could only do harm. */
  written: Written;
  /** Whether it was at some time what the service has now: that was saved, and its answer was lost. */
  wasSaved: boolean;
}

/** @param now the note as the service has it, if that is known */
export function restore({ draft, changes }: KeptDraft, now?: Written): Restored {
  const separator = draft.text.includes("\r\n") ? "\r\n" : "\n";
  let text = Text.of(draft.text.split(separator));
  let { fields } = draft;
  const saved = now && Text.of(now.text.split(separator));
  const isSaved = () => now !== undefined && isIn(fields, now) && saved?.eq(text) === true;
  let wasSaved = isSaved();
  for (const change of changes) {
    if (change.fields) fields = change.fields;
    try {
      if (change.text !== undefined) text = ChangeSet.fromJSON(change.text).apply(text);
    } catch {
      break;
    }
    wasSaved ||= isSaved();
  }
  return { written: { ...fields, text: text.sliceString(0, text.length, separator) }, wasSaved };
}

/** Beside the text, from which the name follows if none was given: a draft does not write that down with each letter. */
function isIn({ name, ...others }: DraftFields, note: DraftFields): boolean {
  if (others.named && name !== note.name) return false;
  return (Object.keys(others) as (keyof typeof others)[]).every((key) => others[key] === note[key]);
}
