import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainExcerpt } from "./excerpt.ts";
import { plainSnippet } from "./snippet.ts";

describe("the excerpt of a note", () => {
  it.each([
    ["# Zod\n\nTypeScript-first **schema** validation", "Zod · TypeScript-first schema validation"],
    ["- milk\n- [ ] eggs\n1. bread", "milk · eggs · bread"],
    ["For two:\n- milk\n- eggs.\n\nThe rest", "For two: milk · eggs. · The rest"],
    ["milk\neggs\r\n\r\nbread", "milk · eggs · bread"],
    ["| A | B |\n|---|:-:|\n| 1 | `2` |", "A · B · 1 · 2"],
    [
      `${"words ".repeat(10)}\nand more, ${"words ".repeat(10)}\n- one`,
      `${"words ".repeat(10)}and more, ${"words ".repeat(10)}· one`,
    ],
    ["> quoted\n\n```js\nconst x = 1;\n```", "quoted · const x = 1;"],
    ["[![build](https://ci.example/b.svg)](https://ci.example) Yargs", "build Yargs"],
    ["see [the docs](https://docs.exam", "see the docs"],
    ['<h1 align="center">\n  <img src="x.png"> Title\n</h1>\n<!-- toc --> text <a hr', "Title · text"],
    ["مرحبا **بك**", "مرحبا بك"],
    ["_soon_, **_very_** soon: sort by total_exec_time", "soon, very soon: sort by total_exec_time"],
    ["> [!note]- Mind\n> ==this==[^1][^b]\n\n[^1]: if a == b", "Mind · this · if a == b"],
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
        for (const character of line.replace(/[ ·]/g, "")) {
          from = text.indexOf(character, from) + 1;
          expect(from).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("a snippet", () => {
  it.each([
    ["…the ### River bank", [[9, 14]], "…the ### [River] bank"],
    [
      "# River\n\nby the **river** and the river",
      [
        [2, 7],
        [18, 23],
        [34, 39],
      ],
      "[River] · by the [river] and the [river]",
    ],
    [
      "see [the river](https://river.example/) now",
      [
        [9, 14],
        [24, 29],
      ],
      "see the [river] now",
    ],
    ["…af83-3627049). The river", [[20, 25]], "… The [river]"],
    ["…river-3627049). The", [[1, 6]], "…[river]-3627049). The"],
    ["- a\n- river", [[6, 11]], "a · [river]"],
    ["\uFDD0river\uFDD1", [[1, 6]], "[river]"],
  ] as const)("%j has what was found marked", (snippet, found, expected) => {
    const { text, ranges } = plainSnippet(snippet, found);
    const shown = ranges
      .toReversed()
      .reduce((line, [from, to]) => `${line.slice(0, from)}[${line.slice(from, to)}]${line.slice(to)}`, text);
    expect(shown).toBe(expected);
  });
});
