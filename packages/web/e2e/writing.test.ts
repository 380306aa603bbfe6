// Writing: the place in view, links to notes, what is pasted, composed input, what can be undone, and the largest note.
import type { Browser, Page } from "playwright-core";
import { describe, expect, inject } from "vitest";
import { PASTED } from "../src/notes/editor/testing/pasted-html.ts";
import {
  eventually,
  it,
  itInNewContext,
  saveNow,
  textField,
  textShown,
  textWritten,
  type User,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";
import { TIMEOUT_MS } from "./watched-context.ts";

/**
 * A line of text, and half of one: rows differ in width between reading and writing, so that what begins a row in one view is
 * within a row of the other.
 */
const FAR_PX = 1.5 * 25.6;

let count = 0;
/** Words that occur once in a text, so that a place can be told by its word. */
function words(n: number): string {
  const some = ["tram", "a", "morning", "the", "quietly", "river", "of", "understanding", "so"];
  return Array.from({ length: n }, () => `${some[count % some.length]}${count++}`).join(" ");
}

function many(n: number, part: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => part(i)).join("\n");
}

const TEXTS = {
  "long prose": () => many(30, (i) => `${words(i % 7 === 3 ? 900 : 80)}\n`),
  headings: () => many(40, (i) => `${"#".repeat((i % 4) + 1)} ${words(3)}\n\n${words(25)}\n`),
  "long lists with tasks": () =>
    many(12, (i) =>
      [
        `${words(12)}\n`,
        many(
          20,
          (j) =>
            `${i % 3 === 0 ? `${j + 1}.` : j % 4 === 1 ? "  -" : "-"} ${i % 2 ? "[ ] " : ""}${words(j % 5 ? 4 : 18)}`,
        ),
        "",
      ].join("\n"),
    ),
  "code and tables": () =>
    many(10, (i) =>
      [
        `${words(20)}\n`,
        `\`\`\`js\n${many(30, () => words(4))}\n\`\`\`\n`,
        `| ${words(1)} | ${words(1)} |\n| --- | --- |\n${many(12 + i, () => `| ${words(2)} | ${words(1)} |`)}\n`,
        `    ${words(2)}\n    ${words(2)}\n`,
      ].join("\n"),
    ),
  "paragraphs of lines that differ in length": () => many(30, () => `${words(60)}\n${words(6)}\n`),
  "a mixture": () =>
    many(12, (i) =>
      [
        `> ${words(30)}\n> ${words(8)}\n>\n> - ${words(3)}\n`,
        `![${words(2)}](https://elsewhere.example/cat.png)\n`,
        `${words(3)} **${words(4)}** [${words(2)}](https://elsewhere.example/${"path/".repeat(i)}) \`${words(2)}\`\n`,
        // Where it is longer, no word is near enough to tell the place by.
        `${"x".repeat((i % 2) * 100)}\n`,
        `---\n\n${words(200)}\n`,
      ].join("\n"),
    ),
};

type TextName = keyof typeof TEXTS;

/** The same text each time, whatever was made before. */
function textOf(name: TextName): string {
  count = 0;
  return TEXTS[name]();
}

/** The first word below the top of the view, or the place of `word`: in pixels below that top. */
function placeOfWord(page: Page, kind: "source" | "read", word?: string) {
  return page.evaluate(
    ([kind, word]) => {
      const scroll = [
        ...document.querySelectorAll(kind === "source" ? ".source" : ".reader .scroll:not(.source)"),
      ].at(-1);
      const root =
        kind === "source"
          ? scroll?.querySelector(".field-of-text")?.shadowRoot?.querySelector(".cm-content")
          : scroll;
      if (!scroll || !root) return undefined;
      const { top } = scroll.getBoundingClientRect();
      // The field breaks the text of a long line into several nodes, also within a word.
      const texts: { node: Text; begin: number }[] = [];
      let all = "";
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode as Text;
        if (texts.at(-1)?.node.parentNode !== node.parentNode) all += "\n";
        texts.push({ node, begin: all.length });
        all += node.data;
      }
      const pointAt = (index: number): [Text, number] => {
        const { node, begin } = texts.findLast(({ begin }) => begin <= index) as (typeof texts)[number];
        return [node, index - begin];
      };
      for (const { 0: found, index } of all.matchAll(/\b[a-z]+\d+\b/g)) {
        if (word && found !== word) continue;
        const range = document.createRange();
        range.setStart(...pointAt(index));
        const [last, offset] = pointAt(index + found.length - 1);
        range.setEnd(last, offset + 1);
        const y = range.getBoundingClientRect().top - top;
        if (word || y >= 0) return { word: found, y };
      }
      return undefined;
    },
    [kind, word] as const,
  );
}

