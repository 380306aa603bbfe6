import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Part } from "../history/parts.ts";
import { merge, wholeConflict } from "./merge.ts";
import { sidesOf, wordDifferences } from "./sides.ts";

/** Parts as one string: `+added+`, `-removed-`. */
function marked(parts: readonly Part[] | undefined): string {
  const mark = { kept: "", added: "+", removed: "-" };
  return (parts ?? []).map(({ text, kind }) => `${mark[kind]}${text}${mark[kind]}`).join("");
}

describe("the differences of a text by word", () => {
  it("contain the whole text, and the one before", () => {
    const texts = fc.array(fc.constantFrom("one", "two", "東京", "שלום", " ", ", ", "\n"), { maxLength: 15 });
    fc.assert(
      fc.property(texts, texts, (before, text) => {
        const parts = wordDifferences(before.join(""), text.join(""));
        const all = (...kinds: Part["kind"][]) =>
          parts.filter(({ kind }) => kinds.includes(kind)).map((part) => part.text);
        expect(all("kept", "added").join("")).toBe(text.join(""));
        expect(all("kept", "removed").join("")).toBe(before.join(""));
      }),
    );
  });

  it("join words that changed side by side", () => {
    expect(marked(wordDifferences("by the blue door.", "by a red gate."))).toBe(
      "by -the blue door-+a red gate+.",
    );
  });
});

describe("a conflict", () => {
  it("is shown with what each side changed, and some words around it", () => {
    const start = `${"Far away. ".repeat(20)}Along the river. `;
    const [sides] = sidesOf(
      merge(`x\n${start}Tea at ten. Bye.`, `x\n${start}Tea at nine. Bye.`, `x\n${start}Coffee at ten. Bye.`),
    );
    expect(marked(sides?.mine)).toBe(
      "… Far away. Far away. Far away. Along the river. Tea at -ten-+nine+. Bye.",
    );
    expect(marked(sides?.theirs)).toBe(
      "… Far away. Far away. Far away. Far away. Along the river. -Tea-+Coffee+ at ten. Bye.",
    );
  });

  it("of what has no beginning shows what the other side lacks", () => {
    const [sides] = sidesOf(wholeConflict(undefined, "Tea at ten", "Tea at nine"));
    expect([marked(sides?.mine), marked(sides?.theirs)]).toEqual(["Tea at +ten+\n", "Tea at +nine+\n"]);
  });

  it("of long texts shows a part of them", () => {
    const text = (word: string) => `${word} `.repeat(100_000);
    const [sides] = sidesOf(merge(text("base"), text("mine"), text("theirs")));
    const shown = [...(sides?.mine ?? []), ...(sides?.theirs ?? [])].map((part) => part.text.length);
    expect(shown.reduce((sum, length) => sum + length)).toBeLessThan(10_000);
  });

  it("beside many others is shown if it is one of the first", () => {
    const text = (word: string) => Array.from({ length: 100 }, (_, i) => `${word} ${i}\n\n`).join("");
    expect(sidesOf(merge(text("base"), text("mine"), text("theirs")))).toHaveLength(20);
  });
});
