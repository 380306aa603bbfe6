// Reading a note: its code, its headings and the way to them, and how it is printed.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, textField, waitForPage } from "./fixtures.ts";

const shown = (page: Page) => page.locator('.prose[aria-busy="false"]').waitFor();

describe("Code", () => {
  it("is highlighted in the language of its fence, without a word changed", async ({ user }) => {
    const { page } = user;
    const code = 'const a = "<b>&amp;</b>"; // it\nif (a) throw a;';
    const python = "def f(x):\n    return x  # all";
    const long = `let a = 1;\n${"a += 1;\n".repeat(5000)}`;
    const blocks = [
      ["js", code],
      ["Python", python],
      ["nosuch", code],
      ["constructor", code],
      ["js", long],
      ["", code],
    ];
    const text = blocks.map(([language, code]) => `\`\`\`${language}\n${code}\n\`\`\``).join("\n\n");
    const note = await user.createNote({ name: "With code", text });
    const languages: string[] = [];
    page.on("request", (request) => {
      const [, name] = /assets\/(javascript|python|rust|sql)-/.exec(request.url()) ?? [];
      if (name) languages.push(name);
    });
    await page.goto(`/notes/${note.id}`);
    const pre = page.locator(".prose pre");
    await pre.nth(1).locator(".hljs-keyword").first().waitFor();
    expect(await pre.locator(".hljs-keyword").allTextContents()).toEqual([
      "const",
      "if",
      "throw",
      "def",
      "return",
    ]);
    expect(await pre.locator(".hljs-comment").allTextContents()).toEqual(["// it", "# all"]);
    expect(await pre.allTextContents()).toEqual(blocks.map(([, code]) => `${code}\n`));
    expect(languages.sort()).toEqual(["javascript", "python"]);
    // No colour beside the page's own.
    const colours = await pre
      .locator("span")
      .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).color))]);
    const own = await page.evaluate(() =>
      ["ink", "muted", "strong"].map((name) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(--${name})`;
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      }),
    );
    expect(own).toEqual(expect.arrayContaining(colours));
  });
});

describe("A title", () => {
  it("that begins the text is shown once, wherever the note is read, and the text keeps it", async ({
    user,
  }) => {
    const { page } = user;
    const words = "Some words.\n\n".repeat(60);
    const text = `# **Plan** for May\n\n- [ ] pack\n- [ ] lock\n\n${words}[Up](#plan-for-may)`;
    const note = await user.createNote({ name: "Plan for May", text });
    await user.createNote({ name: "Trip", text: "Trip\nand more of it" });
    await page.goto("/");
    const excerpts = () => page.locator(".list .note p").allInnerTexts();
    await eventually(excerpts, ["Trip · and more of it", expect.stringMatching(/^pack · lock · Some words/)]);
    await page.keyboard.press("Control+k");
    await page.getByRole("option").getByText("pack · lock").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("link", { name: "Plan for May" }).click();
    const title = page.locator(".reader").getByText("Plan for May", { exact: true });
    const isOnce = () => eventually(() => title.count(), 1);
    await shown(page);
    await isOnce();
    await page.getByRole("checkbox", { name: "lock" }).check();
    await eventually(async () => (await user.readNote(note.id)).text, text.replace("[ ] lock", "[x] lock"));
    await isOnce();
    await page.getByRole("link", { name: "Up" }).click();
    const scroll = page.locator(".reader .scroll");
    await eventually(() => scroll.evaluate((element) => element.scrollTop), 0);
    const { updatedAt } = await user.readNote(note.id);

    await page.keyboard.press("e");
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await shown(page);
    await isOnce();
    await page.getByRole("button", { name: "Beside" }).click();
    await shown(page);
    await isOnce();
    const again = page.locator(".prose").getByRole("heading", { name: "Plan for May" });
    await page.getByLabel("Name", { exact: true }).fill("Plan");
    await again.waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Plan for May");
    await eventually(() => again.count(), 0);

    await page.goto(`/past/${note.id}?at=${updatedAt}`);
    await shown(page);
    await isOnce();
    await eventually(excerpts, [expect.stringMatching(/^pack · lock · Some words/), "Trip · and more of it"]);
  });
});

describe("What is wider than a phone", () => {
  it("ends in a shade while there is more: a table, and the toolbar of the editor", async ({
    phoneUser: user,
  }) => {
    const { page } = user;
    const cells = (word: string) => `|${`${word}|`.repeat(12)}`;
    const text = `${cells("Heading")}\n${cells("-")}\n${cells("words")}`;
    const note = await user.createNote({ name: "Prices", text });
    await page.goto(`/notes/${note.id}`);
    await shown(page);
    /** Whether there is more to scroll to, and what is drawn behind it. */
    const shade = (selector: string) =>
      page.locator(selector).evaluate((element) => {
        const { backgroundImage, backgroundAttachment } = getComputedStyle(element);
        return [
          element.scrollWidth > element.clientWidth,
          backgroundImage.split("linear-gradient").length - 1,
          // The cover over the shade moves with what scrolls, so that it is there at its end alone.
          backgroundAttachment,
        ];
      });
    expect(await shade(".prose .table-frame")).toEqual([true, 2, "local, scroll"]);
    await page.getByRole("link", { name: "Edit" }).tap();
    await page.getByRole("toolbar").waitFor();
    expect(await shade(".tools")).toEqual([true, 2, "local, scroll"]);
  });
});

