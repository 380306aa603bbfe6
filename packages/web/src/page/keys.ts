// Keys that work everywhere except where text is typed. Single keys can be switched off: people who dictate, or whose keys
// repeat, would do things by accident (WCAG 2.1.4).
import { createSignal, onCleanup } from "solid-js";
import { store, stored } from "../data/stored.ts";
import { opened } from "./overlay.ts";

const STORED = "notejam:single-keys";

const [hasSingleKeys, setSingleKeys] = createSignal(stored(STORED) !== "off");

export { hasSingleKeys };

export function chooseSingleKeys(on: boolean): void {
  setSingleKeys(on);
  store(STORED, on ? null : "off");
}

/**
 * What a key does, by its name: `n`, `shift+x`, `g a`, `mod+k`, `arrowdown`. An act returns false if it has nothing to do; then
 * other listeners get the key.
 */
export type Keys = Readonly<Record<string, () => unknown>>;

/** How long the second key of two may take. */
const SECOND_KEY_MS = 1500;

/** What the key of `mod` is called. */
export const MOD = navigator.platform.startsWith("Mac") ? "Cmd" : "Ctrl";

/** In the order in which they are asked. */
const listeners: Keys[] = [];

/** Listens to keys as long as the component is shown. @param isFirst whether it is asked before others */
export function useKeys(keys: Keys, isFirst = false): void {
  if (isFirst) listeners.unshift(keys);
  else listeners.push(keys);
  onCleanup(() => listeners.splice(listeners.indexOf(keys), 1));
}

let first: { key: string; at: number } | undefined;

document.addEventListener("keydown", (event) => {
  // While the code of the palette loads, what is typed is meant for it and not for the page.
  if (event.defaultPrevented || event.isComposing || event.altKey || opened() !== undefined) return;
  const key = nameOf(event);
  if (event.ctrlKey || event.metaKey) return run(event, `mod+${key}`);
  if (isTyping(event)) return;
  const isSingle = event.key.length === 1;
  if (isSingle && !hasSingleKeys()) return;
  const before = first && event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ${key}` : "";
  first = { key, at: event.timeStamp };
  run(event, before, key);
});

function nameOf({ key, shiftKey }: KeyboardEvent): string {
  const name = key.toLowerCase();
  const isLetter = name !== key.toUpperCase();
  return shiftKey && isLetter ? `shift+${name}` : name;
}

function run(event: KeyboardEvent, ...names: string[]): void {
  for (const name of names) {
    for (const keys of listeners) {
      if (!keys[name] || keys[name]() === false) continue;
      event.preventDefault();
      return;
    }
  }
}

/** Whether the key goes into a text, a choice or a dialog. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest("input:not([type=checkbox]), textarea, select, dialog") !== null
  );
}
