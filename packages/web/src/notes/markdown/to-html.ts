// Markdown to HTML, piece by piece, so that the beginning of a long note appears early and the page stays responsive. The
// HTML is not safe: sanitise.ts decides which of it reaches the page.
import { Marked, type Token } from "marked";
import { textsOf } from "./texts.ts";

/** Length of a piece's source in UTF-16 units. A piece ends with a block, so it can be longer. */
const PIECE_LENGTH = 32 * 1024;
/** HTML tags in one note. A browser takes minutes for 100,000 nested ones. */
const TAGS_MAX = 10_000;

export interface Piece {
  html: string;
  /** What the page must show of it, as `textsOf` returns it. */
  texts: string;
}

/** @throws RangeError if blocks are nested thousands deep */
export function* toHtml(text: string): Generator<Piece> {
  const markdown = new Marked({ gfm: true, renderer: { html: createHtmlRenderer() } });
  const render = (tokens: Token[]): Piece => ({ html: markdown.parser(tokens), texts: textsOf(tokens) });
  let piece: Token[] = [];
  let length = 0;
  for (const token of markdown.lexer(text)) {
    piece.push(token);
    length += token.raw.length;
    if (length >= PIECE_LENGTH) {
      yield render(piece);
      piece = [];
      length = 0;
    }
  }
  yield render(piece);
}

/** Markdown finds text between these tags of a line, where a browser would hide it. */
const HIDING_TAG = /^<\/?(script|style)\b/i;

/** Renders the HTML in a note. Beyond the limit it is shown as text. */
function createHtmlRenderer(): (token: { text: string; block: boolean }) => string {
  let tags = 0;
  return ({ text, block }) => {
    tags += text.split("<").length - 1;
    if (tags > TAGS_MAX) return escapeHtml(text);
    return !block && HIDING_TAG.test(text) ? "" : withoutStyle(text);
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
