import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSanitiser } from "./sanitise.ts";
import { toHtml } from "./to-html.ts";

/** A note's text as it appears on the page. */
function render(text: string): HTMLElement {
  const sanitise = createSanitiser();
  const page = document.createElement("article");
  for (const piece of toHtml(text)) page.append(sanitise(piece));
  return page;
}

function htmlOf(text: string): string {
  return render(text).innerHTML.trim();
}

describe("a note's text", () => {
  it("has the blocks of Markdown, each in the direction of its own words", () => {
    const page = render("# A\n\n- one\n- *two*\n\n> three\n\n```\ncode\n```\n\nمرحبا");
    expect([...page.children].map((block) => block.tagName)).toEqual(["H2", "UL", "BLOCKQUOTE", "PRE", "P"]);
    for (const block of page.querySelectorAll(":scope > :not(pre)")) {
      expect(block.getAttribute("dir")).toBe("auto");
    }
    expect(page.querySelector("pre")?.getAttribute("dir")).toBe("ltr");
  });

  it("has headings below the page's own heading, and skips no level", () => {
    const levels = (text: string) =>
      [...render(text).querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => h.tagName);
    expect(levels("# A\n## B\n# C")).toEqual(["H2", "H3", "H2"]);
    expect(levels("#### A\n###### B\n# C")).toEqual(["H2", "H3", "H2"]);
    expect(levels("# A\n## B\n### C\n#### D\n##### E\n###### F").at(-1)).toBe("H6");
  });

  it("has headings of one level where the source has, whatever level it begins with", () => {
    const page = render("### Friday\n\n### Saturday\n\n#### Morning\n\n### Sunday\n\n# End");
    expect(
      [...page.querySelectorAll("h2, h3, h4")].map((heading) => `${heading.tagName} ${heading.textContent}`),
    ).toEqual(["H2 Friday", "H2 Saturday", "H3 Morning", "H2 Sunday", "H2 End"]);
  });

  it("can have a table of contents that leads to its headings", () => {
    const page = render(
      "[to it](#What-is-it)\n\n[again](#what-is-it-1)\n\n# What is it?\n\n# What is it?\n\n# مرحبا بك",
    );
    const targets = [...page.querySelectorAll("a")].map((link) => link.getAttribute("href"));
    const ids = [...page.querySelectorAll("h2")].map((heading) => `#${heading.id}`);
    expect(targets).toEqual(ids.slice(0, 2));
    expect(ids[2]).toBe("#note-مرحبا-بك");
  });

  it("has the checkboxes of a task list as labelled images", () => {
    const boxes = [...render("- [ ] a\n- [x] b").querySelectorAll("[role=img]")];
    expect(boxes.map((box) => box.getAttribute("aria-label"))).toEqual(["To do", "Done"]);
  });

  it("has wide blocks that can be scrolled with the keyboard", () => {
    const page = render("|a|b|\n|-|-|\n|1|2|\n\n```\nx\n```");
    expect(page.querySelector("table")?.parentElement?.tabIndex).toBe(0);
    expect(page.querySelector("pre")?.tabIndex).toBe(0);
  });
});

