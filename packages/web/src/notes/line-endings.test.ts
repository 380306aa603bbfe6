import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intoTextarea, outOfTextarea } from "./line-endings.ts";

const texts = fc
  .array(fc.constantFrom("a", "b", "\n", "\r\n", "\r", " "), { maxLength: 30 })
  .map((parts) => parts.join(""));

describe("a text in a textarea", () => {
  it("is unchanged if nothing is typed", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(outOfTextarea(intoTextarea(text), text)).toBe(text);
      }),
    );
  });

  it("keeps everything that was typed, whatever its line endings", () => {
    fc.assert(
      fc.property(texts, texts, (original, typed) => {
        const lines = intoTextarea(typed);
        expect(intoTextarea(outOfTextarea(lines, original))).toBe(lines);
      }),
    );
  });

  it("keeps the line endings of Windows if all are the same", () => {
    expect(outOfTextarea("one\ntwo\nthree", "one\r\ntwo")).toBe("one\r\ntwo\r\nthree");
    expect(outOfTextarea("one\ntwo\nthree", "one\r\ntwo\n")).toBe("one\ntwo\nthree");
    expect(outOfTextarea("one\ntwo", "one")).toBe("one\ntwo");
  });
});
