// What lies over the page: the palette, the list of keys, a new pad, or the choice of a pad for notes that are
// moved.
import type { NoteSummary } from "@notejam/core/note/schema";
import { createSignal } from "solid-js";

type Overlay = "palette" | "keys" | "newPad" | { move: readonly NoteSummary[]; done?: () => void };

const [opened, open] = createSignal<Overlay>();

export { open, opened };
