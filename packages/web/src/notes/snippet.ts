// What a search found in a text, in one line. It loads with the first search.
import { plainExcerpt } from "./excerpt.ts";
import { withoutTitle } from "./title-once.ts";

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

/** What was found in a note's text, in one line, without its title: what was found there is in the name. */
export function snippetOf(
  name: string,
  snippet: string,
  found: readonly Range[],
): { text: string; ranges: Range[] } {
  const rest = withoutTitle(snippet, name, snippet.endsWith("…"));
  const from = snippet.length - rest.length;
  const inRest = found
    .filter(([start]) => start >= from)
    .map(([start, end]): Range => [start - from, end - from]);
  return plainSnippet(rest, inRest);
}
