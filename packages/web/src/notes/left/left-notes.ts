// Notes whose newest words are in a draft that was left: its editor was closed before the service had them. Until it does, they
// stand over what the service says of these notes, in lists, searches and the reader. sending.ts finds and saves them.
import type { Note } from "@notejam/core/note/schema";
import { createSignal } from "solid-js";
import type { SaveState } from "../editor/page.ts";

export interface LeftNote {
  draftId: string;
  /** The note as it was left. It lacks the service's marks: `withMarks` has them. */
  note: Note;
  /** Whether the service has never had the note. */
  isNew: boolean;
  /** What only its user can decide; undefined while it is saved by itself, or waits for the network. */
  question: Question | undefined;
  /** Until when it waits: the account has written as much as it can in an hour. */
  waitsUntil: Date | undefined;
  /** Whether a search finds it by what is typed. */
  isFoundBy(typed: string): boolean;
}

/** How a save ended that can't succeed by itself. */
export type Question = Extract<SaveState, { kind: "conflict" | "failed" | "deleted" }>;

const [leftNotes, setLeftNotes] = createSignal<readonly LeftNote[]>([], {
  // Mostly nothing is left, and then nothing has changed.
  equals: (before, now) => before.length === 0 && now.length === 0,
});

/** In the order in which they were left. */
export { leftNotes, setLeftNotes };

/** What was left of a note last. */
export function leftOf(noteId: string): LeftNote | undefined {
  return leftNotes().findLast(({ note }) => note.id === noteId);
}

/** @param known the note as the service has it, if that is known */
export function withMarks<Known extends Pick<Note, "pinnedAt" | "archivedAt">>(
  { note }: LeftNote,
  known: Known | undefined,
): Note {
  return { ...note, pinnedAt: known?.pinnedAt ?? null, archivedAt: known?.archivedAt ?? null };
}
