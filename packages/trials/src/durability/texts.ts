// The texts that devices write: in each change a word of its own, which tells who wrote it and when.
import type { Edit } from "./plan.ts";

/** Lines of a text at most. */
const LINES = 24;
/** A text that takes several pieces of the Data API. */
const LONG = "שלום 你好。 ".repeat(2_500);

/** The words of a text that tell who wrote it. */
export function wordsOf(text: string): string[] {
  return text.match(/‹\w+›/g) ?? [];
}

/** @param word is in it afterwards, unless something is removed */
export function edited(text: string, { how, at }: Edit, word: string): string {
  const lines = text.split("\n");
  const i = at % lines.length;
  const line = lines[i] ?? "";
  const mayGrow = lines.length < LINES && line.length < 500;
  if (how === "append" && mayGrow) lines[i] = `${line} And ${word} too.`;
  else if (how === "insert" && mayGrow) lines.splice(i, 0, `Line ${word} with 日本語 and עברית.`);
  else if (how === "paste" && text.length < LONG.length) lines.splice(i, 0, `${word} ${LONG}`);
  else if (how === "remove" && lines.length > 2) lines.splice(i, 1);
  else lines[i] = `Instead ${word}.`;
  return lines.join("\n");
}
