// The beginning of a note in one line, for lists: its words, without the marks of Markdown and HTML. It is a rough guess,
// and is shown as plain text.

const TAG = /<!--[\s\S]*?(?:-->|$)|<\/?[a-z][^>]*(?:>|$)/gi;
/** Also one that was cut off. An image can be inside a link, so links are replaced twice. */
const LINK = /!?\[([^[\]]*)\](?:\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$))/g;
const LINE_START = /^\s*(?:#{1,6}|>|[-*+]|\d+[.)]|```\w*|~~~\w*|={3,}|-{3,}|\|[-:| ]+\|?)(?=\s|$)/gm;
const EMPHASIS = /\[[ x]\](?=\s)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|\|/g;

/** `beginning`: the first characters of a text, which may end in the middle of a mark. */
export function plainExcerpt(beginning: string): string {
  return beginning
    .replace(TAG, " ")
    .replace(LINK, "$1")
    .replace(LINK, "$1")
    .replace(LINE_START, " ")
    .replace(EMPHASIS, "")
    .replace(/\s+/g, " ")
    .trim();
}
