import { describe, expect, it } from "vitest";
import { createSanitiser } from "./sanitise.ts";
import { languageOf, linesOf } from "./source.ts";
import { toHtml } from "./to-html.ts";

function blocksOf(text: string): Element[] {
  const sanitise = createSanitiser();
  const page = document.createElement("article");
  for (const piece of toHtml(text)) page.append(sanitise(piece));
  return [...page.querySelectorAll("*")];
}

describe("a block on the page", () => {
  const text = `# One

Two
three

- four
  five

  six
  - seven
    - [ ] eight
- nine

> ten
>
> - eleven

~~~js
twelve

thirteen
~~~

| fourteen | b |
| --- | --- |
| c | fifteen |

    sixteen

<p>raw</p>

---
Seventeen
===
`;

  it.for(["\n", "\r\n"])("knows the lines of its source, which end with %j", (end) => {
    const lines = text.split("\n");
    const found = blocksOf(text.replaceAll("\n", end)).flatMap((block) => {
      const [first, end] = linesOf(block) ?? [];
      return first === undefined ? [] : [[block.tagName, lines.slice(first, end).join("\n")]];
    });
    expect(found).toEqual([
      ["H2", "# One"],
      ["P", "Two\nthree"],
      ["LI", "- four\n  five\n\n  six\n  - seven\n    - [ ] eight"],
      ["P", "- four\n  five"],
      ["P", "  six"],
      ["LI", "  - seven\n    - [ ] eight"],
      ["LI", "    - [ ] eight"],
      ["LI", "- nine"],
      ["P", "- nine"],
      ["P", "> ten"],
      ["LI", "> - eleven"],
      ["PRE", "twelve\n\nthirteen"],
      ["TABLE", "| fourteen | b |\n| --- | --- |\n| c | fifteen |"],
      ["PRE", "    sixteen"],
      ["HR", "---"],
      ["H2", "Seventeen\n==="],
    ]);
  });

  it("knows the language of its code, and shows nothing of that", () => {
    const blocks = blocksOf(
      `\`\`\`C++ title="a"\nx\n\`\`\`\n\n\`\`\`"><img>\ny\n\`\`\`\n\n<pre data-language="js" data-lines="x">z</pre>`,
    );
    const code = blocks.filter((block) => block.tagName === "PRE");
    expect(code.map(languageOf)).toEqual(["C++", undefined, "js"]);
    expect(code.map(linesOf)).toEqual([[1, 2], [5, 6], undefined]);
    expect(
      blocks.flatMap((block) => block.getAttributeNames()).filter((name) => name.startsWith("data")),
    ).toEqual([]);
  });
});
