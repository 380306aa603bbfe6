// The reader's choice of light or dark; public/theme.js puts it on the page before the first paint. Tokens take their
// colours from `color-scheme`, which the attribute decides (styles/tokens.css).
import { createSignal } from "solid-js";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "notejam:theme";

const [theme, setTheme] = createSignal(chosen());

export { theme };

export function chooseTheme(next: Theme): void {
  setTheme(next);
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage is refused: the choice holds until the page is loaded anew.
  }
}

function chosen(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? "auto";
}
