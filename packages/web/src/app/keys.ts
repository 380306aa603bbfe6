// The keys that work everywhere but where text is typed. Single keys can be switched off: people who dictate, or whose keys
// repeat, would do things by accident (WCAG 2.1.4).
import { createSignal } from "solid-js";

const STORED = "notejam:single-keys";

const [hasSingleKeys, setSingleKeys] = createSignal(stored());

export { hasSingleKeys };

function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // Storage is blocked.
  }
}

export function chooseSingleKeys(on: boolean): void {
  setSingleKeys(on);
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "off");
  } catch {
    // Storage is blocked. The choice lasts until the page is reloaded.
  }
}

/** By what is pressed: `n`, `g a`, or `mod+k`. */
export type Keys = Readonly<Record<string, () => void>>;

/** How long the second key of two may take. */
const SECOND_KEY_MS = 1500;

/** Calls what is bound to a key. @returns what stops that */
export function listenToKeys(keys: () => Keys): () => void {
  let first: { key: string; at: number } | undefined;
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const isMod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (isMod) return run(event, keys()[`mod+${key}`]);
    if (!hasSingleKeys() || isTyping(event)) return;
    const two =
      first && event.timeStamp - first.at < SECOND_KEY_MS ? keys()[`${first.key} ${key}`] : undefined;
    first = { key, at: event.timeStamp };
    run(event, two ?? keys()[key]);
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

function run(event: KeyboardEvent, act: (() => void) | undefined): void {
  if (!act) return;
  event.preventDefault();
  act();
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