describe("A footnote", () => {
  it("is a press away, and so is the way back", async ({ user }) => {
    const { page } = user;
    const long = "Some words.\n\n".repeat(60);
    const note = await user.createNote({ name: "Tea", text: `Green[^1]\n\n${long}[^1]: Or white.` });
    await page.goto(`/notes/${note.id}`);
    await shown(page);
    const foot = page.locator(".prose .feet li");
    await page.getByRole("link", { name: "Footnote 1" }).click();
    await eventually(() => foot.evaluate((item) => item.getBoundingClientRect().bottom <= innerHeight), true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const top = () => page.locator(".reader .scroll").evaluate((scroll) => scroll.scrollTop < 200);
    await eventually(top, true);
  });
});

describe("Code that takes minutes to highlight", () => {
  it("stays plain, and the page can be used", async ({ user }) => {
    const { page } = user;
    const hostile = "a-".repeat(16_000);
    const note = await user.createNote({
      name: "Hostile",
      text: `\`\`\`js\nlet a;\n\`\`\`\n\n\`\`\`cpp\n${hostile}\n\`\`\`\n\n- [ ] task`,
    });
    await page.goto(`/notes/${note.id}`);
    const pre = page.locator(".prose pre");
    await pre.nth(0).locator(".hljs-keyword").waitFor();
    await page.getByRole("checkbox", { name: "task" }).check();
    await eventually(async () => (await user.readNote(note.id)).text.includes("[x]"), true);
    expect(await pre.nth(1).locator("span").count()).toBe(0);
    expect((await pre.nth(1).textContent())?.trim()).toBe(hostile);
  });
});

describe("The contents of a note", () => {
  const text = ["Friday", "Saturday", "Sunday"]
    .map(
      (day) =>
        `# ${day}\n\n${"Many words here.\n\n".repeat(30)}## Evening of ${day}\n\n${"More words.\n\n".repeat(20)}`,
    )
    .join("");
  const top = (page: Page, name: string) => async () => {
    const heading = page.locator(".prose").getByRole("heading", { name, exact: true });
    const pane = page.locator(".reader .scroll");
    const [y, from] = await Promise.all(
      [heading, pane].map((one) => one.evaluate((element) => element.getBoundingClientRect().top)),
    );
    return Math.abs((y ?? 0) - (from ?? 0)) < 8;
  };

  it("lead to its headings, mark the section in view, and the way back leads to the place before", async ({
    user,
  }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    const note = await user.createNote({ name: "Lisbon", text });
    await page.goto(`/notes/${note.id}`);
    const contents = page.getByRole("navigation", { name: "In this note" });
    await contents.getByRole("link", { name: "Saturday", exact: true }).waitFor();
    expect(await contents.getByRole("link").count()).toBe(6);
    const pane = page.locator(".reader .scroll");
    await pane.evaluate((pane) => {
      pane.scrollTop = 300;
    });
    await contents.getByRole("link", { name: "Saturday", exact: true }).click();
    await eventually(top(page, "Saturday"), true);
    await eventually(() => contents.locator("[aria-current]").allTextContents(), ["Saturday"]);
    expect(new URL(page.url()).hash).toBe("#note-saturday");
    await contents.getByRole("link", { name: "Evening of Friday" }).click();
    await eventually(top(page, "Evening of Friday"), true);

    await page.goBack();
    await eventually(top(page, "Saturday"), true);
    await page.goBack();
    await eventually(() => pane.evaluate((pane) => pane.scrollTop), 300);
    await page.goForward();
    await eventually(top(page, "Saturday"), true);

    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await contents.isVisible()).toBe(false);
  });

  it("a heading is found by the fragment of an address, also from another note", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Lisbon", text });
    const from = await user.createNote({ name: "From", text: `[There](/notes/${note.id}#sunday)` });
    await page.goto(`/notes/${note.id}#note-saturday`);
    await shown(page);
    await eventually(top(page, "Saturday"), true);
    await page.goto(`/notes/${from.id}`);
    await page.locator(".prose").getByRole("link", { name: "There" }).click();
    await waitForPage(page, "Lisbon");
    await eventually(top(page, "Sunday"), true);
  });
});

describe("On paper", () => {
  it("is the note, and nothing else", async ({ user }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    await user.createPad("A pad");
    const text = `${"# Heading\n\nWords\n\n".repeat(40)}# The end`;
    const note = await user.createNote({ name: "Printed", text });
    await page.goto(`/notes/${note.id}`);
    await shown(page);
    await page.getByRole("navigation", { name: "In this note" }).waitFor();
    await page.emulateMedia({ media: "print" });
    const beside = page.locator("body *").filter({ visible: true, hasText: /\S/ });
    const words = await beside.evaluateAll((all) =>
      all
        .filter((one) => !one.closest("article, .hush") && !one.querySelector("article"))
        .map((one) => one.textContent),
    );
    expect(words).toEqual([]);
    expect(await page.getByRole("button").filter({ visible: true }).count()).toBe(0);
    // All of it: no pane that scrolls cuts it off.
    const end = await page.getByRole("heading", { name: "The end" }).evaluate((heading) => {
      const pane = heading.closest(".scroll");
      return (pane?.getBoundingClientRect().bottom ?? 0) >= heading.getBoundingClientRect().bottom;
    });
    expect(end).toBe(true);
    // A page for each part of it.
    const pdf = (await page.pdf()).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);

    await page.emulateMedia({ media: "screen" });
    await page.keyboard.press("e");
    await textField(page).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button").filter({ visible: true }).count()).toBe(0);
  });
});
