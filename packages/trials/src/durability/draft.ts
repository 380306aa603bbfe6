// What a browser has of an editor that was closed before all was saved.
import { randomUUID } from "node:crypto";
import type { Written } from "@notejam/core/note/fields";
import type { KeptDraft } from "@notejam/web/data/drafts";

/** @param version on which the writing is based @param all what was written, one after the other */
export function keptDraft(noteId: string, version: number | undefined, all: readonly Written[]): KeptDraft {
  const [{ text, ...fields }, ...later] = all as [Written, ...Written[]];
  const draft = { id: randomUUID(), userId: "", noteId, version: version ?? null, at: 0, fields, text };
  let before = text;
  const changes = later.map(({ text, ...fields }) => {
    // As CodeMirror writes it: the whole text is replaced.
    const change = [[before.length, ...text.split("\n")]];
    before = text;
    return { text: change, fields };
  });
  return { draft, changes };
}
