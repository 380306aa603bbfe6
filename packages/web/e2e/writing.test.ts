// The place in view, whether a note is read or written.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, textField, waitForPage } from "./fixtures.ts";

/** One line of text. */
const LINE_PX = 25.6;

let count = 0;
/** Words that occur once, so that a place can be told by its word. */
function words(n: number): string {
  const some = ["tram", "a", "morning", "the", "quietly", "river", "of", "understanding", "so"];
  return Array.from({ length: n }, () => `${some[count % some.length]}${count++}`).join(" ");
}

function many(n: number, part: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => part(i)).join("\n");
}

const FIXTURES = {
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
  "a mixture": () =>
    many(12, (i) =>
      [
        `> ${words(30)}\n> ${words(8)}\n>\n> - ${words(3)}\n`,
        `![${words(2)}](https://elsewhere.example/cat.png)\n`,
        `${words(3)} **${words(4)}** [${words(2)}](https://elsewhere.example/${"path/".repeat(i)}) \`${words(2)}\`\n`,
        `${"x".repeat(i * 200)}\n`,
        `---\n\n${words(200)}\n`,
      ].join("\n"),
    ),
};

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
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        for (const { 0: found, index } of (text.nodeValue ?? "").matchAll(/\b[a-z]+\d+\b/g)) {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + found.length);
          const y = range.getBoundingClientRect().top - top;
          if (word ? found === word : y >= 0) return { word: found, y };
        }
      }
      return undefined;
    },
    [kind, word] as const,
  );
}

async function scrollTo(page: Page, selector: string, share: number): Promise<void> {
  const scroll = page.locator(selector).last();
  // The field is measured as it is drawn: the way there takes some steps.
  for (let step = 0; step < 8; step++) {
    await scroll.evaluate((pane, share) => {
      pane.scrollTop = share * (pane.scrollHeight - pane.clientHeight);
      return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }, share);
  }
}

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
        return Math.abs(far) <= LINE_PX;
      },
      { timeout: 5000, message: `${before?.word}` },
    )
    .toBe(true)
    .catch(() => expect.fail(`${before?.word} is ${far} px from where it was`));
}

describe("The place in view", () => {
  it.for(Object.keys(FIXTURES) as (keyof typeof FIXTURES)[])(
    "stays within a line when the view changes: %s",
    async (name, { user }) => {
      const { page } = user;
      await page.setViewportSize({ width: 1440, height: 900 });
      const note = await user.createNote({ text: FIXTURES[name]() });
      await page.goto(`/notes/${note.id}/edit`);
      await textField(page).waitFor();
      const choose = (view: string) => page.getByRole("button", { name: view, exact: true }).click();
      for (const share of [0.3, 0.65]) {
        await choose("Write");
        await scrollTo(page, SOURCE, share);
        const written = await placeOfWord(page, "source");
        await choose("Read");
        await expectSamePlace(page, "read", written);

        await page.locator('.preview .prose[aria-busy="false"]').waitFor();
        await scrollTo(page, READ, share);
        const read = await placeOfWord(page, "read");
        await choose("Write");
        await expectSamePlace(page, "source", read);

        const again = await placeOfWord(page, "source");
        await choose("Beside");
        await expectSamePlace(page, "source", again);
        await expectSamePlace(page, "read", again);
      }
    },
  );

  it("is the same when writing begins and when it is done", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Travel", text: FIXTURES["a mixture"]() });
    await page.goto(`/notes/${note.id}`);
    await waitForPage(page, "Travel");
    await page.locator('.prose[aria-busy="false"]').waitFor();
    await scrollTo(page, READ, 0.5);
    const read = await placeOfWord(page, "read");
    await page.keyboard.press("e");
    await textField(page).waitFor();
    await expectSamePlace(page, "source", read);

    // What is written goes where it is seen.
    await textField(page).pressSequentially("Here ");
    expect(await placeOfWord(page, "source", read?.word)).toBeDefined();
    await scrollTo(page, SOURCE, 0.7);
    const written = await placeOfWord(page, "source");
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "Travel");
    await expectSamePlace(page, "read", written);
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
        await page.locator(name).evaluate((element) => Math.round(element.getBoundingClientRect().top)),
        Math.round((await placeOfWord(page, kind))?.y ?? Number.NaN),
        await page.locator(name).evaluate((element) => Math.round(element.getBoundingClientRect().left)),
      ];
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
