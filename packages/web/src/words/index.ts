// The texts of the web app in the user's language. @solid-primitives/i18n, kept by the Solid community, finds a text by its
// key and fills in its values; it is 1 KB, and the keys and values are checked by the compiler.
import { flatten, resolveTemplate, translator } from "@solid-primitives/i18n";
import type { JSX } from "solid-js";
import { en } from "./en.ts";

const words = flatten(en);

/** A text by its key, with its values: `t("note.deleted", { name })`. */
export const t = translator(() => words, resolveTemplate);

/** As `t`, with elements as values: `Deleted <b>Travel</b>.` */
export function tWith(key: keyof typeof words, values: Record<string, JSX.Element>): JSX.Element {
  const parts = String(words[key]).split(/\{\{ (\w+) \}\}/);
  return parts.map((part, i) => (i % 2 === 0 ? part : values[part]));
}
