import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEXT_MAX_BYTES } from "./limits.ts";
import { LINKS_MAX, mentionsIn, TAGS_MAX } from "./mentions.ts";
import { TAG_MAX, tagName } from "./tag.ts";

const ID = "7f3a2c1e-0000-4000-8000-0123456789ab";

const tags = (text: string) => mentionsIn(text).tags;
const links = (text: string) => mentionsIn(text).links;

describe("a tag", () => {
  test.each([
    ["#garden", ["garden"]],
    ["Plans for the #Garden, and (#work/2026-11).", ["garden", "work/2026-11"]],
    ["#ÄRGER #e\u0301te\u0301 #हिन्दी #日本 #الحديقة", ["ärger", "été", "हिन्दी", "日本", "الحديقة"]],
    ["#a #b #A #c", ["a", "b", "c"]],
    ["#end- #end/ #mid-dle #_x #-y", ["end", "mid-dle", "_x", "-y"]],
    ["*#strong* ~~#gone~~ [#label](https://example.com)", ["strong", "gone", "label"]],
    ["# A heading with a #tag ##", ["tag"]],
    ["| #cell | x |\n|---|---|\n| y | #row |", ["cell", "row"]],
    ["- #item\n    - #nested\n\n  #paragraph", ["item", "nested", "paragraph"]],
    ["> #quoted\nand #lazy", ["quoted", "lazy"]],
    ["- [ ] a #task", ["task"]],
    ["<b>#bold</b>\n<div>\n  #inside\n</div>", ["bold", "inside"]],
    ["text\n    #continued", ["continued"]],
    ["1 < 2 #less > `#code", ["less", "code"]],
    ["[x](#two words)", ["two"]],
  ])("is found in %j", (text, expected) => {
    expect(tags(text)).toEqual(expected);
  });

  test.each([
    ["a heading", "# Title\n###### Six"],
    ["a number", "#1 #12 #1-2"],
    ["the rest of a word", "issue#x 1#x é#x e\u0301#x"],
    ["an entity", "&#x27; &#amp;"],
    ["part of a path", "/#home a/#b"],
    ["more than one sign", "##x ###y"],
    ["an escaped sign", "\\#x"],
    ["fenced code", "```c\n#include\n```\n~~~~\n#x\n~~~\n#y\n~~~~"],
    ["fenced code that never ends", "```\n#x\n\n#y"],
    ["fenced code in a list item", "- item\n\n  ```\n  #x\n  ```"],
    ["fenced code in a quote", "> ```\n> #x\n> ```"],
    ["indented code", "text\n\n    #x\n\t#y"],
    ["indented code in a list item", "1. item\n\n       #x"],
    ["code in a line", "`#x` ``#y ` #z`` a `b\n#c` d"],
    ["a bare address", "https://example.com/?#x www.example.com/-#y (http://example.com/-#z)"],
    ["an address in brackets", "<https://example.com/?#x> <irc:-#y>"],
    ["a link's destination", '[a](#x) [b](<#y z>) ![c](/-#p "a #title") [d](a(#q))'],
    ["a link's definition", "[a]: #x\n[b]: <#y>"],
    ["an attribute", "<a href='#x' title=\"#y\n#z\">text</a>"],
    ["a comment", "a <!-- #x\n#y --> b\n\n<!--\n#z\n\n#z2 -->"],
    ["raw HTML", "<pre>\n#x\n\n#y\n</pre>\n\n<style>#z {}</style>"],
    ["too long", `#${"x".repeat(TAG_MAX + 1)} #${"😀".repeat(9)}`],
  ])("is not %s", (_, text) => {
    expect(tags(text)).toEqual([]);
  });

  test("goes on after what is no prose", () => {
    expect(
      tags("```\n#x\n```\n#a\n\n    #x\n#b `#x` #c <!-- #x --> #d https://e.com/-#x #e [f](#x) #f"),
    ).toEqual([..."abcdef"]);
  });

  test("may have 50 code points after it was composed and lowered", () => {
    const letters = ["a", "𝒜", "é"];
    for (const letter of letters) expect(tags(`#${letter.repeat(TAG_MAX)}`)).toHaveLength(1);
    expect(tags(`#${"e\u0301".repeat(TAG_MAX)}`)).toEqual(["é".repeat(TAG_MAX)]);
    // Lower case has two code points here.
    expect(tags(`#${"İ".repeat(TAG_MAX / 2)}`)).toHaveLength(1);
    expect(tags(`#${"İ".repeat(TAG_MAX / 2 + 1)}`)).toEqual([]);
  });

  test("is counted once, and the first ones are kept", () => {
    const names = Array.from({ length: TAGS_MAX + 20 }, (_, i) => `t${i}`);

    expect(tags(names.map((name) => `#${name} #${name.toUpperCase()}`).join(" "))).toEqual(
      names.slice(0, TAGS_MAX),
    );
  });
});

