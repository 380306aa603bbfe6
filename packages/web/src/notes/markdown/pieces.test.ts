// A long note comes in pieces that a page can show one by one.
import { describe, expect, it } from "vitest";
import { type Piece, toHtml } from "./to-html.ts";

/** Elements of a piece at most, with some room. */
const SMALL = 6000;

describe("a block that is too long for one piece", () => {
  it.each([
    ["a list", (i: number) => `- row ${i}\n`, "li"],
    ["a numbered list", (i: number) => `${i + 7}. row ${i}\n`, "li"],
    ["a list with space", (i: number) => `- row ${i}\n\n`, "li"],
    ["a quote", (i: number) => `> row ${i}\n>\n`, "p"],
    ["a list in a quote", (i: number) => `> - row ${i}\n`, "li"],
  ])("that is %s has each row once, in order, in pieces that are small", (_, row, element) => {
    const source = Array.from({ length: 20_000 }, (_, i) => row(i)).join("");
    const pieces = shown(`Before\n\n${source}\nAfter`);
    const html = pieces.map((piece) => piece.html).join("");
    expect([...html.matchAll(/row (\d+)/g)].map(([, i]) => Number(i))).toEqual([...Array(20_000).keys()]);
    expect(html.split(`<${element}>`)).toHaveLength(20_000 + (element === "p" ? 3 : 1));
    expect(Math.max(...pieces.map(elementsIn))).toBeLessThan(SMALL);
    const parts = pieces.map((piece) => piece.part);
    expect(parts.filter((part) => part === "first")).toHaveLength(1);
    expect(parts.slice(1, 3)).toEqual(["first", "next"]);
  });

  it("that is a numbered list goes on with its numbers", () => {
    const pieces = shown("7. row\n".repeat(10_000));
    let next = 7;
    for (const { html } of pieces) {
      expect(html).toContain(`<ol start="${next}">`);
      next += html.split("<li>").length - 1;
    }
    expect(next).toBe(10_007);
  });

  it("that is a table has its header in each part", () => {
    const pieces = shown(`|one|two|\n|-|-|\n${"|a|b|\n".repeat(10_000)}`);
    expect(pieces.length).toBeGreaterThan(2);
    for (const { html } of pieces) expect(html).toContain("<th>one</th>");
    expect(pieces.map(({ html }) => html.split("<td>a</td>").length - 1).reduce((a, b) => a + b)).toBe(
      10_000,
    );
  });

  it.each([
    ["a paragraph", "*a* ".repeat(20_000)],
    ["a row of a table", `|${"a|".repeat(20_000)}\n|${"-|".repeat(20_000)}\n|1|`],
    ["a table that is wide, and has no rows", `|${"a|".repeat(20_000)}\n|${"-|".repeat(20_000)}\n`],
    [
      "a table of short rows below a wide header",
      `|${"a|".repeat(1000)}\n|${"-|".repeat(1000)}\n${"|1|\n".repeat(10_000)}`,
    ],
    ["an item of a list", `- first\n${"  - row\n".repeat(20_000)}`],
  ])("and has no parts, like %s, is refused before the first piece", (_, text) => {
    expect(() => toHtml(`Before\n\n${text}`).next()).toThrow(RangeError);
  });
});

it("the rows of a list in pieces know their lines", () => {
  const html = [...toHtml("- row\n".repeat(10_000))].map((piece) => piece.html).join("");
  const lines = [...html.matchAll(/data-lines="(\d+)-/g)].map(([, line]) => Number(line));
  expect(lines).toEqual([...Array(10_000).keys()]);
});

it("a list that fits into a piece is one list", () => {
  const pieces = shown("- row\n".repeat(3000));
  expect(pieces).toHaveLength(1);
  expect(pieces[0]?.part).toBeUndefined();
});

it("formats without an end don't multiply what a browser makes of the blocks after them", () => {
  const names = Array.from({ length: 4000 }, (_, i) => `<b title="${i}">`).join("");
  const page = new DOMParser().parseFromString(
    [...toHtml(`${names}\n\n${"<p>x\n\n".repeat(500)}`)].map(({ html }) => html).join(""),
    "text/html",
  );
  expect(page.querySelectorAll("b").length).toBeLessThan(4000);
  expect(page.body.textContent).toContain("x");
});

/** The pieces of a text, without what their blocks know of their lines. */
function shown(text: string): Piece[] {
  return [...toHtml(text)].map((piece) => ({
    ...piece,
    html: piece.html.replaceAll(/ data-lines="[^"]*"/g, ""),
  }));
}

function elementsIn({ html }: Piece): number {
  return html.split(/<[a-z]/).length - 1;
}
