// What is done with notes from a list, a pane or by a key. None of it asks; each says what it did, with a way back.
import { oneLine } from "@notejam/core/field/limits";
import { fieldsOf, valuesOf, type Written } from "@notejam/core/note/fields";
import type { NoteSummary } from "@notejam/core/note/schema";
import { newId } from "../data/id.ts";
import { pads } from "../pads/pads.ts";
import { say, sayProblem } from "../ui/dock.tsx";
import { t } from "../words/note.ts";
import { summaryOf } from "./list/note-list.ts";
import { createNote, deleteNotes, markNotes, moveNotes, restoreNotes } from "./notes.ts";

/** Does it, and offers to try again if that fails. Resolves to whether it was done. */
async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (thrown) {
    sayProblem(thrown, () => attempt(act));
    return false;
  }
}

/** How the notes are named: one by its name, several by their number. */
function which(notes: readonly NoteSummary[]): string {
  const [first] = notes;
  return notes.length === 1 && first ? t("list.quoted", { name: first.name }) : t("list.notes", notes.length);
}

/**
 * Moves notes to the trash.
 * @param shown.done is called when they are there, `shown.back` when they are back
 */
export function deleteAll(
  notes: readonly NoteSummary[],
  shown: { done?: () => void; back?: () => void } = {},
): Promise<boolean> {
  return attempt(async () => {
    await deleteNotes(notes);
    shown.done?.();
    say(t("note.deleted", { what: which(notes) }), async () => {
      await restoreNotes(notes);
      shown.back?.();
    });
  });
}

/** Archives notes, or takes them out of the archive. */
export function archiveAll(notes: readonly NoteSummary[], archived: boolean): Promise<boolean> {
  return attempt(async () => {
    const marked = await markNotes(notes, { archived });
    const words = t(archived ? "note.archived" : "note.unarchived", { what: which(notes) });
    say(words, () => markNotes(marked, { archived: !archived }));
  });
}

/** Pins notes, or takes their pins away: it shows where they stand, so nothing is said. */
export function pinAll(notes: readonly NoteSummary[], pinned: boolean): Promise<boolean> {
  return attempt(() => markNotes(notes, { pinned }));
}

/** Moves notes into a pad, or out of any. */
export function moveAll(notes: readonly NoteSummary[], padId: string | null): Promise<boolean> {
  const away = notes.filter((note) => note.padId !== padId);
  if (away.length === 0) return Promise.resolve(true);
  return attempt(async () => {
    const moved = await moveNotes(away, () => padId);
    const pad = pads.nameOf(padId) ?? t("pad.none");
    const padBefore = new Map(away.map((note) => [note.id, note.padId]));
    say(t("note.movedTo", { what: which(away), pad }), () =>
      moveNotes(moved, ({ id }) => padBefore.get(id) ?? null),
    );
  });
}

/**
 * Makes a new note of what is written in another one, in the same pad.
 * @param shown.done is called with its id when it is there, `shown.back` when it is in the trash
 */
export function duplicate(
  written: Written,
  shown: { done: (id: string) => void; back: () => void },
): Promise<boolean> {
  // Trying again makes no second one.
  const id = newId();
  return attempt(async () => {
    const { text } = written;
    const name = oneLine(written.name);
    const note = await createNote({ id, ...fieldsOf(valuesOf(written)), name, text });
    shown.done(id);
    say(t("note.duplicated", { name }), async () => {
      await deleteNotes([summaryOf(note)]);
      shown.back();
    });
  });
}
