// Puts together what a draft holds: its beginning, with all the changes since; and what of it the service has.
import { ChangeSet, Text } from "@codemirror/state";
import { differing, valuesOf, type Written } from "@notejam/core/note/fields";
import type { Note } from "@notejam/core/note/schema";
import type { KeptDraft } from "../../data/drafts.ts";
import { writtenOf } from "../first-line.ts";
import type { UnreadNote } from "./page.ts";

export interface Restored {
  /** What was written when the draft ended. If a change does not fit, the draft ends before it: the rest could only do harm. */
  written: Written;
  /** Whether the draft held at some time what the service has now. Then that was saved, and the answer was lost. */
  wasSaved: boolean;
}

/** @param now the note as the service has it, if that is known */
export function restore({ draft, changes }: KeptDraft, now?: Written): Restored {
  const separator = draft.text.includes("\r\n") ? "\r\n" : "\n";
  let text = Text.of(draft.text.split(separator));
  let { fields } = draft;
  const saved = now && Text.of(now.text.split(separator));
  // The draft of a note without a given name does not keep each first line that it had, so names are compared as they were given.
  const isSaved = () => now !== undefined && differing(fields, now).length === 0 && saved?.eq(text) === true;
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
  return { written: writtenOf(valuesOf(fields), text.sliceString(0, text.length, separator)), wasSaved };
}

/** Goes on with a draft that was left. @param now the note as the service has it, if that is known */
export function continued(
  left: KeptDraft,
  now: Note | undefined,
): { saved: Note | UnreadNote | undefined; written: Written } {
  const { version } = left.draft;
  const { written, wasSaved } = restore(left, now);
  // A save may have arrived although its answer did not.
  if (now && (now.version === version || wasSaved)) return { saved: now, written };
  return { saved: version === null ? undefined : { version }, written };
}
