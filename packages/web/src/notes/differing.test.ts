import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differing } from "./differing.ts";

const texts = fc
  .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
  .map((lines) => lines.join("\n"));

describe("where two texts differ", () => {
  it("nothing of the text is left out", () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const { before, differs, after } = differing(text, other);
        expect(before + differs + after).toBe(text);
      }),
    );
  });

  it("what is not marked is in both, at the beginning and at the end", () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const { before, after } = differing(text, other);
        expect(other.startsWith(before)).toBe(true);
        expect(other.endsWith(after)).toBe(true);
      }),
    );
  });

  it("the lines that were changed are marked, and no others", () => {
    expect(differing("a\nnew\nc\n", "a\nold\nc\n")).toEqual({
      before: "a\n",
      differs: "new\n",
      after: "c\n",
    });
    expect(differing("same", "same").differs).toBe("");
    expect(differing("a\na\n", "a\n").differs).toBe("a\n");
  });
});
