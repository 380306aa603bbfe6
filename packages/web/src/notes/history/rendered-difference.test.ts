import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSanitiser } from "../markdown/sanitise.ts";
import { toHtml } from "../markdown/to-html.ts";
import { renderedDifference } from "./rendered-difference.ts";

function render(text: string): HTMLElement {
  const sanitise = createSanitiser();
  const page = document.createElement("article");
  for (const piece of toHtml(text)) page.append(sanitise(piece));
  return page;
}

const compare = (before: string, after: string) =>
  renderedDifference(render(before), render(after), Number.POSITIVE_INFINITY);

/** The page, with `[-removed-]` and `{+added+}`, a line for each block. */
function told(before: string, after: string): string {
  const page = document.createElement("article");
  page.append(...compare(before, after).blocks.map(({ node }) => node));
  for (const told of page.querySelectorAll(".hush")) told.remove();
  for (const one of page.querySelectorAll("ins")) one.replaceWith(`{+${one.textContent}+}`);
  for (const one of page.querySelectorAll("del")) one.replaceWith(`[-${one.textContent}-]`);
  for (const row of page.querySelectorAll("tr"))
    row.textContent = [...row.cells].map((cell) => cell.textContent).join(" | ");
  for (const one of page.querySelectorAll("p, h2, h3, li, tr, pre")) one.append("\n");
  return (page.textContent ?? "").replace(/\n\s*/g, "\n").trim();
}

describe("the difference as a note reads", () => {
  it("is of words, where the page has them, and of no signs", () => {
    expect(told("Tram 28 is *nice* in the evening.", "Tram 28 is **full** in the evening.")).toBe(
      "Tram 28 is [-nice-]{+full+} in the evening.",
    );
    const formats = compare("one **two** three", "one *two* three");
    expect([formats.parts, formats.blocks.map(({ isChanged }) => isChanged)]).toEqual([[], [false]]);
    expect(formats.blocks[0]?.node).toHaveProperty("innerHTML", "one <em>two</em> three");
    expect(compare("a line\nand one more", "a line and one more").parts).toEqual([]);
    expect(compare("# Friday", "Friday\n===").parts).toEqual([]);
  });

  it("keeps the formats of what was added and removed", () => {
    const [block] = compare("Walk.", "Walk **up from *Baixa* slowly**.").blocks;
    const mark = (block?.node as Element | undefined)?.querySelector("ins");
    mark?.querySelector(".hush")?.remove();
    expect(mark?.innerHTML).toBe(" <strong>up from <em>Baixa</em> slowly</strong>");
  });

  it("pairs blocks that have words in common, and shows others whole", () => {
    const before = "# Friday\n\nArrive at noon.\n\nBack by nine for the football.\n\n- bread\n- seven apples";
    const after = "# Friday\n\nArrive in time at noon.\n\n> Quote\n\n- bread\n- eight apples\n- milk";

    expect(told(before, after)).toBe(
      [
        "Friday",
        "Arrive {+in time +}at noon.",
        "[-Back by nine for the football.-]",
        "{+Quote+}",
        "bread",
        "[-seven-]{+eight+} apples",
        "{+milk+}",
      ].join("\n"),
    );
  });

  it("says that a task was done, or is to do again, and draws its box as it is now", () => {
    expect(told("- [ ] table\n- [x] bags", "- [x] table\n- [ ] bags")).toBe(
      "☑table {+done+}\n☐bags [-done-]",
    );
  });

  it("compares a table cell by cell, also where a row or a column is new", () => {
    const before = "| What | Euro |\n| --- | --- |\n| Train | 7.90 |";
    const after = "| What | Euro |\n| --- | --- |\n| Train | 8.40 |\n| Tarts | 8.10 |";
    expect(told(before, after)).toBe("What | Euro\nTrain | [-7.90-]{+8.40+}\n{+Tarts+} | {+8.10+}");
    const wider = "| What | Where | Euro |\n| --- | --- | --- |\n| Train | Cais | 7.90 |";
    expect(told(before, wider)).toBe("What | {+Where+} | Euro\nTrain | {+Cais+} | 7.90");
    // Each row has as many cells.
    const other =
      "| What | Where |\n| --- | --- |\n| Train | Cais |\n| Tarts | Belém |\n| Dinner | Ourique |";
    const gone =
      "| What | Euro | Where |\n| --- | --- | --- |\n| Train | 7.90 | Cais |\n| Coffee | 1.20 | anywhere |";
    expect(told(gone, other)).toBe(
      [
        "What | [-Euro-] | Where",
        "Train | [-7.90-] | Cais",
        "[-Coffee-] | [-1.20-] | [-anywhere-]",
        "{+Tarts+} |  | {+Belém+}",
        "{+Dinner+} |  | {+Ourique+}",
      ].join("\n"),
    );
  });

  it("without what was added is the text before, and without what was removed the text after", () => {
    const word = fc.constantFrom(
      "tram",
      "up",
      "**bold**",
      "*leaning*",
      "`code`",
      "[link](https://example.com)",
      "<b>b</b>",
      "7.90",
    );
    const words = fc.array(word, { minLength: 1, maxLength: 8 }).map((all) => all.join(" "));
    const block = fc.oneof(
      words,
      words.map((text) => `## ${text}`),
      words.map((text) => `> ${text}`),
      fc.array(words, { minLength: 1, maxLength: 4 }).map((all) => all.map((one) => `- ${one}`).join("\n")),
      fc
        .array(words, { minLength: 1, maxLength: 4 })
        .map((all) => all.map((one, i) => `- [${i % 2 ? "x" : " "}] ${one}`).join("\n")),
      fc.tuple(words, words).map(([a, b]) => `| A | B |\n| --- | --- |\n| ${a} | ${b} |`),
      words.map((text) => `\`\`\`\n${text}\n\`\`\``),
    );
    const text = fc.array(block, { maxLength: 6 }).map((blocks) => blocks.join("\n\n"));
    const readable = (page: Element) => (page.textContent ?? "").replace(/[\s☐☑]+/g, "");
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { blocks } = compare(before, after);
        const [old, now] = ["ins", "del"].map((gone) => {
          const page = document.createElement("article");
          page.append(...blocks.map(({ node }) => node.cloneNode(true)));
          for (const one of page.querySelectorAll(`.hush, ${gone}`)) one.remove();
          return readable(page).replaceAll("done", "");
        });
        expect(old).toBe(readable(render(before)));
        expect(now).toBe(readable(render(after)));
        expect(compare(after, after).parts).toEqual([]);
      }),
      { numRuns: 50, seed: 12 },
    );
  });
});
