// What other programs read in a note's Markdown too: footnotes, callouts and marked words.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isComplete } from "./completeness.ts";
import { createSanitiser } from "./sanitise.ts";
import { linesOf } from "./source.ts";
import { toHtml } from "./to-html.ts";

function render(text: string): HTMLElement {
  const sanitise = createSanitiser();
  const page = document.createElement("article");
  for (const piece of toHtml(text)) {
    const shown = sanitise(piece);
    expect(isComplete(shown, piece.texts)).toBe(true);
    page.append(shown);
  }
  return page;
}

const wordsOf = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, " ").trim();

describe("footnotes", () => {
  const page = render(
    "Tea[^tea] and [cake][^2], tea[^tea].\n\n> Quoted[^2]\n\n[^2]: With *nuts*\nand cream.\n\n    Or without.\n[^tea]: Green\n\n# End\n\n[^unused]: Nobody asks",
  );

  it("stand at the end, in the order in which the text refers to them", () => {
    const feet = [...page.querySelectorAll("ol.feet > li")];
    expect(feet.map(wordsOf)).toEqual(["Green ↑", "With nuts and cream. Or without. ↑", "Nobody asks"]);
    expect(page.lastElementChild).toBe(feet[0]?.parentElement);
    expect([...page.querySelectorAll("sup")].map(wordsOf)).toEqual(["1", "2", "1", "2"]);
    expect(page.querySelectorAll("p")[0]?.textContent).toBe("Tea1 and [cake]2, tea1.");
  });

  it("are linked both ways, by ids that no other note on the page has", () => {
    const [to, , again] = page.querySelectorAll<HTMLAnchorElement>("sup a");
    const target = page.querySelector(`[id="${to?.hash.slice(1)}"]`);
    expect(wordsOf(target)).toBe("Green ↑");
    expect(to?.getAttribute("aria-label")).toBe("Footnote 1");
    const back = target?.querySelector("a");
    expect(back?.hash).toBe(`#${to?.id}`);
    expect(back?.getAttribute("aria-label")).toBe("Back to the text");
    expect(again?.hash).toBe(to?.hash);
    expect(again?.id).toBe("");
    const ids = [...page.querySelectorAll("[id]"), ...render("a[^1]\n\n[^1]: b").querySelectorAll("[id]")];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
    for (const { id } of ids) expect(id).toMatch(/^note-/);
  });

  it("know the lines of their definitions", () => {
    const [first, second] = page.querySelectorAll("ol.feet > li");
    expect([first, second].map((foot) => foot && linesOf(foot))).toEqual([
      [8, 9],
      [4, 8],
    ]);
  });

  it("that nothing defines are text, and code has none", () => {
    const page = render("a[^1] `b[^2]`\n\n    [^2]: c\n\n[^2]: d");
    expect(page.querySelector("p")?.textContent).toBe("a[^1] b[^2]");
    expect([...page.querySelectorAll(".feet li")].map(wordsOf)).toEqual(["d"]);
  });

  it("take no link or id from the note's own HTML", () => {
    const page = render(
      `<li data-foot-back="1"><a data-foot-back="1" id="x">a</a></li><sup><a data-foot="javascript:alert(1)" href="javascript:alert(1)">b</a></sup>`,
    );
    expect(page.querySelector("[id='x'], [href^=javascript], [data-foot], [data-foot-back]")).toBeNull();
  });
});

describe("a callout", () => {
  it.for([
    ["> [!warning]\n> The market takes no cards.", ["Warning", "The market takes no cards."]],
    ["> [!NOTE] Mind *this*\n> one\n> two\n>\n> three", ["Mind this", "one two", "three"]],
    ["> [!tip]-\n>\n> - a", ["Tip", "a"]],
    ["> [!info]", ["Info"]],
    ["- > [!info] ", ["Info"]],
    ["> > [!info]\n> > in it", ["Info", "in it"]],
  ] as const)("of %j has its name in bold, and its words", ([text, blocks]) => {
    const callout = render(text).querySelector("blockquote.callout");
    expect([...(callout?.children ?? [])].map(wordsOf)).toEqual(blocks);
    expect(wordsOf(callout?.querySelector("p:first-child > strong:only-child"))).toBe(blocks[0]);
  });

  it.for([
    "> note",
    "> \\[!note]\n> a",
    "> `[!note]`",
    "> [!note](https://example.com/)",
    "[!note]\na",
    "> a\n> [!note]",
  ])("is not %j", (text) => {
    expect(render(text).querySelector(".callout")).toBeNull();
  });
});

describe("marked words", () => {
  it.for([
    ["==walk up==", ["walk up"]],
    ["a==b==c and **==d *e*==**", ["b", "d e"]],
    ["==a\nb==", ["a b"]],
    ["==a=b==", ["a=b"]],
  ] as const)("are marked in %j", ([text, marked]) => {
    expect([...render(text).querySelectorAll("mark")].map(wordsOf)).toEqual(marked);
  });

  it.for(["if a == b and c == d", "====", "==== a ====", "\\==a==", "`==a==`", "    ==a==", "==a\n\nb=="])(
    "are none in %j",
    (text) => {
      expect(render(text).querySelector("mark")).toBeNull();
    },
  );

  it("are found wherever they stand in a long line", () => {
    const words = "word ".repeat(2000);
    expect(render(`${words}==here== ${words}`).querySelector("mark")?.textContent).toBe("here");
  });
});

it("A note loses no word by any of these", () => {
  const part = fc.constantFrom(
    "[^1]",
    "[^1]: ",
    "[^a]:",
    "> ",
    "[!note]",
    "==",
    "=",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "word ",
    "*",
    "`",
    "[",
    "](x)",
    "# ",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      render(parts.join(""));
    }),
    { seed: 1, numRuns: 300 },
  );
});