/** How long nothing must have moved: the field parses on in pauses, and what it has parsed changes the heights of lines. */
const STILL_MS = 700;

/** Scrolls to a share of the text, and from there to the next word. @returns the word, which is at the top of the view */
async function scrollTo(page: Page, kind: "source" | "read", share: number) {
  const scroll = page.locator(kind === "source" ? SOURCE : READ).last();
  await scroll.evaluate(
    async (pane, [share, stillMs, timeoutMs]) => {
      const began = performance.now();
      let before = "";
      for (let movedAt = began; performance.now() - movedAt < stillMs; ) {
        if (performance.now() - began > timeoutMs) throw new Error("What is scrolled does not come to rest.");
        pane.scrollTop = share * (pane.scrollHeight - pane.clientHeight);
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const now = `${pane.scrollTop} of ${pane.scrollHeight}`;
        if (now !== before) movedAt = performance.now();
        before = now;
      }
    },
    [share, STILL_MS, TIMEOUT_MS] as const,
  );
  const next = await placeOfWord(page, kind);
  await scroll.evaluate((pane, by) => pane.scrollBy(0, by), Math.floor(next?.y ?? 0));
  return await placeOfWord(page, kind);
}

/** The worker that renders a text. */
const PARSER = "**/assets/worker-*.js";

const SOURCE = ".source";
const READ = ".reader .scroll:not(.source)";

async function expectSamePlace(
  page: Page,
  kind: "source" | "read",
  before: { word: string; y: number } | undefined,
) {
  expect(before).toBeDefined();
  let far: number | undefined;
  await expect
    .poll(
      async () => {
        far =
          ((await placeOfWord(page, kind, before?.word))?.y ?? Number.POSITIVE_INFINITY) - (before?.y ?? 0);
        return Math.abs(far) <= FAR_PX;
      },
      { timeout: TIMEOUT_MS, message: `${before?.word}` },
    )
    .toBe(true)
    .catch(() => expect.fail(`${before?.word} is ${far} px from where it was`));
}

/** Shows all texts in a font. The page's policy allows no style element. */
async function setFont(page: Page, family: string): Promise<void> {
  await page.evaluate((family) => {
    const styles = new CSSStyleSheet();
    styles.replaceSync(`:root { --sans: ${family}; --mono: ${family} }`);
    document.adoptedStyleSheets.push(styles);
  }, family);
}

describe("The way back", () => {
  it("from a note that was written leads to where it was opened", async ({ phoneUser: user }) => {
    const { page } = user;
    await user.createNote({ name: "Travel" });
    await page.goto("/pinned");
    await page.goto("/");
    await page.getByRole("link", { name: "Travel" }).click();
    for (const text of ["once ", "twice "]) {
      await page.getByRole("link", { name: "Edit" }).click();
      await textField(page).waitFor();
      await page.keyboard.type(text);
      // Also after a reload.
      if (text === "twice ") {
        await waitForState(page, "Saved");
        await page.reload();
        await textField(page).waitFor();
      }
      await page.getByRole("button", { name: "Done" }).click();
      await page.locator(".prose", { hasText: text }).waitFor();
    }
    await page.goBack();
    await waitForList(page, "All notes", 1);
  });
});

