// Markdown to HTML, piece by piece, so that the beginning of a long note appears early and the page stays responsive. The
// HTML is not safe: sanitise.ts decides which of it reaches the page.
import { Marked, type Token } from "marked";

/** Length of a piece's source in UTF-16 units. A piece ends with a block, so it can be longer. */
const PIECE_LENGTH = 32 * 1024;
/** HTML tags in one note. A browser takes minutes for 100,000 nested ones. */
const TAGS_MAX = 10_000;

/** @throws RangeError if blocks are nested thousands deep */
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

/** Renders the HTML in a note. Beyond the limit it is shown as text. */
function createHtmlRenderer(): (token: { text: string }) => string {
  let tags = 0;
  return ({ text }) => {
    tags += text.split("<").length - 1;
    return tags > TAGS_MAX ? escapeHtml(text) : withoutStyle(text);
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Renames styles and event handlers, so that the sanitiser drops them silently. Parsed under their own names, each would
 * be an error of the content security policy in the console. This is not for safety: what it misses does no harm.
 */
function withoutStyle(html: string): string {
  return html
    .replace(/<(\/?)style\b/gi, "<$1script")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}
