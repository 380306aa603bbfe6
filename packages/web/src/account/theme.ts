// The user's choice of light or dark. public/theme.js applies it before the first paint. The attribute decides
// `color-scheme`, and so the colours of the tokens (styles/tokens.css).
import { createSignal } from "solid-js";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "notejam:theme";

const [theme, setTheme] = createSignal(storedTheme());

export { theme };

export function chooseTheme(next: Theme): void {
  setTheme(next);
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage is blocked. The choice lasts until the page is reloaded.
  }
}

function storedTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? "auto";
}
