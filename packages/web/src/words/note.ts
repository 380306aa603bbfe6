// The texts of a note that is open, with those of the first page.
import { en } from "./en/note.ts";
import { withPart } from "./index.ts";

export const t = withPart(en);
