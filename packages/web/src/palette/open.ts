// Whether the palette or the list of keys is open.
import { createSignal } from "solid-js";

const [opened, open] = createSignal<"palette" | "keys">();

export { open, opened };
