// A note shows all of its words: as Markdown, or as plain text if Markdown loses one.
import fc from "fast-check";
import { Marked, type MarkedToken, type Token } from "marked";
import { createComponent } from "solid-js";
import { render } from "solid-js/web";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { EMPTY_TASKS } from "./empty-tasks.ts";
import { Markdown } from "./markdown.tsx";
import { createSanitiser } from "./sanitise.ts";
import type { Answer } from "./worker.ts";

// --- a page with a worker -------------------------------------------------------------------------------------------

/** What worker.ts does with a text. */
let parseInWorker: (text: string) => void;
/** Where the answers of the worker that is running go. */
let answered: (answer: Answer) => void;

beforeAll(async () => {
  const listen = vi.fn();
  vi.stubGlobal("addEventListener", listen);
  await import("./worker.ts");
  vi.unstubAllGlobals();
  const [event, listener] = listen.mock.calls[0] ?? [];
  expect(event).toBe("message");
  parseInWorker = (text) => listener({ data: text });
});

/** Runs worker.ts, which jsdom can't start. A message whose listener throws does not stop the next one, as in a browser. */
class TestWorker {
  onmessage?: (event: { data: Answer }) => void;
  onerror?: () => void;
  isTerminated = false;

  postMessage(text: string): void {
    answered = (answer) => {
      queueMicrotask(() => {
        try {
          if (!this.isTerminated) this.onmessage?.({ data: answer });
        } catch (error) {
          reported.push(error);
        }
      });
    };
    parseInWorker(text);
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

/** Errors that a browser would report in the console. */
let reported: unknown[];

beforeEach(() => {
  reported = [];
  vi.stubGlobal("Worker", TestWorker);
  vi.stubGlobal("postMessage", (answer: Answer) => answered(answer));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

interface Shown {
  /** The plain text, if that is shown. */
  plain: string | undefined;
  /** The text of what is shown, with the descriptions of its images. */
  text: string;
  hint: string | undefined;
}

/** What a page shows of a note when it is no longer busy. It waits for a shorter time than parse.ts does. */
async function show(text: string): Promise<Shown> {
  const page = document.createElement("main");
  const dispose = render(() => createComponent(Markdown, { text }), page);
  await vi.waitFor(() => expect(page.querySelector(".prose")?.getAttribute("aria-busy")).toBe("false"), {
    timeout: 3000,
    interval: 1,
  });
  expect(reported).toEqual([]);
  const prose = page.querySelector(".prose") as HTMLElement;
  const plain = page.querySelector("pre.plain")?.textContent ?? undefined;
  const hint = page.querySelector("[role=status]")?.textContent ?? undefined;
  // There is one face, never a part of both.
  if (plain !== undefined) expect(prose.childNodes).toHaveLength(0);
  expect(hint !== undefined).toBe(plain !== undefined);
  for (const image of prose.querySelectorAll("img")) image.replaceWith(image.alt);
  const shown = { plain, hint, text: plain ?? prose.textContent ?? "" };
  dispose();
  return shown;
}

// --- tests ----------------------------------------------------------------------------------------------------------

/** HTML that can take the words after it, or in it, away. */
const SWALLOWING = [
  "<frameset>\n\nImportant words",
  "<frameset><frame>\n\nImportant words\n\n</frameset>",
  "<body onload=alert(1)>\n\nImportant words",
  "<head>\n\nImportant words\n\n</head>",
  "<head>\nImportant words\n</head>",
  "<head><title>Important words</title></head>",
  "<html><frameset>\n\nImportant words",
  "<select>\n\nImportant words",
  "<select><option>\n\nImportant words\n\n</select>",
  "<table><tr>\n\nImportant words",
  "<table><tr><td>x</td></tr>\n\nImportant words\n\n</table>",
  "<tr><td>Important words</td></tr>",
  "<colgroup>\n\nImportant words",
  "<noscript>\n\nImportant words\n\n</noscript>",
  "<noscript>Important words</noscript>",
  "<noembed>Important words</noembed>",
  "<noframes>\nImportant words\n</noframes>",
  "<template>\n\nImportant words\n\n</template>",
  "<template>Important words</template>",
  "<textarea>\n\nImportant words",
  "<title>\n\nImportant words",
  "<title>Important words</title>",
  "<style>\n\nImportant words",
  "<script>\n\nImportant words",
  "<script>1</script>\n\nImportant words",
  "<style>p{}</style>\n\nImportant words",
  "A <script> and\n\nImportant words",
  "A <style> and\n\nImportant words, and </style>",
  "A <script>Important words</script>.",
  "A <title> and\n\nImportant words",
  "A <plaintext> and\n\nImportant words",
  "- A <title>Important words",
  "> A <title>Important words",
  "|a|\n|-|\n|A <title>Important words|",
  "`<template>` and a <template>Important words",
  "A <title>*Important words*",
  "A <title>`Important words`",
  "A <title>\n\n    Important words",
  "A <title>![Important words](data:image/png;base64,iVBORw0KGgo=)",
  "<iframe>\n\nImportant words",
  "<iframe>Important words</iframe>",
  "<xmp>Important words</xmp>",
  "<svg><text>Important words</text></svg>",
  "<math><mi>Important words</mi></math>",
  "<video>Important words</video>",
  "<object>Important words</object>",
  "<button>Important words</button>",
  "<!-- a comment\n\nImportant words",
  "<!-- a comment -->\n\nImportant words",
  "<![CDATA[\n\nImportant words ]]>",
  "<? Important words",
  "<p title='\n\nImportant words",
  '<div title="a > b">Important words</div>',
  "<a href='x\n\nImportant words",
];

/** A paragraph that fills a piece, so that what follows begins the next one. */
const FIRST_PIECE = `First words${" and more words".repeat(2500)}\n\n`;

describe("no words are lost by HTML:", () => {
  it.each(SWALLOWING)("%s", async (text) => {
    expect((await show(text)).text).toContain("Important words");
  });

  it.each(SWALLOWING)("in a later piece of a long note: %s", async (text) => {
    const { text: shown } = await show(FIRST_PIECE + text);
    expect(shown).toContain("First words");
    expect(shown).toContain("Important words");
  });
});

describe("a note is shown whole as plain text, and says so,", () => {
  const HINT = "This note can't be shown as Markdown, so you see its plain text. Nothing is missing.";

  it("if a piece loses words", async () => {
    const text = `${FIRST_PIECE}<frameset>\n\nImportant <b>words</b>`;
    expect(await show(text)).toEqual({ plain: text, text, hint: HINT });
  });

  it("if the words that are lost are also elsewhere", async () => {
    for (const text of ["Words\n\n<title>Words</title>", "<title>Words</title>\n\nWords"]) {
      expect((await show(text)).plain).toBe(text);
    }
  });

  it("if its HTML has no body", async () => {
    expect(() => createSanitiser()({ html: "<frameset>", taskKey: "" })).toThrow("The HTML has no body");
    expect((await show("<frameset>")).plain).toBe("<frameset>");
  });

  it("if the worker fails at a later piece", async () => {
    const text = `${FIRST_PIECE}Important words`;
    vi.stubGlobal("postMessage", (answer: Answer) =>
      answered("html" in answer && answer.html.includes("Important") ? { failed: "Error: full" } : answer),
    );
    expect(await show(text)).toEqual({ plain: text, text, hint: HINT });
  });

  it("if the worker does not load, or dies", async () => {
    class DyingWorker extends TestWorker {
      override postMessage(): void {
        queueMicrotask(() => this.onerror?.());
      }
    }
    vi.stubGlobal("Worker", DyingWorker);
    expect((await show("Important words")).plain).toBe("Important words");
  });

  it("if the worker can't start", async () => {
    vi.stubGlobal("Worker", function refuse() {
      throw new Error("No workers here");
    });
    expect((await show("Important words")).plain).toBe("Important words");
  });

  it("if an answer can't be read", async () => {
    class GarblingWorker extends TestWorker {
      onmessageerror?: () => void;
      override postMessage(): void {
        queueMicrotask(() => this.onmessageerror?.());
      }
    }
    vi.stubGlobal("Worker", GarblingWorker);
    expect((await show("Important words")).plain).toBe("Important words");
  });

  it("if the worker is silent", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    class SilentWorker extends TestWorker {
      override postMessage(): void {
        setTimeout(() => vi.advanceTimersByTime(60_000));
        vi.advanceTimersByTime(1);
      }
    }
    vi.stubGlobal("Worker", SilentWorker);
    expect((await show("Important words")).plain).toBe("Important words");
  });

  it("only until the worker's code has arrived, if it takes longer than the longest text", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    class LateWorker extends TestWorker {
      override postMessage(text: string): void {
        setTimeout(() => super.postMessage(text), 8_000);
        vi.advanceTimersByTime(8_000);
      }
    }
    vi.stubGlobal("Worker", LateWorker);
    expect(await show("Important words")).toMatchObject({ plain: undefined, text: "Important words\n" });
  });

  it("if its blocks are nested too deeply", async () => {
    const text = `${"> ".repeat(20_000)}Important words`;
    expect((await show(text)).plain).toBe(text);
  });

  it("as text, never as HTML", async () => {
    const page = document.createElement("main");
    const text = "<frameset>\n\n<img src=x onerror=alert(1)><script>alert(1)</script>words";
    const dispose = render(() => createComponent(Markdown, { text }), page);
    await vi.waitFor(() => expect(page.querySelector("pre.plain")).not.toBeNull());
    expect(page.querySelector("pre.plain")?.children).toHaveLength(0);
    expect(page.querySelectorAll("img, script")).toHaveLength(0);
    dispose();
  });
});

// --- the law --------------------------------------------------------------------------------------------------------

/** The words of each text token of the lexer, as they appear in a browser. */
function wordsOfLexer(text: string): string[] {
  const words: string[] = [];
  const browser = document.createElement("div");
  const literal = (text: string) => words.push(...wordsIn(text));
  const visit = (tokens: readonly Token[]) => {
    for (const token of tokens as MarkedToken[]) {
      if (token.type === "code" || token.type === "codespan" || token.type === "escape") literal(token.text);
      else if (token.type === "link" && token.autolink) literal(token.text);
      else if (token.type === "table")
        for (const cell of [token.header, ...token.rows].flat()) visit(cell.tokens);
      else if (token.type === "list") visit(token.items);
      else if ("tokens" in token && token.tokens) visit(token.tokens);
      else if (token.type === "text") {
        // A character reference of Markdown ends with a semicolon. One of HTML may lack it, as in the text of a `pre`.
        const html = token.escaped ? token.text : token.text.replace(/&(?!#?\w+;)/g, "&amp;");
        browser.innerHTML = html.replaceAll("<", "&lt;");
        literal(browser.textContent ?? "");
      }
    }
  };
  visit(new Marked(EMPTY_TASKS).lexer(text));
  return words;
}

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

const blocks = fc.constantFrom(
  ...[
    "\n",
    "\n\n",
    "# ",
    "- ",
    "1. ",
    "- [ ] ",
    "> ",
    "    ",
    "```\n",
    "---\n",
    "|a|b|\n|-|-|\n|",
    "|",
    "\\",
  ],
  ...[
    "*",
    "**",
    "~~",
    "`",
    "[",
    "](",
    ")",
    "![",
    "[x]: /y\n",
    "<https://a.example/?b&c>",
    "https://a.example/?b&amp;c",
  ],
  ...["&amp;", "&lt;b&gt;", "&copy", "&#65;", "&", "\\&amp;", "<!--", "-->", "&nbsp;"],
);
const words = fc.constantFrom(
  "word",
  "two words",
  "Ähre",
  "مرحبا",
  "👩‍👩‍👧",
  "a_b_c",
  "x",
  "<",
  ">",
  "'",
  '"',
);
const tags = fc.oneof(
  fc.constantFrom(...SWALLOWING),
  fc
    .tuple(
      fc.constantFrom("<", "</"),
      fc.constantFrom(
        ...[
          "frameset",
          "body",
          "head",
          "html",
          "select",
          "option",
          "table",
          "tr",
          "td",
          "noscript",
          "template",
        ],
        ...[
          "textarea",
          "title",
          "style",
          "script",
          "iframe",
          "svg",
          "math",
          "p",
          "b",
          "div",
          "plaintext",
          "a",
          "pre",
        ],
      ),
      fc.constantFrom(">", ">\n", ">\n\n", "/>", " title='", ' x="y">'),
    )
    .map((parts) => parts.join("")),
);
const PNG = "![a dot &amp; words](data:image/png;base64,iVBORw0KGgo=)";

function texts(...bits: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.array(fc.oneof(...bits), { maxLength: 20 }).map((all) => all.join(""));
}

describe("every text that the Markdown lexer finds", () => {
  it("is shown, or else the plain text is", async () => {
    const anything = fc
      .tuple(fc.constantFrom(true, false, false, false), texts(blocks, words, tags))
      .map(([isLater, text]) => (isLater ? FIRST_PIECE + text : text));
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const shown = await show(text);
        if (shown.plain !== undefined) {
          expect(shown.plain).toBe(text);
          return;
        }
        for (const word of wordsOfLexer(text)) expect(shown.text).toContain(word);
      }),
      {
        numRuns: 300,
        examples: [
          ["A <pre>&copy"],
          ["A <b>&copy</b>"],
          [`${FIRST_PIECE}<frameset>\n\nword`],
          [`${PNG}\n\nword`],
        ],
      },
    );
  });

  it("is shown as Markdown if there is no HTML", async () => {
    const noTags = texts(blocks, words, fc.constant(PNG)).filter((text) => !/<[a-z!/?]/i.test(text));
    await fc.assert(
      fc.asyncProperty(noTags, async (text) => {
        expect((await show(text)).plain).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

it.each([
  "An <b>allowed</b> tag, and <form>one that is not</form>, and <!-- a comment -->.",
  '<p align="center">\n  <a href="https://example.com/?a&b" title="a > b">words &amp; more</a>\n</p>',
  "<details>\n<summary>More</summary>\n\n- *one*\n\n</details>",
  "<!-- a comment -->\n\nwords\n\n<!doctype html>\n\n<?xml version='1.0'?>\n\nwords",
  "<style>body { display: none }</style>\n\n<script>alert(1)</script>\n\nwords",
  "A <script>alert(1)</script>, and a <style>of words</style>.",
  "<table><tr><td>\n\n**words**\n\n</td></tr></table>",
  "<picture><source srcset=x><img alt=words src=x></picture>",
  `${PNG} [![build](https://ci.example/badge.svg)](https://ci.example/) ![](x.png)`,
  "[words][x] [](https://example.com/)\n\n[x]: /y 'title'",
  "- [ ] to do\n- [x] done\n\n#\n\n|a|\n|-|\n||",
  "R&D, AT&amp;T, &copy 2020, \\&amp;, `&amp;`, <https://a.example/?b&copy;=c>, 1 < 2 > 0",
])("is no reason for plain text: %s", async (text) => {
  expect((await show(text)).plain).toBeUndefined();
});
