// The texts of the time machine, with those of a note and of the first page.
import { en as note } from "./en/note.ts";
import { en } from "./en/past.ts";
import { withPart } from "./index.ts";

export const t = withPart({ ...note, ...en });