describe("The place in view", () => {
  it.for([
    ...(Object.keys(TEXTS) as TextName[]).map((name) => ({ name, font: "" })),
    { name: "a mixture" as const, font: "serif" },
    { name: "a mixture" as const, font: "monospace" },
  ])("stays within a line when the view changes: $name $font", async ({ name, font }, { user }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    const note = await user.createNote({ text: textOf(name) });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    if (font) await setFont(page, font);
    const choose = (view: string) => page.getByRole("button", { name: view, exact: true }).click();
    for (const share of [0.3, 0.65]) {
      await choose("Write");
      const written = await scrollTo(page, "source", share);
      await choose("Read");
      await expectSamePlace(page, "read", written);

      await page.locator('.preview .prose[aria-busy="false"]').waitFor();
      const read = await scrollTo(page, "read", share);
      await choose("Write");
      await expectSamePlace(page, "source", read);

      const again = await placeOfWord(page, "source");
      await choose("Beside");
      await expectSamePlace(page, "source", again);
      await expectSamePlace(page, "read", again);
    }
  });

  it("stays when the text stands plain until it is rendered", async ({ user }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    const note = await user.createNote({ text: textOf("headings") });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    const written = await scrollTo(page, "source", 0.65);
    // The parser comes when the plain text has been seen.
    await page.route(PARSER, async (route) => {
      await page.locator(".preview pre.plain").waitFor();
      await route.continue();
    });
    await page.getByRole("button", { name: "Beside", exact: true }).click();
    await page.locator('.preview .prose[aria-busy="false"]').waitFor();
    expect(await page.locator(".preview pre.plain").count()).toBe(0);
    await expectSamePlace(page, "source", written);
    await expectSamePlace(page, "read", written);
  });

  it("stays when the view or the text changes before it is rendered", async ({ user }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    const note = await user.createNote({ text: textOf("headings") });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    const choose = (view: string) => page.getByRole("button", { name: view, exact: true }).click();
    const parser = Promise.withResolvers<void>();
    await page.route(PARSER, async (route) => {
      await parser.promise;
      await route.continue();
    });
    const written = await scrollTo(page, "source", 0.65);
    await choose("Read");
    await choose("Write");
    await expectSamePlace(page, "source", written);

    await choose("Beside");
    const words = await page.locator(".foot .words").textContent();
    await textField(page).pressSequentially("more ");
    // With them, what is written goes to the preview.
    await eventually(async () => (await page.locator(".foot .words").textContent()) === words, false);
    parser.resolve();
    await page.locator('.preview .prose[aria-busy="false"]').waitFor();
    await expectSamePlace(page, "read", written);
  });

  it("is the same when writing begins and when it is done", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Travel", text: textOf("a mixture") });
    await page.goto(`/notes/${note.id}`);
    await waitForPage(page, "Travel");
    await page.locator('.prose[aria-busy="false"]').waitFor();
    const read = await scrollTo(page, "read", 0.5);
    await page.keyboard.press("e");
    await textField(page).waitFor();
    await expectSamePlace(page, "source", read);

    // What is written goes where it is seen.
    await textField(page).pressSequentially("Here ");
    expect(await placeOfWord(page, "source", read?.word)).toBeDefined();
    const written = await scrollTo(page, "source", 0.7);
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "Travel");
    await expectSamePlace(page, "read", written);
  });

  it("is kept over a reload, with the caret, and a link begins at the top", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Travel", text: textOf("long prose") });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    const top = () => page.locator(SOURCE).evaluate(({ scrollTop }) => scrollTop);
    expect(await top()).toBe(0);
    await page.keyboard.type("First ");
    expect((await textWritten(page)).startsWith("First ")).toBe(true);
    await waitForState(page, "Saved");

    const written = await scrollTo(page, "source", 0.5);
    await page.reload();
    await textField(page).waitFor();
    await expectSamePlace(page, "source", written);
    await page.keyboard.type("second ");
    expect((await textWritten(page)).startsWith("First second ")).toBe(true);
    await page.keyboard.press("Escape");
    await waitForPage(page, "Travel");
    await page.locator('.prose[aria-busy="false"]').waitFor();

    const read = await scrollTo(page, "read", 0.7);
    await page.reload();
    await waitForPage(page, "Travel");
    await expectSamePlace(page, "read", read);
  });

  it.for([1440, 390])(
    "of name and first paragraph is one pixel, at a width of %i",
    async (width, { user }) => {
      const { page } = user;
      await page.setViewportSize({ width, height: 844 });
      const note = await user.createNote({ name: "Travel", text: `${words(60)}\n\n${words(20)}` });
      await page.goto(`/notes/${note.id}`);
      await waitForPage(page, "Travel");
      const tops = (name: string, kind: "source" | "read") => async () => [
        // A finger has more room round the words, which stay where they are.
        await page
          .locator(name)
          .evaluate((element) =>
            Math.round(
              element.getBoundingClientRect().top + Number.parseFloat(getComputedStyle(element).paddingTop),
            ),
          ),
        Math.round((await placeOfWord(page, kind))?.y ?? Number.NaN),
        await page.locator(name).evaluate((element) => Math.round(element.getBoundingClientRect().left)),
      ];
      await page.locator('.prose[aria-busy="false"]').waitFor();
      const read = await tops(".page h1", "read")();
      await page.getByRole("link", { name: "Edit" }).click();
      await textField(page).waitFor();
      await eventually(tops("input.name", "source"), read);
      await page.getByRole("button", { name: "Read", exact: true }).click();
      await page.locator('.preview .prose[aria-busy="false"]').waitFor();
      await eventually(tops(".preview .name", "read"), read);
    },
  );
});