describe("links", () => {
  it("to other sites have rel=noopener and nofollow", () => {
    const link = render("[a](https://example.com/x)").querySelector("a");
    expect(link?.getAttribute("href")).toBe("https://example.com/x");
    expect(link?.getAttribute("rel")).toBe("noopener nofollow");
  });

  it.each(["../other.md", "/signout", "other.md#x", "//evil.example/x", "?order=name", ""])(
    "that are relative, like “%s”, become their text",
    (address) => {
      const page = render(`[words](${address})`);
      expect(page.querySelector("a")).toBeNull();
      expect(page.textContent?.trim()).toBe("words");
    },
  );

  it("to other notes lead there, and only there", () => {
    const id = "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35";
    for (const address of [`/notes/${id}`, `/notes/${id.toUpperCase()}#heading`]) {
      const link = render(`[it](${address})`).querySelector("a");
      expect([link?.getAttribute("href"), link?.textContent, link?.rel]).toEqual([address, "it", ""]);
    }
    // Such an address is a link for the reader of mentions too.
    expect(render(`<a href="/notes/${id}#two words">it</a>`).querySelector("a")).not.toBeNull();
    for (const address of [
      `/notes/${id}/edit`,
      `/notes/${id}?x=y`,
      `/notes/${id}x`,
      "/notes/1",
      `//notes/${id}`,
    ]) {
      expect(render(`[it](${address})`).querySelector("a"), address).toBeNull();
    }
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc",
    "ftp://example.com/x",
  ])("with other schemes, like “%s”, become their text", (address) => {
    for (const text of [`[words](${address})`, `<a href="${address}">words</a>`]) {
      const page = render(text);
      expect(page.querySelector("a")).toBeNull();
      expect(page.textContent).toContain("words");
    }
  });
});

describe("images", () => {
  it("on other sites become links with their descriptions", () => {
    const page = render("![a cat](https://example.com/cat.png)");
    expect(page.querySelector("img")).toBeNull();
    expect(page.querySelector("a")?.getAttribute("href")).toBe("https://example.com/cat.png");
    expect(page.querySelector("a")?.getAttribute("rel")).toBe("noopener nofollow");
    expect(page.textContent?.trim()).toBe("a cat");
  });

  it("inside a link become its text", () => {
    const page = render("[![build](https://ci.example/badge.svg)](https://ci.example/)");
    expect([...page.querySelectorAll("a")].map((link) => link.href)).toEqual(["https://ci.example/"]);
    expect(page.textContent?.trim()).toBe("build");
  });

  it("that are relative become their descriptions, and those in the note itself are shown", () => {
    expect(htmlOf("![logo](./logo.png)")).toBe('<p dir="auto">logo</p>');
    expect(render("![dot](data:image/png;base64,iVBORw0KGgo=)").querySelector("img")?.alt).toBe("dot");
  });
});

// --- hostile texts --------------------------------------------------------------------------------------------------

const ELEMENTS = new Set([
  ...[
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "P",
    "BR",
    "HR",
    "DIV",
    "BLOCKQUOTE",
    "PRE",
    "UL",
    "OL",
    "LI",
    "TABLE",
    "THEAD",
    "TBODY",
  ],
  ...[
    "TFOOT",
    "TR",
    "TH",
    "TD",
    "CAPTION",
    "DETAILS",
    "SUMMARY",
    "CENTER",
    "A",
    "IMG",
    "EM",
    "STRONG",
    "I",
    "B",
    "U",
    "S",
  ],
  ...["DEL", "INS", "MARK", "SMALL", "SUB", "SUP", "CODE", "KBD", "SAMP", "VAR", "Q", "CITE", "ABBR", "SPAN"],
]);

