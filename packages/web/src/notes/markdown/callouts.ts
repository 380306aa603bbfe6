// Reads callouts, as GitHub, Obsidian and others do: a quote whose first line is `[!warning]`, or `[!warning] Another title`.
import type { Token, Tokens } from "marked";

/** Obsidian's `-` and `+` say whether it is folded. Here all of a note is shown. */
const MARK = /^\[!([\p{L}\p{N}][\p{L}\p{N}_ -]{0,39})\][-+]?(?:[ \t]+|(?=\n)|$)/u;

/** A quote that is a callout. */
export interface Callout extends Tokens.Blockquote {
  isCallout?: true;
}

/** Makes callouts of the quotes in `tokens` that are some: their first paragraph becomes the title, and a paragraph of the rest. */
export function readCallouts(tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (token.type === "list") readCallouts((token as Tokens.List).items);
    else if (token.type === "list_item") readCallouts(token.tokens ?? []);
    else if (token.type === "blockquote") {
      readCallouts(token.tokens ?? []);
      readCallout(token as Callout);
    }
  }
}

function readCallout(quote: Callout): void {
  const [first, ...rest] = quote.tokens;
  if (first?.type !== "paragraph") return;
  const { tokens, raw } = first as Tokens.Paragraph;
  const [begin, ...others] = tokens;
  if (begin?.type !== "text") return;
  const [mark, kind = ""] = MARK.exec(begin.raw) ?? [];
  if (mark === undefined) return;
  const after = withoutBeginning(begin as Tokens.Text, mark.length);
  const [title, body] = atFirstEnd([...(after ? [after] : []), ...others]);
  const end = raw.indexOf("\n") + 1 || raw.length;
  const words: Token[] = title.length > 0 ? title : [textToken(capital(kind))];
  const strong: Tokens.Strong = { type: "strong", raw: "", text: "", tokens: words };
  quote.isCallout = true;
  quote.tokens = [paragraph(raw.slice(0, end), [strong])];
  if (body.length > 0) quote.tokens.push(paragraph(raw.slice(end), body));
  quote.tokens.push(...rest);
}

/** What is on the first line, and what follows it. */
function atFirstEnd(tokens: readonly Token[]): [line: Token[], rest: Token[]] {
  for (const [i, token] of tokens.entries()) {
    if (token.type === "br") return [tokens.slice(0, i), tokens.slice(i + 1)];
    const end = token.type === "text" ? token.raw.indexOf("\n") : -1;
    if (end < 0) continue;
    const text = token as Tokens.Text;
    const line = textToken(text.raw.slice(0, end).trimEnd(), text);
    const rest = withoutBeginning(text, end + 1);
    return [
      [...tokens.slice(0, i), ...(line.raw ? [line] : [])],
      [...(rest ? [rest] : []), ...tokens.slice(i + 1)],
    ];
  }
  return [[...tokens], []];
}

function withoutBeginning(token: Tokens.Text, length: number): Tokens.Text | undefined {
  const raw = token.raw.slice(length);
  return raw === "" ? undefined : textToken(raw, token);
}

function textToken(words: string, like?: Tokens.Text): Tokens.Text {
  return { ...like, type: "text", raw: words, text: words, escaped: like?.escaped ?? false };
}

function paragraph(raw: string, tokens: Token[]): Tokens.Paragraph {
  return { type: "paragraph", raw, text: raw, tokens };
}

function capital(word: string): string {
  const [first = ""] = word;
  return first.toLocaleUpperCase() + word.slice(first.length);
}
