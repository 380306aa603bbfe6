// Reads `==marked words==`, which Obsidian, Bear and others write so: words that somebody has gone over with a pencil.
import type { MarkedExtension } from "marked";

/** As with emphasis, the marks are at words: `a == b` has none. A bound, because nothing may close it. */
const MARKED = /^==(?=[^\s=])((?:[^=]|=(?!=)){0,1000}?[^\s=])==(?!=)/;
/** How far the beginning of marked words is searched for at once: each text of a paragraph asks. */
const LOOK_AHEAD = 4096;

export const markedWords: MarkedExtension = {
  extensions: [
    {
      name: "mark",
      level: "inline",
      start(source) {
        const near = source.slice(0, LOOK_AHEAD);
        const at = near.indexOf("==");
        if (at >= 0) return at;
        if (near.length === source.length) return undefined;
        return near.lastIndexOf(" ") + 1 || LOOK_AHEAD;
      },
      tokenizer(source) {
        const [raw, words] = MARKED.exec(source) ?? [];
        if (raw === undefined || words === undefined) return undefined;
        return { type: "mark", raw, tokens: this.lexer.inlineTokens(words) };
      },
      renderer({ tokens = [] }) {
        return `<mark>${this.parser.parseInline(tokens)}</mark>`;
      },
    },
  ],
};
