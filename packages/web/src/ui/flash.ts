// What was done, said once on the page that follows: `Note is successfully created`.
import { createSignal } from "solid-js";

const [flash, setFlash] = createSignal<{ text: string; at: string }>();

export { flash };

/** Says `text` on the page `at` (a path), until the reader goes on. */
export function say(text: string, at: string): void {
  setFlash({ text, at });
}

/** The reader is at `path`: what was said for another page is over. */
export function arrivedAt(path: string): void {
  if (flash() && flash()?.at !== path) setFlash(undefined);
}