/** Everything on the page that a note must not contain. */
function dangers(page: HTMLElement): string[] {
  const found: string[] = [];
  for (const element of page.querySelectorAll("*")) {
    if (!ELEMENTS.has(element.tagName)) found.push(element.tagName);
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcset$|^name$|^data-|^form|^target$|^srcdoc$|^xlink/i.test(name))
        found.push(`${name}=${value}`);
      if (name === "href" && !/^(https?:|mailto:|#note-)/.test(value)) found.push(`href=${value}`);
      if (name === "href" && !value.startsWith("#") && element.getAttribute("rel") !== "noopener nofollow")
        found.push("rel");
      if (name === "src" && !/^data:image\//i.test(value)) found.push(`src=${value}`);
      if (name === "id" && !value.startsWith("note-")) found.push(`id=${value}`);
      if (name === "class" && !["task", "table-frame sideways"].includes(value)) found.push(`class=${value}`);
    }
  }
  return found;
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)><script>alert(1)</script></svg>",
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  "<form action=https://evil.example><input name=password><button formaction=javascript:alert(1)>go</button></form>",
  "<iframe src=https://evil.example srcdoc='<script>alert(1)</script>'></iframe>",
  "<object data=x></object><embed src=x><base href=https://evil.example/><meta http-equiv=refresh content=0>",
  "<style>* { display: none }</style><link rel=stylesheet href=https://evil.example/x.css>",
  '<p style="position:fixed;inset:0" id="content" class="skip">over all</p>',
  '<a id="location" name="cookie" href="https://x.example" target="_top" onclick="alert(1)">x</a>',
  '<img src="https://evil.example/pixel.gif" srcset="https://evil.example/2x.gif 2x">',
  "<picture><source srcset=https://evil.example/a.webp><img src=https://evil.example/a.png></picture>",
  "<video poster=https://evil.example/p.png src=https://evil.example/v.mp4 autoplay></video><audio src=x></audio>",
  '<table background="https://evil.example/x.png"><tr><td background=https://evil.example/y.png>x</table>',
  "<details open ontoggle=alert(1)><summary>x</summary></details>",
  '[x](javascript:alert(1) "title")',
  '![x](https://x.example" onerror="alert(1))',
  '![x"onerror="alert(1)](https://x.example/a.png)',
  "[x]: javascript:alert(1)\n\n[x]",
  "<javascript:alert(1)>",
  '``` "onmouseover=alert(1)\nx\n```',
  "<template><img src=x onerror=alert(1)></template>",
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  "<select><option><script>alert(1)</script></select><textarea></textarea><script>alert(1)</script>",
  "<input type=checkbox onclick=alert(1)><input type=image src=https://evil.example/i.png>",
  '<h1 id="note-x" onfocus=alert(1) tabindex=0 contenteditable autofocus>x</h1>',
  "<a href='https://example.com/' ping='https://evil.example/'>x</a>",
  '<a href="\u0001javascript:alert(1)">x</a><a href="java\nscript:alert(1)">x</a>',
  "<x-y onclick=alert(1) is=z>x</x-y><marquee onstart=alert(1)>x</marquee><dialog open>x</dialog>",
];

describe("a hostile text", () => {
  it.each(HOSTILE)("is harmless: %s", (text) => {
    expect(dangers(render(text))).toEqual([]);
  });

  it("is harmless however it is combined, nested or cut", () => {
    const bits = fc.constantFrom(
      ...[
        "<",
        ">",
        "</",
        "/>",
        '"',
        "'",
        "`",
        "=",
        "[",
        "](",
        ")",
        "![",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&#x3c;",
      ],
      ...[
        "script",
        "style",
        "svg",
        "math",
        "img",
        "a",
        "p",
        "table",
        "td",
        "form",
        "mtext",
        "title",
        "iframe",
        "template",
      ],
      ...[
        " href",
        " src",
        " onerror",
        " onload",
        "javascript:",
        "alert(1)",
        "https://evil.example/",
        "data:text/html,",
        "\n\n",
        "    ",
        "\0",
      ],
    );
    const texts = fc
      .array(fc.oneof(bits, fc.constantFrom(...HOSTILE)), { maxLength: 25 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(dangers(render(text))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it("keeps the text of elements that are not allowed, except scripts", () => {
    expect(render("<form>words</form>").textContent).toContain("words");
    expect(render("<script>words</script>").textContent).not.toContain("words");
  });
});

it("a long text is complete and in order", () => {
  const paragraphs = Array.from({ length: 5000 }, (_, index) => `Paragraph ${index} of many.`);
  expect([...toHtml(paragraphs.join("\n\n"))].length).toBeGreaterThan(2);
  const shown = [...render(paragraphs.join("\n\n")).querySelectorAll("p")].map((p) => p.textContent);
  expect(shown).toEqual(paragraphs);
});

it("HTML that no browser could show is shown as text", () => {
  const page = render(`${"<div>".repeat(20_000)}deep`);
  expect(page.querySelectorAll("div")).toHaveLength(0);
  expect(page.textContent).toContain("<div><div>");
  expect(page.textContent).toContain("deep");
});
