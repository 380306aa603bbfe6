// The texts in the palette and the list of keys, with those of a note and of the first page.
import { en as note } from "./en/note.ts";
import { en } from "./en/palette.ts";
import { withPart } from "./index.ts";

export const t = withPart({ ...note, ...en });
