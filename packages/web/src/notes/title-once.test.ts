import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSanitiser } from "./markdown/sanitise.ts";
import { isTitle } from "./markdown/title.ts";
import { toHtml } from "./markdown/to-html.ts";
import { snippetOf } from "./snippet.ts";
import { excerptOf, withoutTitle } from "./title-once.ts";

function render(text: string): Element[] {
  const sanitise = createSanitiser();
  const page = document.createElement("article");
  for (const piece of toHtml(text)) page.append(sanitise(piece));
  return [...page.children];
}

/** Whether the page of the note leaves out the first block, and a list does. */
function leftOut(text: string, name: string): { read: boolean; listed: boolean } {
  const [first] = render(text);
  return {
    read: first !== undefined && isTitle(first, name),
    listed: withoutTitle(text, name, false) !== text,
  };
}

describe("the title of a note", () => {
  it.each([
    ["# Plan\n\nTrain at nine", "Plan"],
    ["#   Plan ##\nTrain at nine", "Plan"],
    ["\n\n# **Plan** for `May`\n\nTrain", "Plan for May"],
    ["Plan\n====\n\nTrain", "Plan"],
    ["Plan\n-\n\nTrain", "Plan"],
    ["Plan\r\n\r\nTrain", "Plan"],
    ["Plan", "Plan"],
    ["Plan\n- one\n- two", "Plan"],
    ["Plan\n> said", "Plan"],
    ["Plan\n***", "Plan"],
    ["Plan\nfor  May\n\nTrain", "Plan for May"],
    ["# تخطيط\n\nقطار", "تخطيط"],
  ])("is shown once for %j", (text, name) => {
    expect(leftOut(text, name)).toEqual({ read: true, listed: true });
  });

  it.each([
    ["Plan\nTrain at nine", "Plan"],
    ["# Plan B", "Plan"],
    ["# plan", "Plan"],
    ["Plan #trip\n\nTrain", "Plan"],
    ["- Plan\n\nTrain", "Plan"],
    ["> Plan\n\nTrain", "Plan"],
    ["    Plan\n\nTrain", "Plan"],
    ["```\nPlan\n```", "Plan"],
    ["- [ ] Plan", "Plan"],
    ["| Plan |\n|-|\n| a |", "Plan"],
    ["Plan\n2. x", "Plan"],
    ["Train\n\n# Plan", "Plan"],
    ["***", ""],
    ["", ""],
  ])("leaves all of %j where it is", (text, name) => {
    expect(leftOut(text, name)).toEqual({ read: false, listed: false });
  });

  it("stays where it says more than its words: a link, struck or marked words, a footnote", () => {
    for (const heading of [
      "[Plan](https://plan.example)",
      "~~Plan~~",
      "==Plan==",
      "Plan[^1]",
      "<b>Plan</b>",
    ]) {
      expect(leftOut(`# ${heading}\n\n[^1]: Said`, "Plan").read).toBe(false);
    }
    expect(leftOut("<h1>Plan</h1>\n\nTrain", "Plan").read).toBe(false);
  });

  const begins = fc.constantFrom("", "Plan", "Plan\n", "# Plan\n", "\n ## *Plan*", "Plan\nB\n", "Plan B");
  const bits = fc.array(
    fc.constantFrom(
      ...[
        "Plan",
        "Plan",
        "B",
        " ",
        "\n",
        "\n",
        "\n\n",
        "# ",
        "#",
        "- ",
        "-",
        "=",
        "> ",
        "1. ",
        "2) ",
        "**",
        "*",
        "_",
      ],
      ...[
        "`",
        "```",
        "~~~",
        "|",
        "|-|",
        "<b>",
        "<!--",
        "[",
        "](x)",
        "]: y",
        "    ",
        "\t",
        "\r\n",
        "\\",
        "[ ] ",
      ],
    ),
    { maxLength: 12 },
  );

  it("is one whole block that says just the name, and all else stays in a list", () => {
    fc.assert(
      fc.property(
        begins,
        bits,
        fc.constantFrom("Plan", "Plan B"),
        fc.boolean(),
        (begin, parts, name, isCut) => {
          const text = begin + parts.join("");
          const rest = withoutTitle(text, name, isCut);
          expect(text.endsWith(rest)).toBe(true);
          if (rest === text) return;
          const [first, ...others] = render(text);
          expect(first?.tagName).toMatch(/^(H\d|P)$/);
          expect(first?.textContent?.replace(/\s+/g, " ").trim()).toBe(name);
          const html = (blocks: Element[]) => blocks.map((block) => block.textContent);
          expect(html(render(rest))).toEqual(html(others));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("is not left out of a list where its block may go on", () => {
    expect(withoutTitle("# Plan", "Plan", true)).toBe("# Plan");
    expect(withoutTitle("# Plan\n", "Plan", true)).toBe("");
    expect(withoutTitle("Plan\n", "Plan", true)).toBe("Plan\n");
    expect(withoutTitle("Plan\n#", "Plan", true)).toBe("Plan\n#");
    expect(withoutTitle("Plan\n\nTr", "Plan", true)).toBe("\nTr");
    const long = "p".repeat(200);
    expect(excerptOf({ name: long, excerpt: long })).toBe(long);
    expect(excerptOf({ name: "Plan", excerpt: "Plan" })).toBe("");
    expect(excerptOf({ name: "Plan", excerpt: "# Plan\n\n- train\n- tram" })).toBe("train · tram");
  });

  it("is not in a snippet either, whose other hits stay marked", () => {
    const text = "# River\n\nby the **river**";
    const hits = [
      [2, 7],
      [18, 23],
    ] as const;
    expect(snippetOf("River", text, hits)).toEqual({ text: "by the river", ranges: [[7, 12]] });
    expect(snippetOf("Walk", text, hits).text).toBe("River · by the river");
  });
});
