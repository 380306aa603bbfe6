// Cuts the snippet of a search out of a part of a text.
import { hitsIn, type Range } from "../note/matching.ts";
import { SNIPPET_CHARACTERS } from "./schema.ts";

/** Characters of the text that are read before its first hit, and in all: a snippet, the longest hit, and whole words. */
export const WINDOW = { before: 100, characters: 500 };

/** Characters of the snippet before its first hit. */
const LEAD = 40;
/** Characters that are left out for a snippet of whole words. */
const WORD_MAX = 20;
const LEFT_OUT = "…";

/**
 * A snippet round the first hit, or from the beginning if there is none.
 * @param window a part of the text, with one character more than `WINDOW.characters` if the text goes on after it
 * @param begins whether the part is the beginning of the text
 */
export function snippetOf(
  window: string,
  begins: boolean,
  q: string,
): { snippet: string; inSnippet: Range[] } {
  const all = [...window];
  const chars = all.slice(0, WINDOW.characters);
  const [hit] = hitsIn(chars.join(""), q);
  const [hitStart, hitEnd] = (hit ?? [0, 0]).map((units) => [...window.slice(0, units)].length) as Range;
  const start = startOfWord(chars, Math.max(0, hitStart - LEAD), hitStart);
  const end = endOfWord(chars, Math.max(start + SNIPPET_CHARACTERS, hitEnd), hitEnd);
  const before = start > 0 || !begins ? LEFT_OUT : "";
  const after = end < all.length ? LEFT_OUT : "";
  const text = chars.slice(start, end).join("");
  return {
    snippet: `${before}${text}${after}`,
    inSnippet: hitsIn(text, q).map(([from, to]) => [from + before.length, to + before.length]),
  };
}

/** The beginning of a word at `from` or soon after it, but not after `most`. */
function startOfWord(chars: string[], from: number, most: number): number {
  if (from === 0) return from;
  for (let at = from; at < Math.min(most, from + WORD_MAX); at++) {
    if (/\s/.test(chars[at] ?? "")) return at + 1;
  }
  return from;
}

/** The end of a word at `to` or shortly before it, but not before `least`. */
function endOfWord(chars: string[], to: number, least: number): number {
  if (to >= chars.length) return chars.length;
  for (let at = to; at > Math.max(least, to - WORD_MAX); at--) {
    if (/\s/.test(chars[at] ?? "")) return at;
  }
  return to;
}
