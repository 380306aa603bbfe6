// Renders blocks with what they know of their source, as source.ts reads it.
import { type MarkedExtension, Renderer, type Token, type Tokens } from "marked";
import { LANGUAGE, LINES, type Lines } from "./source.ts";

/** Blocks in blocks beyond this depth have no lines of their own. */
const DEPTH_MAX = 8;

/** The lines of the blocks in `tokens`. What Markdown strips from quotes and lists is never a line. */
function linesIn(tokens: readonly Token[], first = 0, depth = 0, lines = new Map<Token, Lines>()) {
  let line = first;
  for (const token of tokens) {
    lines.set(token, [line, line + newlines(token.raw.trimEnd()) + 1]);
    const inner = token.type === "list" ? (token as Tokens.List).items : innerBlocks(token);
    if (inner && depth < DEPTH_MAX) linesIn(inner, line, depth + 1, lines);
    line += newlines(token.raw);
  }
  return lines;
}

function innerBlocks(token: Token): readonly Token[] | undefined {
  return token.type === "list_item" || token.type === "blockquote" ? token.tokens : undefined;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Renders the blocks of a text with what they know of their source. */
export function createSourceRenderer(): {
  renderer: NonNullable<MarkedExtension["renderer"]>;
  /** Called with all tokens before they are rendered. */
  read(tokens: readonly Token[]): void;
} {
  let lines = new Map<Token, Lines>();
  const { heading, paragraph, code, listitem, table, hr } = Renderer.prototype;
  const withLines = (html: string, [first, end]: Lines | [] = []) =>
    first === undefined ? html : html.replace(/<[a-z]+\d?/, `$& ${LINES}="${first}-${end}"`);
  return {
    read(tokens) {
      lines = linesIn(tokens);
    },
    renderer: {
      heading(token) {
        return withLines(heading.call(this, token), lines.get(token));
      },
      paragraph(token) {
        return withLines(paragraph.call(this, token), lines.get(token));
      },
      code(token) {
        const [language] = /^\w[\w+#-]*/.exec(token.lang ?? "") ?? [];
        const html = code.call(this, token);
        return withLines(
          language ? html.replace("<pre", `<pre ${LANGUAGE}="${language}"`) : html,
          withoutFence(token, lines.get(token)),
        );
      },
      listitem(token) {
        return withLines(listitem.call(this, token), lines.get(token));
      },
      table(token) {
        return withLines(table.call(this, token), lines.get(token));
      },
      hr(token) {
        return withLines(hr.call(this, token), lines.get(token));
      },
    },
  };
}

function withoutFence({ codeBlockStyle, text }: Tokens.Code, lines: Lines | undefined): Lines | undefined {
  if (!lines || codeBlockStyle === "indented") return lines;
  const [fence] = lines;
  return [fence + 1, fence + 1 + newlines(text) + 1];
}
