// Collects what a reader must see of a note: each text that the Markdown lexer finds, and each text in HTML. Link targets,
// definitions, tags, comments, scripts and styles are not texts. completeness.ts looks for them on the page.
import { type MarkedToken, Renderer, type Token } from "marked";

/** The rest of a tag after its name, without the end. */
export const ATTRIBUTES = /(?:=\s*"[^"]*"|=\s*'[^']*'|=(?!\s*["'])|[^>=])*/;

/** What HTML contains beside texts. A part without an end does not count: a browser would hide all that follows it. */
const NO_TEXT = new RegExp(
  [
    /<!--(?:-?>|[\s\S]*?-->)/, // a comment
    /<(script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/,
    /<\?[\s\S]*?\?>/, // a processing instruction
    /<![a-z][^>]*>/, // a document type
    new RegExp(`</?[a-z]${ATTRIBUTES.source}>`), // a tag
  ]
    .map(({ source }) => source)
    .join("|"),
  "gi",
);

/** Marked decides which `&` of a text begins a character reference. */
const renderer = new Renderer<string, string>();

/** The texts of `tokens` in order, as HTML in which `<` has no meaning. Whitespace separates them. */
export function textsOf(tokens: readonly Token[]): string {
  const texts: string[] = [];
  collect(tokens, texts);
  return texts.join("\n");
}

function collect(tokens: readonly Token[], texts: string[]): void {
  for (const token of tokens as readonly MarkedToken[]) {
    if (token.type === "code" || token.type === "codespan") texts.push(literal(token.text));
    else if (token.type === "html") texts.push(token.text.replace(NO_TEXT, "\n"));
    else if (token.type === "link" && token.autolink) texts.push(literal(token.text));
    else if (token.type === "list") collect(token.items, texts);
    else if (token.type === "table")
      for (const cell of [token.header, ...token.rows].flat()) collect(cell.tokens, texts);
    else if ("tokens" in token && token.tokens) collect(token.tokens, texts);
    else if (token.type === "text" || token.type === "escape") texts.push(renderer.text(token));
  }
}

function literal(text: string): string {
  return text.replaceAll("&", "&amp;");
}
