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
/** A row of a table. */
const ROW = /^[ \t]*\|.*$/gm;
/** Inside a word, as in `total_time`, it is a character like another. */
const UNDERLINE = /(?<![\p{L}\p{N}_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}_])/gu;

/** A line that ends here goes on in the next one: it is as long as programs make the lines of a paragraph. */
const WRAPPED = /^(?!\s*[#|]).{50,}$/;
/** What begins something else than the rest of a paragraph. */
const ITEM = /^\s*(?:$|#|>|\||[-*+]\s|\d+[.)]\s|```|~~~)/;
/** After these, what follows needs no other sign. */
const SEPARATES = /[,:;·—–][\uFDD0\uFDD1]*$/;

/**
 * The beginning of a text in one line, with a point between what stands on lines or in cells of their own.
 * @param beginning may end in the middle of a mark
 */
export function plainExcerpt(beginning: string): string {
  const lines = beginning.split("\n");
  const joined = lines.reduce((text, line, i) => {
    const isSame = i > 0 && WRAPPED.test(lines[i - 1] ?? "") && !ITEM.test(line);
    return i === 0 ? line : `${text}${isSame ? " " : "\n"}${line}`;
  }, "");
  let shown = "";
  for (const item of withoutMarks(joined, "\n").split("\n")) {
    const words = item.replace(/\s+/g, " ").trim();
    if (words === "") continue;
    if (shown !== "") shown += SEPARATES.test(shown) ? " " : " · ";
    shown += words;
  }
  return shown;
}

/** The words of a text in one line, without its marks. */
export function plainWords(text: string): string {
  return withoutMarks(text, "").replace(/\s+/g, " ").trim();
}

/** @param cell what stands between the cells of a table */
function withoutMarks(text: string, cell: string): string {
  return text
    .replace(TAG, " ")
    .replace(SIGN, "")
    .replace(LINK, "$1")
    .replace(LINK, "$1")
    .replace(LINE_START, " ")
    .replace(ROW, (row) => row.replaceAll("|", cell))
    .replace(MARKED, "$1")
    .replace(EMPHASIS, "")
    .replace(UNDERLINE, "");
}
