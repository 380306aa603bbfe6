// The texts of a note's history, with those of a note and of the first page.
import { en } from "./en/history.ts";
import { en as note } from "./en/note.ts";
import { withPart } from "./index.ts";

export const t = withPart({ ...note, ...en });
