// Reads the note that is opened.
import type { Note } from "@notejam/core/note/schema";
import { useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, on, untrack } from "solid-js";
import { createLatest } from "../../data/latest.ts";
import { changedNote, keptNote, readNote } from "../notes.ts";

/** The id in the address. The router removes its parameters before it removes the pane; until then this is the last id. */
export function createNoteId(): () => string {
  const params = useParams<{ id?: string }>();
  return createMemo<string>((before) => params.id?.toLowerCase() ?? before, "");
}

/** Reads the note of an id: the one that this tab knows at once, and as it is now. */
export function createNoteReader(id: () => string) {
  const [note, setNote] = createSignal<Note>();
  createEffect(on(id, (wanted) => setNote(keptNote(wanted))));
  const { problem, again } = createLatest(id, readNote, (found) =>
    setNote((before) => (before && isSame(before, found) ? before : found)),
  );
  createEffect(() => {
    const now = changedNote();
    if (now?.id !== id()) return;
    setNote(now);
    // It was not there, and what was left of it has been saved.
    if (untrack(problem)) again();
  });
  return {
    /** As this tab knows it; undefined if it does not. */
    note: () => (note()?.id === id() ? note() : undefined),
    problem,
    again,
  };
}

/** Whether two answers show the same: then what is rendered stays. */
function isSame(a: Note, b: Note): boolean {
  const names = Object.keys(b) as (keyof Note)[];
  return names.every((name) => a[name] === b[name] || JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
