// Saves a draft that was left, without an editor. It knows no browser, so what tries the service drives it too.
import { isProblem } from "@notejam/client/problem";
import type { Note } from "@notejam/core/note/schema";
import type { KeptDraft } from "../../data/drafts.ts";
import type { Page, SaveState, Service } from "../editor/page.ts";
import { continued, restore } from "../editor/restore.ts";
import { Saver } from "../editor/saver.ts";

/** What it asks for. */
export interface LeftService extends Service {
  /** The note as the service has it now. @throws Problem */
  read(): Promise<Note>;
}

/**
 * Tries once. What can be merged with what was saved elsewhere is merged.
 * @param onMerged is called with what it was merged with, once that is saved
 * @returns how it ended: `saved`; `new` if there was nothing to save; `offline` if it is worth trying again; otherwise its user
 * decides
 */
export async function saveLeft(
  left: KeptDraft,
  service: LeftService,
  onMerged: (theirs: Note) => void,
): Promise<SaveState> {
  let now: Note | undefined;
  try {
    now = left.draft.version === null ? undefined : await service.read();
  } catch (thrown) {
    if (isProblem(thrown, "not_found")) return { kind: "deleted" };
    // The save says what is wrong.
  }
  const { saved, written: begun } = continued(left, now);
  let written = begun;
  const page: Page = {
    read: () => written,
    length: () => written.text.length,
    show(merged) {
      written = merged;
    },
    wasLeft: (note) => restore(left, note).wasSaved,
    onState: () => undefined,
    onSaved: () => undefined,
    onMerged,
  };
  const saver = new Saver(page, service, saved);
  saver.changed();
  await saver.flush();
  saver.close();
  return saver.state;
}
