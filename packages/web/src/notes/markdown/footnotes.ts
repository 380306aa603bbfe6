// Reads footnotes: `[^1]` in the text, and `[^1]: words` on a line of its own, with further paragraphs that are indented. They are
// shown at the end of the note, numbered as the text refers to them.
import type { MarkedExtension, Token, Tokens } from "marked";
import { FOOT, FOOT_BACK } from "./source.ts";

const REFERENCE = /^\[\^([^\][\s]{1,100})\](?!:)/;
const DEFINITION = /^ {0,3}\[\^([^\][\s]{1,100})\]:[ \t]*/;
/** The lines of a paragraph, until an empty one, or one that begins something else. */
const LINES =
  /^[^\n]*(?:\n(?![ \t]*(?:\n|$)| {0,3}(?:\[\^[^\][\s]{1,100}\]:|#{1,6}[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t]|```|~~~))[^\n]+)*/;
/** A further paragraph. */
const FURTHER = /^\n(?:[ \t]*\n)+(?: {2,4}|\t)(?=[^\s])/;

interface Definition extends Tokens.Generic {
  type: "footnote";
  id: string;
  paragraphs: Tokens.Paragraph[];
}

/** Reads the footnotes of one text. */
export function createFootnotes(): {
  extension: MarkedExtension;
  /** A list of the footnotes that were read, with the token of each one's definition; undefined if there are none. */
  list(): { list: Tokens.List; definitions: readonly Token[] } | undefined;
} {
  const definitions = new Map<string, Definition>();
  /** Those that the text defines again. */
  const again: Definition[] = [];
  /** The ids that the text refers to, in its order, and their numbers. */
  const referred = new Map<string, number>();
  return {
    extension: {
      extensions: [
        {
          name: "footnote",
          level: "block",
          tokenizer(source) {
            const definition = definitionIn(source);
            if (!definition) return undefined;
            for (const paragraph of definition.paragraphs)
              this.lexer.inline(paragraph.text, paragraph.tokens);
            if (definitions.has(definition.id)) again.push(definition);
            else definitions.set(definition.id, definition);
            return definition;
          },
          renderer: () => "",
        },
        {
          name: "footnoteReference",
          level: "inline",
          tokenizer(source) {
            const [raw, id] = REFERENCE.exec(source) ?? [];
            if (raw === undefined || id === undefined || !definitions.has(id)) return undefined;
            const number = referred.get(id) ?? referred.size + 1;
            referred.set(id, number);
            return { type: "footnoteReference", raw, number };
          },
          renderer: ({ number }) => `<sup><a ${FOOT}="${number}">${number}</a></sup>`,
        },
        { name: "footnoteBack", renderer: ({ number }) => `<a ${FOOT_BACK}="${number}"></a>` },
      ],
    },
    list() {
      const unreferred = [...definitions.values()].filter(({ id }) => !referred.has(id));
      const all = [...referred.keys()].flatMap((id) => definitions.get(id) ?? []).concat(unreferred, again);
      if (all.length === 0) return undefined;
      const items = all.map((definition, i) => itemOf(definition, i < referred.size ? i + 1 : undefined));
      const list: Tokens.List = { type: "list", raw: "", ordered: true, start: 1, loose: false, items };
      return { list, definitions: all };
    },
  };
}

function definitionIn(source: string): Definition | undefined {
  const [mark, id] = DEFINITION.exec(source) ?? [];
  if (mark === undefined || id === undefined) return undefined;
  let raw = mark;
  const paragraphs: Tokens.Paragraph[] = [];
  for (let before: string | undefined = ""; before !== undefined; ) {
    raw += before;
    const [lines] = LINES.exec(source.slice(raw.length)) as RegExpExecArray;
    raw += lines;
    paragraphs.push({ type: "paragraph", raw: lines, text: lines.trim(), tokens: [] });
    [before] = FURTHER.exec(source.slice(raw.length)) ?? [];
  }
  return { type: "footnote", raw, id, paragraphs };
}

/** @param number undefined if the text does not refer to it */
function itemOf({ paragraphs, raw }: Definition, number: number | undefined): Tokens.ListItem {
  const back: Token = { type: "footnoteBack", raw: "", number: number ?? "" };
  const tokens = paragraphs.map((paragraph, i) =>
    i < paragraphs.length - 1 ? paragraph : { ...paragraph, tokens: [...paragraph.tokens, back] },
  );
  return { type: "list_item", raw, task: false, loose: false, text: raw, tokens };
}
