// The beginning of a note in one line, as a list shows it: its words, without what Markdown and HTML add to them. It is
// a guess for the eye, and is shown as plain text.

const TAG = /<!--[\s\S]*?(?:-->|$)|<\/?[a-z][^>]*(?:>|$)/gi;
/** Also one that was cut off. A picture can stand in a link, so links are taken off twice. */
const LINK = /!?\[([^[\]]*)\](?:\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$))/g;
const LINE_START = /^\s*(?:#{1,6}|>|[-*+]|\d+[.)]|```\w*|~~~\w*|={3,}|-{3,}|\|[-:| ]+\|?)(?=\s|$)/gm;
const EMPHASIS = /\[[ x]\](?=\s)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|\|/g;

/** `beginning`: the first characters of a text, which may end in the middle of anything. */
export function inOneLine(beginning: string): string {
  return beginning
    .replace(TAG, " ")
    .replace(LINK, "$1")
    .replace(LINK, "$1")
    .replace(LINE_START, " ")
    .replace(EMPHASIS, "")
    .replace(/\s+/g, " ")
    .trim();
}
