// What was left of a note as the page shows it: as if it were saved.
import { mentionsIn } from "@notejam/core/note/mentions";
import type { KeptDraft } from "../../data/drafts.ts";
import { restore } from "../editor/restore.ts";
import { parseQuery } from "../query.ts";
import type { LeftNote } from "./left-notes.ts";

export function shownOf(left: KeptDraft, waits: Pick<LeftNote, "question" | "waitsUntil">): LeftNote {
  const { id, noteId, version, at } = left.draft;
  const { written } = restore(left);
  const time = new Date(at).toISOString();
  const { tags } = mentionsIn(written.text);
  return {
    draftId: id,
    isNew: version === null,
    ...waits,
    note: {
      id: noteId,
      ...written,
      tags,
      version: version ?? 0,
      device: null,
      deviceId: null,
      createdAt: time,
      updatedAt: time,
      pinnedAt: null,
      archivedAt: null,
    },
    isFoundBy(typed) {
      const { q, tag, archived, updatedAfter = "", updatedBefore } = parseQuery(typed);
      if (archived || (tag !== undefined && !tags.includes(tag))) return false;
      if (time < updatedAfter || (updatedBefore !== undefined && time >= updatedBefore)) return false;
      return [written.name, written.text].some((part) => folded(part).includes(folded(q)));
    },
  };
}

/** As the service's search compares texts: whatever their case, with `ß` as `ss` and a final sigma as a sigma. */
function folded(text: string): string {
  return text.toLowerCase().toUpperCase();
}
