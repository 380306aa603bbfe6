// The texts where somebody finds and replaces, with those of the first page.
import { en } from "./en/find.ts";
import { withPart } from "./index.ts";

export const t = withPart(en);