async function writing(user: User, text?: string) {
  const { page } = user;
  const note = text === undefined ? undefined : await user.createNote({ name: "A note", text });
  await page.goto(note ? `/notes/${note.id}/edit` : "/notes/create");
  await textField(page).press("Control+End");
  return { page, id: note?.id ?? new URL(page.url()).pathname.split("/")[2] ?? "" };
}

describe("A link to a note", () => {
  const options = (page: Page) => page.getByRole("listbox", { name: "Notes" }).getByRole("option");

  it("is completed after [[ by keyboard", async ({ user }) => {
    const first = await user.createNote({ name: "Packing [all] a\\b list", text: "sandwiches" });
    const { page, id } = await writing(user, "See ");
    await textField(page).pressSequentially("[[pack");
    await eventually(() => options(page).allTextContents(), ["Packing [all] a\\b list", "New note “pack”"]);
    expect(await textField(page).getAttribute("aria-activedescendant")).toBe(
      await options(page).first().getAttribute("id"),
    );
    // Keys that were typed before the list could be seen are still the text's.
    await page.waitForTimeout(200);
    await textField(page).press("Enter");
    await eventually(() => options(page).count(), 0);
    await textField(page).pressSequentially("!");
    const link = `See [Packing \\[all\\] a\\\\b list](/notes/${first.id})!`;
    expect(await textWritten(page)).toBe(link);
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(link);
    await textField(page).press("Escape");
    await page.locator(".prose").getByRole("link", { name: "Packing [all] a\\b list" }).click();
    await waitForPage(page, "Packing [all] a\\b list");
  });

  it("is completed by mouse, from the notes that were changed last", async ({ user }) => {
    const pad = await user.createPad("Trips");
    await user.createNote({ name: "Older" });
    const chosen = await user.createNote({ name: "Same name", padId: pad.id });
    const { page } = await writing(user);
    await page.locator(".note", { hasText: "Same name" }).waitFor();
    await textField(page).pressSequentially("[[");
    await eventually(() => options(page).allTextContents(), ["Same nameTrips", "Older"]);
    await options(page).filter({ hasText: "Trips" }).click();
    await eventually(() => textWritten(page), `[Same name](/notes/${chosen.id})`);
  });

  it("can be to a note that it makes", async ({ user }) => {
    const pad = await user.createPad("Trips");
    const begun = await user.createNote({ name: "Lisbon", text: "See ", padId: pad.id });
    const { page } = user;
    await page.goto(`/notes/${begun.id}/edit`);
    await textField(page).press("Control+End");
    await textField(page).pressSequentially("[[Mira[dou");
    await textField(page).press("Backspace");
    await textField(page).press("Backspace");
    await textField(page).press("Backspace");
    await textField(page).press("Backspace");
    await textField(page).pressSequentially("dor");
    await eventually(() => options(page).allTextContents(), ["New note “Mirador”"]);
    await page.waitForTimeout(200);
    await textField(page).press("Enter");
    await page.getByRole("link", { name: "Write it" }).click();
    await page.getByPlaceholder("Mirador").waitFor();
    await eventually(() => textWritten(page), "# Mirador\n\n");
    const made = await user.readNote(new URL(page.url()).pathname.split("/")[2] ?? "");
    expect([made.name, made.padId]).toEqual(["Mirador", pad.id]);
    await eventually(async () => (await user.readNote(begun.id)).text, `See [Mirador](/notes/${made.id})`);
  });

  it("shows its name, and its address where the caret is in it", async ({ user }) => {
    const { page } = await writing(user, "The [tram map](https://example.com/map) and [](x) [a][1]\n\nEnd");
    const shown = "The tram map and [](x) [a][1]\n\nEnd";
    await eventually(() => textShown(page), shown);
    const name = textField(page).locator(".cm-name-of-link").first();
    expect(await name.textContent()).toBe("tram map");
    await name.click();
    await eventually(() => textShown(page), `The [tram map](https://example.com/map)${shown.slice(12)}`);
    await textField(page).press("Control+Home");
    await eventually(() => textShown(page), shown);
    // What is copied is the text.
    await textField(page).press("Control+a");
    await eventually(() => textShown(page), await textWritten(page));
  });

  it("is not asked for in code, and Escape closes the list but not the editor", async ({ user }) => {
    const { page } = await writing(user, "```sh\nif ");
    await page.locator(".note").first().waitFor();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/search")) asked.push(request.url());
    });
    await textField(page).pressSequentially("[[ -f a ]]\n```\n\n");
    expect(await options(page).count()).toBe(0);
    await textField(page).pressSequentially("[[");
    await options(page).first().waitFor();
    await textField(page).press("Escape");
    await eventually(() => options(page).count(), 0);
    expect(await textField(page).isVisible()).toBe(true);
    expect(await textWritten(page)).toContain("[[");
    expect(asked).toEqual([]);
    await textField(page).press("Escape");
    await waitForPage(page, "A note");
  });
});

