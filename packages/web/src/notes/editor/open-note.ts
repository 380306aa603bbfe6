// What an editor begins with: the note as the service has it, or a draft that was left.
import { byField, type Written } from "@notejam/core/note/fields";
import type { Note } from "@notejam/core/note/schema";
import { type KeptDraft, leftDrafts } from "../../data/drafts.ts";
import { asProblem } from "../../data/problem.ts";
import { userId } from "../../data/session.ts";
import { pads } from "../../pads/pads.ts";
import { writtenOf } from "../first-line.ts";
import { readNote } from "../notes.ts";
import { isNewHere } from "./new-note.ts";
import type { UnreadNote } from "./page.ts";
import { continued } from "./restore.ts";

export interface Opened {
  id: string;
  /** The note that the writing is based on; undefined if it does not exist yet. */
  saved: Note | UnreadNote | undefined;
  /** What the editor begins with. */
  written: Written;
  /** The draft that it continues. */
  left: KeptDraft | undefined;
}

/**
 * @param begun whether the note was begun in this tab, before a reload too, and its name if it was given one
 * @param pad the pad that a new note is put into
 * @throws Problem
 */
export async function openNote(
  id: string,
  begun: { isNew?: boolean; name?: string },
  pad: string | undefined,
): Promise<Opened> {
  const left = (await leftDrafts(userId())).findLast(({ draft }) => draft.noteId === id);
  if (left) {
    // It goes on even if the service does not answer.
    const now = await readNote(id).catch(() => undefined);
    return { id, ...continued(left, now), left };
  }
  const padId = pads.byId(pad)?.id ?? null;
  const { isNew = false, name = "" } = begun;
  const written = writtenOf({ ...byField(() => null), name, padId }, "");
  const empty = { id, saved: undefined, written, left };
  if (isNewHere(id)) return empty;
  try {
    const saved = await readNote(id);
    return { id, saved, written: saved, left };
  } catch (thrown) {
    // The page was reloaded before anything was written.
    if (isNew && asProblem(thrown).code === "not_found") return empty;
    throw thrown;
  }
}
