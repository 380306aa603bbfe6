import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "./differences.ts";

const texts = fc
  .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
  .map((lines) => lines.join("\n"));

describe("the differences of a text from another", () => {
  it("contain the whole text", () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const parts = differences(text, other);
        expect(parts.map((part) => part.text).join("")).toBe(text);
      }),
    );
  });

  it("mark every line that is not in both, in order", () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const common = differences(text, other).filter((part) => !part.isDifferent);
        const lines = common.flatMap((part) => part.text.match(/.*\n|.+$/g) ?? []);
        let from = 0;
        for (const line of lines) {
          const found = other.indexOf(line, from);
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + line.length;
        }
      }),
    );
  });

  it("are the changed lines, and no others", () => {
    expect(differences("a\nnew\nc\nalso new\ne\n", "a\nold\nc\nalso old\ne\n")).toEqual([
      { text: "a\n", isDifferent: false },
      { text: "new\n", isDifferent: true },
      { text: "c\n", isDifferent: false },
      { text: "also new\n", isDifferent: true },
      { text: "e\n", isDifferent: false },
    ]);
    expect(differences("same", "same")).toEqual([{ text: "same", isDifferent: false }]);
    expect(differences("", "")).toEqual([]);
  });

  it("of two long texts with nothing in common are one part", () => {
    const lines = (word: string) => Array.from({ length: 20_000 }, (_, line) => `${word} ${line}\n`).join("");
    expect(differences(lines("theirs"), lines("mine"))).toEqual([
      { text: lines("theirs"), isDifferent: true },
    ]);
  });
});