describe("What is pasted", () => {
  /**
   * Copies in another tab, as from another site: Chromium's own check of what is copied obeys the tab's policy. The HTML is what
   * another program would put on the clipboard: nothing is taken out of it.
   */
  async function copy(browser: Browser, html: string, plain: string): Promise<void> {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    await page.goto(inject("origin"));
    await page.evaluate(
      async ([html, plain]) => {
        const blob = (text: string, type: string) => new Blob([text], { type });
        const item = { "text/html": blob(html, "text/html"), "text/plain": blob(plain, "text/plain") };
        const write: (items: ClipboardItem[], options: object) => Promise<void> = navigator.clipboard.write;
        await write.call(navigator.clipboard, [new ClipboardItem(item)], { unsanitized: ["text/html"] });
      },
      [html, plain] as const,
    );
    await context.close();
  }
  const RICH = [
    "<h2>Trip</h2><p>Take the <b>early</b> <a href='https://example.com/t'>train</a>, <s>not</s> the <i>bus</i>.</p>",
    "<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul><ol><li>first</li><li>second</li></ol>",
    "<table><tr><th>What</th><th>Price</th></tr><tr><td>Tea<ul><li>green</li></ul></td><td>2 | 3</td></tr></table>",
    "<blockquote>Said</blockquote><p>2 * 3 * 4</p><p style='color:red' onclick='alert(1)'>End</p><script>alert(1)</script>",
  ].join("");
  const MARKDOWN = [
    "## Trip\n\nTake the **early** [train](https://example.com/t), ~~not~~ the *bus*.",
    "- one\n  - inner\n- two",
    "1. first\n2. second",
    "| What | Price |\n| --- | --- |\n| Tea green | 2 \\| 3 |",
    "> Said\n\n2 \\* 3 \\* 4\n\nEnd",
  ].join("\n\n");

  it("with formatting becomes Markdown, in one step that can be undone", async ({ user, browser }) => {
    const { page } = await writing(user, "Before ");
    await copy(browser, RICH, "Trip");
    await textField(page).press("Control+v");
    await eventually(() => textWritten(page), `Before ${MARKDOWN}`);
    await textField(page).press("Control+z");
    expect(await textWritten(page)).toBe("Before ");
  });

  it("from Word and Google Docs keeps its marks, lists and tasks", async ({ user, browser }) => {
    const { page, id } = await writing(user);
    for (const program of ["Word", "Google Docs"] as const) {
      const { html, plain, markdown } = PASTED[program];
      await copy(browser, html, plain);
      await textField(page).press("Control+a");
      await textField(page).press("Control+v");
      await eventually(() => textWritten(page), markdown);
    }
    await textField(page).press("Control+z");
    await eventually(() => textWritten(page), PASTED.Word.markdown);
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(PASTED.Word.markdown);
  });

  it("is plain without formatting, with Shift, and in code", async ({ user, browser }) => {
    const { page } = await writing(user);
    await copy(
      browser,
      "<meta charset=utf-8><div><span style='color:red'>const</span> a = <span>1</span>;</div>",
      "const a = 1;",
    );
    await textField(page).press("Control+v");
    await eventually(() => textWritten(page), "const a = 1;");

    await copy(browser, "<p>So <b>bold</b> it is</p>", "So bold it is");
    await textField(page).press("Control+a");
    await textField(page).press("Control+Shift+v");
    await eventually(() => textWritten(page), "So bold it is");

    await textField(page).press("Control+a");
    await textField(page).pressSequentially("```\n");
    await textField(page).press("Control+v");
    await eventually(() => textWritten(page), "```\nSo bold it is");
  });

  it("and is an image is left out, which is said, and so is one that is dropped", async ({ user }) => {
    const { page } = await writing(user, "Before ");
    let count = 0;
    /** Pastes or drops an image, and expects that its name is said. @returns whether the browser does nothing with it */
    async function bring(event: "paste" | "drop", target: string, text = ""): Promise<boolean> {
      const name = `IMG_${++count}.jpg`;
      const isTaken = await page.evaluate(
        ([event, target, text, name]) => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], name, { type: "image/jpeg" }));
          if (text !== "") data.setData("text/plain", text);
          const root = document.querySelector(".field-of-text")?.shadowRoot;
          const element = root?.querySelector(target) ?? document.querySelector(target);
          const init = { bubbles: true, cancelable: true, composed: true };
          const happens =
            event === "paste"
              ? new ClipboardEvent("paste", { ...init, clipboardData: data })
              : new DragEvent("drop", { ...init, dataTransfer: data });
          element?.dispatchEvent(happens);
          return happens.defaultPrevented;
        },
        [event, target, text, name] as const,
      );
      const said = `Images can’t be kept yet. “${name}” was left out.`;
      await page.locator(".dock", { hasText: said }).waitFor();
      return isTaken;
    }
    for (const [event, target] of [
      ["paste", ".cm-content"],
      ["drop", ".cm-content"],
      ["drop", ".scroll.source"],
    ] as const) {
      expect(await bring(event, target)).toBe(true);
      expect(await textWritten(page)).toBe("Before ");
    }
    await bring("paste", ".cm-content", "and words");
    await eventually(() => textWritten(page), "Before and words");
  });

  it("of more than 512 KiB is plain", async ({ user, browser }) => {
    const { page } = await writing(user);
    await copy(browser, `<b>bold</b>${"<i> </i>".repeat(70_000)}`, "bold and more");
    await textField(page).press("Control+v");
    await eventually(() => textWritten(page), "bold and more");
  });
});

