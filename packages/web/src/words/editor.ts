// The texts while a note is written, with those of the first page.
import { en } from "./en/editor.ts";
import { withPart } from "./index.ts";

export const t = withPart(en);
