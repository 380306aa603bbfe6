// A note whose text begins with its name shows it once: lists leave out the first block of what they show of the text, if it is a
// paragraph or heading that is wholly the name. Where the text is rendered, markdown/title.ts does so.
import { EXCERPT_CHARACTERS } from "@notejam/core/note/limits";
import { plainExcerpt } from "./excerpt.ts";

const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;
const UNDERLINE = /^ {0,3}(?:=+|-+)$/;
/** What begins another block than a heading or a paragraph: a list, a quote, code, a rule, HTML, a table, a definition. */
const OTHER_BLOCK =
  /^(?: {0,3}\t| {4}| {0,3}(?:[-+*](?:\s|$)|\d+[.)](?:\s|$)|[><|]|```|~~~|\[[^\]]*\]:|[-*_]{3}))/;
/** What ends a paragraph without an empty line. */
const NEXT_BLOCK =
  /^ {0,3}(?:#{1,6}(?:\s|$)|>|```[^`]*$|~~~|[-+*]\s+\S|1[.)]\s+\S|(?:(?:-\s*){3,}|(?:_\s*){3,}|(?:\*\s*){3,})$)/;
/** HTML, or the rule below the header of a table: what the lines above it are is not known. */
const UNSURE = /^\s*(?:<|\|?\s*:?-+:?\s*\|)/;

/**
 * What follows the first block of a text, if that is wholly the name; else the text.
 * @param isCut whether the text may go on: then a block at its end is not known to be whole
 */
export function withoutTitle(text: string, name: string, isCut: boolean): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  // A last line that may go on can still become anything.
  const known = isCut && !text.endsWith("\n") ? lines.slice(0, -1) : lines;
  const title = lines.slice(0, endOfTitle(known, isCut)).join("");
  return title !== "" && wordsOf(title) === name.replace(/\s+/g, " ").trim()
    ? text.slice(title.length)
    : text;
}

/** How many lines there are until the first block ends. 0 if it is no heading and no paragraph, or may go on. */
function endOfTitle(ended: readonly string[], isCut: boolean): number {
  const lines = ended.map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== "");
  const line = lines[first] ?? "";
  if (HEADING.test(line)) return first + 1;
  if (line === "" || OTHER_BLOCK.test(line)) return 0;
  const next = lines.findIndex((other, i) => i > first && endsParagraph(other));
  if (next < 0) return isCut ? 0 : lines.length;
  const below = lines[next] ?? "";
  if (UNDERLINE.test(below)) return next + 1;
  return UNSURE.test(below) ? 0 : next;
}

function endsParagraph(line: string): boolean {
  return line === "" || [UNDERLINE, NEXT_BLOCK, UNSURE].some((sign) => sign.test(line));
}

/** Around words, these only stress them. */
const STRESS = /(\*{1,3}|`+)(?=[^\s*_`])([^*_`]*[^\s*_`])\1/g;
const STRESS_OF_WORDS = /(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s*_`])([^*_`]*[^\s*_`])\1(?![\p{L}\p{N}_])/gu;
/** The signs of a heading: round it, or below it. */
const HEADING_SIGNS = /^\s*#{1,6}\s+|\s#+\s*$/g;
const SIGN_BELOW = /\n {0,3}(?:=+|-+)\s*$/;

/** What a heading or paragraph says, as far as that is certain: any other mark stays, and is in no name. */
function wordsOf(block: string): string {
  return block
    .replace(/^\s*#{1,6}\s/.test(block) ? HEADING_SIGNS : SIGN_BELOW, "")
    .replace(STRESS, "$2")
    .replace(STRESS_OF_WORDS, "$2")
    .replace(/\s+/g, " ")
    .trim();
}

interface Listed {
  name: string;
  /** The beginning of its text. */
  excerpt: string;
}

/** The beginning of a note in one line, without its title. */
export function excerptOf({ name, excerpt }: Listed): string {
  return plainExcerpt(withoutTitle(excerpt, name, [...excerpt].length >= EXCERPT_CHARACTERS));
}
