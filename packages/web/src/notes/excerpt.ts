// The beginning of a note in one line, for lists: its words, without the marks of Markdown and HTML. It is a rough guess,
// and is shown as plain text.

const TAG = /<!--[\s\S]*?(?:-->|$)|<\/?[a-z][^>]*(?:>|$)/gi;
/** Also one that was cut off. An image can be inside a link, so links are replaced twice. */
const LINK = /!?\[([^[\]]*)\](?:\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$))/g;
/** A callout's kind, and a footnote's number. */
const SIGN = /\[!\w[\w -]*\][-+]?|\[\^[^\][\s]+\]:?/g;
const MARKED = /==(?=[^\s=])([^=]*[^\s=])==(?!=)/g;
const LINE_START = /^\s*(?:#{1,6}|>|[-*+]|\d+[.)]|```\w*|~~~\w*|={3,}|-{3,}|\|[-:| ]+\|?)(?=\s|$)/gm;
const EMPHASIS = /\[[ x]\](?=\s)|[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}|\|/g;
/** Inside a word, as in `total_time`, it is a character like another. */
const UNDERLINE = /(?<![\p{L}\p{N}_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}_])/gu;

/** `beginning`: the first characters of a text, which may end in the middle of a mark. */
export function plainExcerpt(beginning: string): string {
  return beginning
    .replace(TAG, " ")
    .replace(SIGN, "")
    .replace(LINK, "$1")
    .replace(LINK, "$1")
    .replace(LINE_START, " ")
    .replace(MARKED, "$1")
    .replace(EMPHASIS, "")
    .replace(UNDERLINE, "")
    .replace(/\s+/g, " ")
    .trim();
}

type Range = readonly [start: number, end: number];

/** Stand where a match begins and ends. No text has them: Unicode says that they are no characters. */
const BEGINS = "\uFDD0";
const ENDS = "\uFDD1";

/** A snippet as `plainExcerpt` makes it, and what was found in it. What was found in a mark is not shown. */
export function plainSnippet(snippet: string, ranges: readonly Range[]): { text: string; ranges: Range[] } {
  let marked = "";
  // It may begin in the middle of an address, which is no word.
  let at = /^…[^\s()[\]]*\)[.,;:!?]*/.exec(snippet)?.[0].length ?? 0;
  if (at > (ranges[0]?.[0] ?? snippet.length)) at = 0;
  else if (at > 0) marked = "…";
  for (const [from, to] of ranges) {
    marked += `${plainOf(snippet.slice(at, from))}${BEGINS}${plainOf(snippet.slice(from, to))}${ENDS}`;
    at = to;
  }
  const plain = plainExcerpt(marked + plainOf(snippet.slice(at)));
  let text = "";
  let from: number | undefined;
  const found: Range[] = [];
  for (const part of plain.split(/([\uFDD0\uFDD1])/)) {
    if (part === BEGINS) from = text.length;
    else if (part === ENDS) {
      if (from !== undefined && text.length > from) found.push([from, text.length]);
      from = undefined;
    } else text += part;
  }
  return { text, ranges: found };
}

function plainOf(part: string): string {
  return part.replace(/[\uFDD0\uFDD1]/g, "");
}