describe("a name of a tag", () => {
  test("is stored composed and in lower case", () => {
    expect(tagName("Cafe\u0301/Bar")).toBe("café/bar");
  });

  test.each(["", "#x", "1", "a b", "a-", "x".repeat(TAG_MAX + 1), "x".repeat(1_000_000), "a\0", "\ud800"])(
    "can't be %j",
    (written) => {
      expect(tagName(written)).toBeUndefined();
    },
  );
});

describe("a link", () => {
  test.each([
    `[Bread](/notes/${ID})`,
    `[Bread](/notes/${ID.toUpperCase()}#flour "A title")`,
    `[Bread](</notes/${ID}>)`,
    `[*a* \`b\` [c]](  /notes/${ID}\n'title' )`,
    `- > [Bread](/notes/${ID})`,
    `[Bread]\n\n[bread]: /notes/${ID}`,
  ])("is found in %j", (text) => {
    expect(links(text)).toEqual([ID]);
  });

  test.each([
    `/notes/${ID}`,
    `[Bread](https://example.com/notes/${ID})`,
    `[Bread](/notes/${ID}/edit)`,
    `[Bread](/notes/${ID}?x)`,
    `[Bread](/Notes/${ID})`,
    `[Bread](/notes/${ID.slice(1)})`,
    `\`[Bread](/notes/${ID})\``,
    `    [Bread](/notes/${ID})`,
    `\\[Bread](/notes/${ID})`,
    `](/notes/${ID})`,
    `[Bread](/notes/${ID} x)`,
  ])("is not found in %j", (text) => {
    expect(links(text)).toEqual([]);
  });

  test("is counted once, and the first ones are kept", () => {
    const ids = Array.from({ length: LINKS_MAX + 20 }, (_, i) => ID.slice(0, -4) + String(1000 + i));

    expect(links(ids.map((id) => `[a](/notes/${id}) [b](/notes/${id}#x)`).join(" "))).toEqual(
      ids.slice(0, LINKS_MAX),
    );
  });
});

/** Pieces from which Markdown of every kind, and much that is none, is put together. */
const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."#a,#B/c-,`,``,```,~~~,\n,\n\n,    ,  ,- ,* ,1. ,> ,>,\t,\r\n,[,],](,(,),\\,\",'".split(","),
        ...`<a href=',>,</a>,<!--,-->,<pre>,</pre>,https://a.b/,www.,# ,---,===,[x](/notes/${ID}),[x]: `.split(
          ",",
        ),
      ),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((pieces) => pieces.join(""));

describe("of any text", () => {
  test("the tags have names of tags, and are the same when they are read again", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const names = tags(text);

        expect(names.map(tagName)).toEqual(names);
        expect(tags(names.map((name) => `#${name}`).join(" "))).toEqual(names);
      }),
      { numRuns: 2000 },
    );
  });

  test("nothing is found in it as a block of code, and all that follows is", () => {
    fc.assert(
      fc.property(markdown, fc.constantFrom("", "> ", "- "), (text, container) => {
        const lines = text.replaceAll("`", "'").split(/\r\n|\n|\r/);
        const inside = container === "- " ? "  " : container;
        const code = [`${container}\`\`\``, ...lines.map((line) => inside + line), `${inside}\`\`\``];

        expect(mentionsIn(`${code.join("\n")}\n\n#after [x](/notes/${ID})`)).toEqual({
          tags: ["after"],
          links: [ID],
        });
      }),
    );
  });

  test("nothing is found in it as code in a line", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const line = text.replaceAll(/[`\n\r]/g, " ");

        expect(mentionsIn(`x \`${line}\` #after`)).toEqual({ tags: ["after"], links: [] });
      }),
    );
  });
});

test.each([
  ...["#", "`", "[", "<", "](", "[](", "> ", "- ", "* ", "\\", "\n", "\t", "(", "_", "1. ", "~~~\n", "`\n"],
  ...[
    "<a b='",
    "[](a '",
    "[](a (",
    "<a ",
    "<!--",
    "<?",
    "[](<",
    "https://",
    "www.",
    "[]: ",
    "#a",
    "#-",
    "a@",
  ],
])("512 KiB of %j are read whole", (unit) => {
  const many = unit.repeat(TEXT_MAX_BYTES / unit.length - 10);

  for (const text of [many, `${"- ".repeat(300)}\n${many}`, `[a](b "${many}`, `<a b="${many}`]) {
    expect(tags(`#first ${text}`)).toContain("first");
  }
});
