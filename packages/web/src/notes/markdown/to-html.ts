// Markdown to HTML, piece by piece, so that a long note appears from its beginning on and the page stays responsive.
// What comes out is not safe yet: sanitise.ts decides what of it reaches the page.
import { Marked, type Token } from "marked";

/** Length of the source of a piece, in UTF-16 units. A piece ends with a block, so a long block makes a longer piece. */
const PIECE_LENGTH = 32 * 1024;
/** Tags of HTML in one note. A browser takes minutes over 100,000 that are opened inside each other. */
const TAGS_MAX = 10_000;

/** @throws RangeError where blocks are nested thousands deep. */
export function* toHtml(text: string): Generator<string> {
  const markdown = new Marked({ gfm: true, renderer: { html: createHtmlRenderer() } });
  let piece: Token[] = [];
  let length = 0;
  for (const token of markdown.lexer(text)) {
    piece.push(token);
    length += token.raw.length;
    if (length >= PIECE_LENGTH) {
      yield markdown.parser(piece);
      piece = [];
      length = 0;
    }
  }
  yield markdown.parser(piece);
}

/** HTML that a note has in it, as long as it is not too much: then it is shown as it was written. */
function createHtmlRenderer(): (token: { text: string }) => string {
  let tags = 0;
  return ({ text }) => {
    tags += text.split("<").length - 1;
    return tags > TAGS_MAX ? escaped(text) : withoutStyle(text);
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Renames what would set a style or a handler, so that the sanitiser drops it unseen: parsed as what it is, the content
 * security policy would refuse it aloud, in the console. It is no matter of safety, and what it misses does no harm.
 */
function withoutStyle(html: string): string {
  return html
    .replace(/<(\/?)style\b/gi, "<$1script")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}
