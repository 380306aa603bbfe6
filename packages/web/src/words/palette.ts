// The texts in the palette and the list of keys, with those of the first page.
import { en } from "./en/palette.ts";
import { withPart } from "./index.ts";

export const t = withPart(en);
