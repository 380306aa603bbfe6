// What is written: the content of a note.
import type { SaveNote } from "@notejam/core/note/schema";

export type Written = Required<Omit<SaveNote, "kind" | "words">>;
