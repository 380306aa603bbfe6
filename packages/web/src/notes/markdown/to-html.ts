// Markdown to HTML, piece by piece, so that the beginning of a long note appears early and the page stays responsive. The
// HTML is not safe: sanitise.ts decides which of it reaches the page.
import { Marked, type Token } from "marked";
import { readCallouts } from "./callouts.ts";
import { EMPTY_TASKS } from "./empty-tasks.ts";
import { createFootnotes } from "./footnotes.ts";
import { markedWords } from "./marked-words.ts";
import { type Part, piecesOf } from "./pieces.ts";
import { withoutReports } from "./quiet-html.ts";
import { createSourceRenderer } from "./source-renderer.ts";
import { ATTRIBUTES, textsOf } from "./texts.ts";

/**
 * Elements that a browser makes of the HTML in one note, roughly. It takes minutes for 100,000 nested ones, and for a few
 * thousand `<b title=…>` without an end, since it opens each of them again in every block that follows.
 */
const ELEMENTS_MAX = 10_000;

/** The elements that a browser opens again. It does so with three at most that have the same attributes. */
const FORMATS = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/** Cells of one table. Each row has as many as the header, so a wide header over short rows would be millions. */
const CELLS_MAX = 400_000;

export interface Piece {
  html: string;
  /** What the page must show of it, as `textsOf` returns it. */
  texts: string;
  /** The key in the marks of its tasks. */
  taskKey: string;
  part?: Part | undefined;
}

/** @throws RangeError if blocks are nested thousands deep, one is too long and has no parts, or a table has too many cells */
export function* toHtml(text: string): Generator<Piece> {
  const taskKey = crypto.getRandomValues(new Uint32Array(4)).join();
  const source = createSourceRenderer(text, taskKey);
  const markdown = new Marked(EMPTY_TASKS, {
    gfm: true,
    renderer: { ...source.renderer, html: createHtmlRenderer() },
    tokenizer: {
      table(source) {
        const [, header = "", , rows = ""] = this.rules.block.table.exec(source) ?? [];
        if (header.split("|").length * rows.split("\n").length > CELLS_MAX)
          throw new RangeError("A table has too many cells");
        return false;
      },
    },
  });
  const footnotes = createFootnotes();
  // Each is asked at every part of a text, so only a text that has one has it.
  if (text.includes("==")) markdown.use(markedWords);
  if (text.includes("[^")) markdown.use(footnotes.extension);
  const all: Token[] = markdown.lexer(text);
  if (text.includes("[!")) readCallouts(all);
  source.read(all);
  const feet = footnotes.list();
  if (feet) {
    source.readAs(feet.definitions, feet.list.items);
    all.push(feet.list);
  }
  for (const { tokens, part } of piecesOf(all))
    yield { html: markdown.parser(tokens), texts: textsOf(tokens), taskKey, part };
}

/** Markdown finds text between these tags of a line, where a browser would hide it. */
const HIDING_TAG = /^<\/?(script|style)\b/i;

/** Renders the HTML in a note. Beyond the limit it is shown as text. */
function createHtmlRenderer(): (token: { text: string; block: boolean }) => string {
  let elements = 0;
  let openFormats = 0;
  return ({ text, block }) => {
    for (const [, slash, name = ""] of text.matchAll(/<(\/?)([a-z0-9]*)/gi)) {
      elements += 1 + openFormats;
      if (FORMATS.includes(name.toLowerCase())) openFormats = Math.max(0, openFormats + (slash ? -1 : 1));
    }
    if (elements > ELEMENTS_MAX) return escapeHtml(text);
    return !block && HIDING_TAG.test(text) ? "" : withoutReports(withoutAttributes(text));
  };
}

const FORMAT_TAG = new RegExp(`<(${FORMATS.join("|")})(?=[\\s/])${ATTRIBUTES.source}>`, "gi");

/** Takes the attributes of formats away, so that all of one name are alike to the browser. */
function withoutAttributes(html: string): string {
  return html.replace(FORMAT_TAG, "<$1>");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
