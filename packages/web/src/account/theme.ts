// The user's choice of light or dark. public/theme.js applies it before the first paint: a file of its own, as browsers get it, and
// not a module, which would run after the first paint; the content security policy refuses inline scripts. The attribute decides
// `color-scheme`, and so the colours of the tokens (styles/tokens.css).
import { createSignal } from "solid-js";
import { store } from "../data/stored.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "notejam:theme";

const [theme, setTheme] = createSignal(storedTheme());

export { theme };

export function chooseTheme(next: Theme): void {
  setTheme(next);
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  store(KEY, next === "auto" ? null : next);
}

/** The themes that would change what is chosen: light in the dark, dark in the light, and the system's after a choice. */
export function otherThemes(): Theme[] {
  const now = theme();
  const isDark = now === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : now === "dark";
  return [isDark ? "light" : "dark", ...(now === "auto" ? [] : (["auto"] as const))];
}

function storedTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? "auto";
}
