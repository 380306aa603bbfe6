import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainExcerpt } from "./excerpt.ts";

describe("the excerpt of a note", () => {
  it.each([
    ["# Zod\n\nTypeScript-first **schema** validation", "Zod TypeScript-first schema validation"],
    ["- milk\n- [ ] eggs\n1. bread", "milk eggs bread"],
    ["> quoted\n\n```js\nconst x = 1;\n```", "quoted const x = 1;"],
    ["[![build](https://ci.example/b.svg)](https://ci.example) Yargs", "build Yargs"],
    ["see [the docs](https://docs.exam", "see the docs"],
    ['<h1 align="center">\n  <img src="x.png"> Title\n</h1>\n<!-- toc --> text <a hr', "Title text"],
    ["مرحبا **بك**", "مرحبا بك"],
    ["plain words, 2 * 3 - 1 > 4", "plain words, 2 * 3 - 1 > 4"],
  ])("%j is %j", (text, line) => {
    expect(plainExcerpt(text)).toBe(line);
  });

  it("is one line, made of the text's own characters, wherever the text was cut", () => {
    const bits = fc.constantFrom(
      "<",
      ">",
      "[",
      "](",
      ")",
      "!",
      "*",
      "_",
      "`",
      "#",
      "|",
      "-",
      "\n",
      " ",
      "a",
      "😀",
      "<a",
      "<!--",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        const line = plainExcerpt(text);
        expect(line).not.toMatch(/\n/);
        let from = 0;
        for (const character of line.replaceAll(" ", "")) {
          from = text.indexOf(character, from) + 1;
          expect(from).toBeGreaterThan(0);
        }
      }),
    );
  });
});
