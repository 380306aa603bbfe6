// Whether the text that is written and how it reads stand beside each other, in the list's place.
import { createSignal } from "solid-js";

const [isBeside, setBeside] = createSignal(false);

export { isBeside, setBeside };
