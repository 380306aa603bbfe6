import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { language } from "./language.ts";

function signsIn(text: string): string[] {
  const signs: string[] = [];
  language.parser.parse(text).iterate({
    enter({ name, from, to }) {
      if (name === "Sign") signs.push(text.slice(from, to));
    },
  });
  return signs;
}

describe("The signs of what is read beyond GitHub's Markdown", () => {
  it.for([
    ["a ==b *c*== d", ["==", "=="]],
    ["See[^1] and [^two].\n\n[^1]: Two words", ["[^1]", "[^two]", "[^1]:"]],
    ["> [!warning]- Mind\n> this", ["[!warning]-"]],
    ["if a == b and c == d", []],
    ["`==a==` \\==b==\n\n    [^1]", []],
    ["a [!note] [x]", []],
  ] as const)("in %j are %j", ([text, signs]) => {
    expect(signsIn(text)).toEqual(signs);
  });

  it("are found in any text, and each is a part of it", () => {
    const part = fc.constantFrom("==", "=", "[^a]", "[!b]", "> ", "a", " ", "\n", "*", "`", "[", "]");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        for (const sign of signsIn(parts.join(""))) expect(sign).toMatch(/^(==|\[\^|\[!)/);
      }),
      { seed: 1 },
    );
  });
});
