// What a draft holds: its beginning with all its changes.
import { ChangeSet, Text } from "@codemirror/state";
import type { KeptDraft } from "../../data/drafts.ts";
import type { Written } from "./saver.ts";

/** What was written when the draft ended. A change that does not fit ends it before: the rest could only do harm. */
export function restore({ draft, changes }: KeptDraft): Written {
  const separator = draft.text.includes("\r\n") ? "\r\n" : "\n";
  let text = Text.of(draft.text.split(separator));
  let { fields } = draft;
  for (const change of changes) {
    if (change.fields) fields = change.fields;
    if (change.text === undefined) continue;
    try {
      text = ChangeSet.fromJSON(change.text).apply(text);
    } catch {
      break;
    }
  }
  return { ...fields, text: text.sliceString(0, text.length, separator) };
}
