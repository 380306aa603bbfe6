// A note of which only the version is known: everything that is written differs from it.
import type { Note } from "@notejam/core/note/schema";

/** A text that no note has. */
const NO_TEXT = "\0";

export function unknownNote(id: string, version: number): Note {
  return {
    id,
    version,
    name: "",
    text: NO_TEXT,
    padId: "",
    tags: [],
    pinnedAt: null,
    archivedAt: null,
    createdAt: new Date(0).toISOString(),
    updatedAt: new Date(0).toISOString(),
  } as unknown as Note;
}

export function isUnknown(note: Note): boolean {
  return note.text === NO_TEXT;
}
