// Renders blocks with what they know of their source, as source.ts reads it.
import { type MarkedExtension, Renderer, type Token, type Tokens } from "marked";
import type { Callout } from "./callouts.ts";
import { CALLOUT, LANGUAGE, LINES, type Lines, TASK, taskMark } from "./source.ts";
import { boxAfter } from "./tasks.ts";

/**
 * Finds the lines of the blocks in `tokens`, which begin at the line `first`. What Markdown strips from quotes and lists is never a
 * line.
 * @returns the last line with words
 */
function findLines(tokens: readonly Token[], first: number, lines: Map<Token, Lines>): number {
  let line = first;
  let last = first;
  let before: Token | undefined;
  for (const token of tokens) {
    if (before && lacksLineEnd(before, token)) line++;
    const end = line + newlines(token.raw.trimEnd());
    if (token.raw.trim() !== "") last = end;
    lines.set(token, [line, end + 1]);
    const inner = innerBlocks(token);
    // With another number of lines inside, it is not certain which is which.
    if (inner && findLines(inner, line, lines) !== line + newlines(textOf(token).trimEnd()))
      forget(inner, lines);
    line += newlines(token.raw);
    before = token;
  }
  return last;
}

/** Marked loses the end of a line where a quote goes on after a line without its sign. */
function lacksLineEnd(before: Token, { raw }: Token): boolean {
  return before.type !== "checkbox" && !before.raw.endsWith("\n") && !/^[^\S\n]*(\n|$)/.test(raw);
}

function forget(tokens: readonly Token[], lines: Map<Token, Lines>): void {
  for (const token of tokens) {
    lines.delete(token);
    forget(innerBlocks(token) ?? [], lines);
  }
}

function innerBlocks(token: Token): readonly Token[] | undefined {
  if (token.type === "list") return (token as Tokens.List).items;
  return token.type === "list_item" || token.type === "blockquote" ? token.tokens : undefined;
}

/** What the blocks inside were read from. */
function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/**
 * Renders the blocks of a text with what they know of their source.
 * @param key proves that a task is one: HTML in the text can't know it
 */
export function createSourceRenderer(
  text: string,
  key: string,
): {
  renderer: NonNullable<MarkedExtension["renderer"]>;
  /** Called with all tokens before they are rendered. */
  read(tokens: readonly Token[]): void;
  /** Tokens that are shown for others, which were read: of the same lines. */
  readAs(read: readonly Token[], shown: readonly Token[]): void;
} {
  const lines = new Map<Token, Lines>();
  let starts: readonly number[] | undefined;
  /** Where the box of a task stands in the text. */
  function boxOf(task: Tokens.ListItem): number | undefined {
    const [line] = lines.get(task) ?? [];
    if (line === undefined) return undefined;
    starts ??= startsOfLines(text);
    return boxAfter(text, starts[line] ?? text.length);
  }
  const { heading, paragraph, code, blockquote, listitem, table, hr } = Renderer.prototype;
  const withLines = (html: string, [first, end]: Lines | [] = []) =>
    first === undefined ? html : html.replace(/<[a-z]+\d?/, `$& ${LINES}="${first}-${end}"`);
  return {
    read(tokens) {
      findLines(tokens, 0, lines);
    },
    readAs(read, shown) {
      for (const [i, token] of shown.entries()) {
        const same = lines.get(read[i] as Token);
        if (same) lines.set(token, same);
      }
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
      blockquote(token: Callout) {
        const html = blockquote.call(this, token);
        return token.isCallout ? html.replace("<blockquote", `<blockquote ${CALLOUT}="callout"`) : html;
      },
      listitem(token) {
        const html = withLines(listitem.call(this, token), lines.get(token));
        const at = token.task ? boxOf(token) : undefined;
        return at === undefined ? html : html.replace("<input", `<input ${TASK}="${taskMark(key, at)}"`);
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

/** Where each line of a text begins, as Markdown divides it. */
function startsOfLines(text: string): number[] {
  const ends = [...text.matchAll(/\r\n?|\n/g)];
  return [0, ...ends.map((end) => end.index + end[0].length)];
}

function withoutFence({ codeBlockStyle, text }: Tokens.Code, lines: Lines | undefined): Lines | undefined {
  if (!lines || codeBlockStyle === "indented") return lines;
  const [fence] = lines;
  return [fence + 1, fence + 1 + newlines(text) + 1];
}