describe("Find and replace", () => {
  const foot = (page: Page) => page.getByRole("search", { name: "In this note" });
  const hits = (page: Page) => foot(page).getByRole("status");
  const here = (page: Page) => textField(page).locator(".cm-searchMatch-selected").allTextContents();
  const TEXT = `Tram\n\nThe tram and a [tram map](/x).\n${"a line\n".repeat(300)}\nThe last tram`;

  it("has what is typed before its code has come", async ({ user }) => {
    const { page } = user;
    const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
    await page.route("**/assets/find-bar-*.js", async (route) => {
      await mayGo;
      await route.continue();
    });
    const { id } = await user.createNote({ text: "Apples, pears and more pears" });
    await page.goto(`/notes/${id}/edit`);
    await textField(page).press("Control+f");
    await page.keyboard.type("?");
    await page.keyboard.press("Escape");
    await eventually(() => textField(page).evaluate((field) => field.matches(":focus")), true);
    await page.keyboard.press("Control+f");
    await page.keyboard.type("pea");
    go();
    await eventually(() => hits(page).textContent(), "1 of 2");
    await page.keyboard.type("rs");
    expect(await page.getByLabel("Find in this note").inputValue()).toBe("pears");
    await page.keyboard.press("Escape");
    expect(await textWritten(page)).toBe("Apples, pears and more pears");
  });

  it("goes through the whole note by keyboard, and closes on what it found", async ({ user }) => {
    const { page, id } = await writing(user, TEXT);
    await textField(page).press("Control+Home");
    await page.keyboard.press("Control+f");
    await page.getByLabel("Find in this note").waitFor();
    await page.keyboard.type("tram");
    await eventually(() => hits(page).textContent(), "1 of 4");
    await page.keyboard.press("Shift+Enter");
    await eventually(() => hits(page).textContent(), "4 of 4");
    expect(await here(page)).toEqual(["tram"]);
    const y = async () => (await textField(page).locator(".cm-searchMatch-selected").boundingBox())?.y ?? -1;
    expect(await y()).toSatisfy((y: number) => y > 80 && y < 700);
    await page.keyboard.press("Enter");
    await eventually(() => hits(page).textContent(), "1 of 4");
    await eventually(async () => {
      const at = await y();
      return at > 80 && at < 700;
    }, true);
    await page.keyboard.press("Alt+c");
    await eventually(() => hits(page).textContent(), "1 of 3");
    expect(await foot(page).getByRole("button", { name: "Same case" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.keyboard.type("x");
    await eventually(() => hits(page).textContent(), "Not found");
    await page.keyboard.press("Backspace");
    await eventually(() => hits(page).textContent(), "1 of 3");
    await page.keyboard.press("Escape");
    await foot(page).waitFor({ state: "detached" });
    await page.keyboard.type("bus");
    await eventually(async () => (await user.readNote(id)).text, TEXT.replace("tram", "bus"));
  });

  it("replaces one or all, which can be undone without what was written since", async ({ user }) => {
    const { page } = await writing(user, TEXT);
    await page.getByRole("toolbar").getByRole("button", { name: "Find" }).click();
    await page.getByLabel("Find in this note").waitFor();
    await page.keyboard.type("TRAM");
    // From the end of the text it goes on at its beginning.
    await eventually(() => hits(page).textContent(), "1 of 4");
    await page.getByLabel("Replace with").fill("bus");
    await foot(page).getByRole("button", { name: "Replace", exact: true }).click();
    await eventually(() => hits(page).textContent(), "1 of 3");
    const one = TEXT.replace("Tram", "bus");
    expect(await textWritten(page)).toBe(one);
    await foot(page).getByRole("button", { name: "All" }).click();
    await eventually(() => textWritten(page), one.replaceAll("tram", "bus"));
    const dock = page.locator(".dock", { hasText: "Replaced 3." });
    await dock.hover();
    const coversFoot = async () => {
      const [said, row] = await Promise.all([dock.boundingBox(), page.locator(".foot").boundingBox()]);
      return said === null || row === null || said.y + said.height > row.y;
    };
    for (const width of [1440, 1280, 768, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await coversFoot(), `${width}`).toBe(false);
    }
    await page.setViewportSize({ width: 1440, height: 800 });
    await page.keyboard.press("Escape");
    await page.getByRole("toolbar").getByRole("button", { name: "Find" }).waitFor();
    for (const width of [1440, 768, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await coversFoot(), `toolbar ${width}`).toBe(false);
    }
    await textField(page).press("Control+End");
    await page.keyboard.type("!");
    await dock.getByRole("button", { name: "Undo" }).click();
    await eventually(() => textWritten(page), `${one}!`);
  });
});

describe("A table", () => {
  it("is written in a font of one width, and its long rows go on further in", async ({ user }) => {
    const { page } = await writing(user, "Words\n\n| a | b |\n| - | - |\n| 1 | [x](/y) |\n\nEnd");
    const rows = textField(page).locator(".cm-row");
    await eventually(() => rows.allTextContents(), ["| a | b |", "| - | - |", "| 1 | [x](/y) |"]);
    const fonts = await rows.evaluateAll((all) => all.map((one) => getComputedStyle(one).fontFamily));
    expect(fonts.every((font) => font.endsWith("monospace"))).toBe(true);
  });
});

describe("Text that is selected on a phone", () => {
  it("is what the toolbar and the keyboard then change", async ({ phoneUser: user }) => {
    const { page } = await writing(user, "One tram\ntwo rivers\nthree\n");
    await textField(page).locator(".cm-line").nth(1).tap();
    // A phone's handles change the document's selection, and tell the page nothing else. Nobody types before it has noticed.
    const select = (from: [number, number], to: [number, number]) =>
      page.evaluate(
        async ([[fromLine, start], [toLine, end]]) => {
          const noticed = new Promise((resolve) =>
            document.addEventListener("selectionchange", resolve, { once: true }),
          );
          const lines = document.querySelector(".field-of-text")?.shadowRoot?.querySelectorAll(".cm-line");
          const textOf = (line: number) =>
            document.createTreeWalker(lines?.[line] as Node, NodeFilter.SHOW_TEXT).nextNode() as Text;
          document.getSelection()?.setBaseAndExtent(textOf(fromLine), start, textOf(toLine), end);
          await noticed;
        },
        [from, to] as const,
      );
    await select([1, 4], [1, 10]);
    await page.getByRole("button", { name: "Bold" }).tap();
    expect(await textWritten(page)).toBe("One tram\ntwo **rivers**\nthree\n");

    await select([0, 4], [2, 2]);
    await page.keyboard.insertText("by on");
    expect(await textWritten(page)).toBe("One by onree\n");
    await page.keyboard.type("e th");
    await page.keyboard.press("Control+z");
    await eventually(() => textWritten(page), "One tram\ntwo **rivers**\nthree\n");
    await waitForState(page, "Saved");
  });

  it("is deleted, over several lines too", async ({ phoneUser: user }) => {
    const { page, id } = await writing(user, "One\ntwo\nthree\n");
    await page.keyboard.press("Control+a");
    // As a phone's keyboard does: no key that the editor could know.
    const keyboard = await user.context.newCDPSession(page);
    const key = { key: "Unidentified", windowsVirtualKeyCode: 229, commands: ["DeleteBackward"] };
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
    await eventually(() => textField(page).locator(".cm-placeholder").count(), 1);
    await page.keyboard.type("Anew");
    await waitForState(page, "Saved");
    await eventually(async () => (await user.readNote(id)).text, "Anew");
  });
});

describe("Composed input", () => {
  it("is written as it was chosen, in the text and in the name", async ({ user }) => {
    const { page, id } = await writing(user, "- 東京\n");
    const keyboard = await user.context.newCDPSession(page);
    const compose = (text: string) =>
      keyboard.send("Input.imeSetComposition", {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };

    await textField(page).pressSequentially("- ");
    for (const text of ["に", "にほ", "にほん"]) await compose(text);
    // It is saved meanwhile, without ending it.
    await waitForState(page, "Saved");
    await compose("にほんご");
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await keyboard.send("Input.insertText", { text: "日本語" });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    expect(await textWritten(page)).toBe("- 東京\n- 日本語");
    await textField(page).press("Enter");
    for (const text of ["ㅎ", "하", "한"]) await compose(text);
    await keyboard.send("Input.insertText", { text: "한" });
    await compose("국");
    await keyboard.send("Input.insertText", { text: "국" });
    expect(await textWritten(page)).toBe("- 東京\n- 日本語\n- 한국");
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe("- 東京\n- 日本語\n- 한국");

    const name = page.getByLabel("Name");
    await name.fill("");
    await name.focus();
    await compose("ni");
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await keyboard.send("Input.insertText", { text: "你好" });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("name");
    await eventually(async () => (await user.readNote(id)).name, "你好");
  });

  it("that was not finished is kept when the tab goes", async ({ user }) => {
    const { page, id } = await writing(user);
    const keyboard = await user.context.newCDPSession(page);
    await keyboard.send("Input.imeSetComposition", { text: "さくら", selectionStart: 3, selectionEnd: 3 });
    await eventually(() => textWritten(page), "さくら");
    await page.reload();
    await eventually(() => textWritten(page), "さくら");
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe("さくら");
  });
});

describe("What is undone", () => {
  it("can have been saved before", async ({ user }) => {
    const { page, id } = await writing(user, "Begin. ");
    for (const text of ["One. ", "Two. ", "Three."]) {
      await textField(page).pressSequentially(text);
      await eventually(async () => (await user.readNote(id)).text.endsWith(text), true);
      await waitForState(page, "Saved");
    }
    for (let undone = 0; undone < 20; undone++) await textField(page).press("Control+z");
    expect(await textWritten(page)).toBe("Begin. ");
    for (let redone = 0; redone < 20; redone++) await textField(page).press("Control+y");
    expect(await textWritten(page)).toBe("Begin. One. Two. Three.");
    await textField(page).pressSequentially("!");
    await eventually(async () => (await user.readNote(id)).text, "Begin. One. Two. Three.!");
  });
});

describe("The largest note", () => {
  /** Elements of the document with the field: 491 were measured. */
  const NODES_MOST = 750;
  /** The heap in bytes: 8 MB were measured, and up to 27, since idle time parses the text, all of it once its end was in view. */
  const HEAP_MOST = 32e6;

  itInNewContext("keeps the page small while it is written", async ({ user }) => {
    const lines = many(14_000, (i) =>
      i % 20 ? `- [ ] ${i} with *some* \`words\` in it` : `\n## Part ${i}\n`,
    );
    const { page } = user;
    const { id } = await user.createNote({ name: "A note", text: lines.slice(0, 500 * 1024) });
    await page.goto(`/notes/${id}/edit`);
    await textField(page).press("Control+Home");
    await textField(page).pressSequentially("Typing goes on. ".repeat(4));
    // What is on its way to the service is in the heap too.
    await saveNow(page);
    await waitForState(page, "Saved");
    const inspector = await user.context.newCDPSession(page);
    await inspector.send("HeapProfiler.enable");
    await textField(page).press("Control+End");
    await inspector.send("HeapProfiler.collectGarbage");
    const { usedSize } = await inspector.send("Runtime.getHeapUsage");
    expect(usedSize).toBeLessThan(HEAP_MOST);
    const nodes = await page.evaluate(() => {
      const count = (root: ParentNode) => root.querySelectorAll("*").length;
      return count(document) + count(document.querySelector(".field-of-text")?.shadowRoot ?? document);
    });
    expect(nodes).toBeLessThan(NODES_MOST);
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text.startsWith("Typing goes on. Typing")).toBe(true);
  });
});
