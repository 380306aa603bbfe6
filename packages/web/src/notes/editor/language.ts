// Markdown as the editor knows it. What is read beyond GitHub's has grey signs too: `==marked==`, `[^1]`, `[!warning]`.
import { markdownLanguage } from "@codemirror/lang-markdown";
import { Language } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import type { MarkdownConfig, MarkdownParser } from "@lezer/markdown";

const FOOTNOTE = /^\[\^[^\][\s]{1,100}\]:?/;
const CALLOUT = /^\[![\p{L}\p{N}][\p{L}\p{N}_ -]{0,39}\][-+]?/u;
const LONGEST = 110;

const MARKED = { resolve: "MarkedWords", mark: "Sign" };

const SIGNS: MarkdownConfig = {
  defineNodes: [{ name: "MarkedWords" }, { name: "Sign", style: tags.processingInstruction }],
  parseInline: [
    {
      name: "MarkedWords",
      after: "Emphasis",
      parse(context, _, at) {
        if (context.slice(at, at + 2) !== "==" || context.slice(at + 2, at + 3) === "=") return -1;
        const isSpace = (from: number) => context.slice(from, from + 1).trim() === "";
        return context.addDelimiter(
          MARKED,
          at,
          at + 2,
          !isSpace(at + 2),
          at > context.offset && !isSpace(at - 1),
        );
      },
    },
    {
      name: "Sign",
      before: "Link",
      parse(context, _, at) {
        const begins = context.slice(at, at + 2);
        if (begins !== "[^" && (begins !== "[!" || at > context.offset)) return -1;
        const rest = context.slice(at, Math.min(at + LONGEST, context.end));
        const [sign] = (begins === "[^" ? FOOTNOTE : CALLOUT).exec(rest) ?? [];
        return sign === undefined ? -1 : context.addElement(context.elt("Sign", at, at + sign.length));
      },
    },
  ],
};

const parser = (markdownLanguage.parser as MarkdownParser).configure([SIGNS]);

/** CodeMirror's commands for Markdown know it by the data. */
export const language = new Language(markdownLanguage.data, parser, [], "markdown");
