// The history of a note in the browser: its versions, what differs between them, and going back to one.
import { randomBytes } from "node:crypto";
import type { Note } from "@notejam/core/note/schema";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, shortenPages, tabTo, textField, type User, waitForPage } from "./fixtures.ts";

/** A note that had each of these texts. */
async function withStates(user: User, name: string, ...texts: string[]): Promise<Note> {
  const [first = "", ...rest] = texts;
  let note = await user.createNote({ name, text: first });
  for (const text of rest) note = await user.saveNote(note, { text });
  return note;
}

/** What differs, as people write it: `a [-old-]{+new+}`; for each line of Markdown, or each block of the page. */
const difference = (page: Page) =>
  page.locator(".compared :is(.line, .prose > :not(.fold))").evaluateAll((blocks) =>
    blocks.map((block) => {
      const copy = block.cloneNode(true) as Element;
      for (const node of copy.querySelectorAll("ins, del")) {
        const text = node.textContent ?? "";
        node.textContent =
          node.nodeName === "INS"
            ? text.replace(/^added (.*)$/s, "{+$1+}")
            : text.replace(/^removed (.*)$/s, "[-$1-]");
      }
      return copy.textContent;
    }),
  );

const chosen = (page: Page) => page.locator(".version[aria-current]").getAttribute("href");
const versions = (page: Page) => page.locator(".version").count();

describe("The history of a note", () => {
  it("is read by the keyboard: H, then J and K from version to version, and Esc back to the note", async ({
    user,
  }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    const pad = await user.createPad("Travel");
    let note = await withStates(user, "Lisbon", "Table for seven\n", "Table for eight\n");
    note = await user.saveNote(note, { padId: pad.id });
    note = await user.saveNote(note, { text: "Table for nine\n" });
    await page.goto(`/notes/${note.id}`);
    await page.locator("[data-key=edit]").waitFor();
    await page.keyboard.press("h");

    await waitForPage(page, "History");
    await eventually(() => versions(page), 4);
    await eventually(() => page.title(), "History: Lisbon · Notejam");
    // The version before the present one.
    await eventually(() => difference(page), ["Table for [-eight-]{+nine+}"]);
    await page.getByText("1 word added and 1 removed since").waitFor();
    await page.getByText("Moved to Travel").waitFor();
    expect(await page.locator(".version").first().innerText()).toContain("Now");
    expect(await page.locator(".version").last().innerText()).toContain("Created");

    await page.keyboard.press("j");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => chosen(page), `/notes/${note.id}/history/1`);
    await eventually(() => difference(page), ["Table for [-seven-]{+nine+}"]);
    expect(await page.getByRole("button", { name: "‹ Older" }).getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("k");
    await eventually(() => chosen(page), `/notes/${note.id}/history/2`);
    await page.keyboard.press("Escape");
    await waitForPage(page, "Lisbon");
    expect(new URL(page.url()).pathname).toBe(`/notes/${note.id}`);
  });

  it("compares a version with now, or with the version before it", async ({ user }) => {
    const { page } = user;
    const note = await withStates(
      user,
      "Lisbon",
      "Table for seven\n",
      "Table for eight\n",
      "Table for nine\n",
    );
    const renamed = await user.saveNote(note, { name: "Porto" });
    await page.goto(`/notes/${note.id}/history/2`);
    await eventually(() => difference(page), ["Table for [-eight-]{+nine+}"]);
    const name = page.locator(".compared h1");
    expect(await name.innerText()).toContain("Porto");
    await page.getByRole("button", { name: "against now" }).click();
    await eventually(() => difference(page), ["Table for [-seven-]{+eight+}"]);
    await page.getByText("1 word added and 1 removed by this version").waitFor();
    expect(await name.innerText()).toBe("Lisbon");
    // It stays so for other versions, and after a reload.
    await page.getByRole("button", { name: "Newer ›" }).click();
    await eventually(() => difference(page), ["Table for [-eight-]{+nine+}"]);
    await page.reload();
    await eventually(() => difference(page), ["Table for [-eight-]{+nine+}"]);
    await page.getByRole("button", { name: "Newer ›" }).click();
    await page.getByText("The text is the same as before").waitFor();
    expect(await chosen(page)).toContain(`/history/${renamed.version}`);
    await page.goto(`/notes/${note.id}/history/1?against=before`);
    await page.getByText("This is the first version that is kept.").waitFor();
    await eventually(() => difference(page), ["Table for seven"]);
  });

  it("gives a version back as a new one by the keyboard alone, and the undo gives back what was there", async ({
    user,
  }) => {
    const { page } = user;
    const note = await withStates(user, "Lisbon", "first\n", "second\n");
    await page.goto(`/notes/${note.id}/history`);
    await eventually(() => difference(page), ["[-first-]{+second+}"]);
    await tabTo(page, "against now");
    await page.keyboard.press("Enter");
    await page.getByText("This is the first version that is kept.").waitFor();
    await tabTo(page, "Restore this version", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText(/^Restored the version of today at/).waitFor();
    await eventually(() => versions(page), 3);
    expect((await user.readNote(note.id)).text).toBe("first\n");
    expect(await chosen(page)).toContain("/history/1");

    await page.keyboard.press("z");
    await eventually(async () => (await user.readNote(note.id)).text, "second\n");
    await eventually(() => versions(page), 4);
    await page.keyboard.press("Escape");
    await page.locator(".prose").getByText("second").waitFor();
  });

  it("is read and restored by touch: all versions, one of them, and the note again", async ({
    phoneUser,
  }) => {
    const { page } = phoneUser;
    const note = await withStates(phoneUser, "Lisbon", "first\n", "second\n", "third\n");
    await page.goto(`/notes/${note.id}`);
    await page.locator(".reader").getByRole("link", { name: "History" }).tap();
    await waitForPage(page, "History");
    await page.locator(".version").nth(1).tap();
    await eventually(() => difference(page), ["[-second-]{+third+}"]);
    await page.getByRole("button", { name: "‹ Older" }).tap();
    await eventually(() => difference(page), ["[-first-]{+third+}"]);
    await page.getByRole("button", { name: "Restore this version" }).tap();
    await page.getByText(/^Restored the version of/).waitFor();
    expect((await phoneUser.readNote(note.id)).text).toBe("first\n");
    await page.getByRole("button", { name: "Undo" }).tap();
    await eventually(async () => (await phoneUser.readNote(note.id)).text, "third\n");
    await page.getByRole("link", { name: "All 5 versions" }).tap();
    await page.locator(".version").first().waitFor();
    await page.getByRole("link", { name: "Close" }).tap();
    await waitForPage(page, "Lisbon");
  });

  it("compares what one reads, and Markdown where one asks for it; the browser remembers which", async ({
    user,
  }) => {
    const { page } = user;
    await page.setViewportSize({ width: 1440, height: 900 });
    const table = (price: string) => `| What | Euro |\n| --- | --- |\n| Train | ${price} |`;
    const kept = ["one", "two", "three", "four"].map((word) => `Paragraph ${word}.`);
    const text = (...parts: string[]) => [...parts, ...kept].join("\n\n");
    const note = await withStates(
      user,
      "Lisbon",
      text("# Friday", "Tram 28 is *full*.", "- [ ] table for eight", table("7.90")),
      text("# Friday", "Tram 28 is **full** after ten.", "- [x] table for eight", table("8.40")),
    );
    await page.goto(`/notes/${note.id}/history/1`);
    await eventually(
      async () => (await difference(page)).map((block) => block?.replace(/\s+/g, "")),
      [
        "Friday",
        "Tram28isfull{+afterten+}.",
        "☑tableforeight{+done+}",
        "WhatEuroTrain[-7.90-]{+8.40+}",
        "Paragraphone.",
      ],
    );
    await page.getByText("4 words added and 1 removed since").waitFor();
    await page.getByRole("button", { name: "3 paragraphs unchanged" }).click();
    await page.getByText("Paragraph four.").waitFor();

    await page.getByRole("button", { name: "Markdown" }).first().click();
    await eventually(async () => (await difference(page))[2], "Tram 28 is *{+*+}full*{+* after ten+}.");
    await page.reload();
    await eventually(async () => (await difference(page))[2], "Tram 28 is *{+*+}full*{+* after ten+}.");
    await page.getByRole("button", { name: "As read" }).first().click();
    await page.getByText("3 paragraphs unchanged").waitFor();
    // Only signs: nothing that one reads.
    await user.saveNote(
      { ...note, version: 2 },
      { text: text("Friday\n===", "Tram 28 is _full_ after ten.", "* [x] table for eight", table("8.40")) },
    );
    await page.goto(`/notes/${note.id}/history/2`);
    await page.getByText("Only signs differ").waitFor();
  });

  it("folds long stretches that did not change, and opens them", async ({ user }) => {
    const { page } = user;
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`);
    const note = await withStates(user, "Long", lines.join("\n"), lines.with(50, "changed").join("\n"));
    await page.goto(`/notes/${note.id}/history/1`);
    await page.getByRole("button", { name: "Markdown" }).filter({ visible: true }).click();
    await page.getByRole("button", { name: "47 lines unchanged" }).waitFor();
    expect((await difference(page)).slice(0, 6)).toEqual([
      "line 47",
      "line 48",
      "line 49",
      "[-line 50-]",
      "{+changed+}",
      "line 51",
    ]);
    await page.getByRole("button", { name: "47 lines unchanged" }).click();
    await eventually(async () => (await difference(page))[0], "line 0");
    await page.getByRole("button", { name: "As read" }).filter({ visible: true }).click();
    await page.locator(".compared .prose ins").waitFor();
  });

  it("has many versions as they are scrolled, and opens an old one by its address", async ({ user }) => {
    const { page } = user;
    const COUNT = process.env.NOTEJAM_LONG_TESTS ? 1000 : 60;
    if (!process.env.NOTEJAM_LONG_TESTS) await shortenPages(page, "/revisions");
    const texts = Array.from({ length: COUNT }, (_, i) => `text ${i + 1}`);
    const note = await withStates(user, "Much changed", ...texts);
    await page.goto(`/notes/${note.id}/history/3`);
    await eventually(() => difference(page), [`text [-3-]{+${COUNT}+}`]);
    await eventually(() => chosen(page), `/notes/${note.id}/history/3`);
    expect(await versions(page)).toBeLessThan(40);
    await page.getByRole("button", { name: "‹ Older" }).click();
    await eventually(() => difference(page), [`text [-2-]{+${COUNT}+}`]);
    await page.getByText("Every version of the last hour").waitFor({ state: "attached" });
  });

  it("compares two texts of 512 KiB, unlike or with few changes, while the page goes on, with few elements", async ({
    user,
  }) => {
    const { page } = user;
    const line = () => `${randomBytes(36).toString("base64").replaceAll("/", " ")}\n`;
    const long = () =>
      Array.from({ length: 10_600 }, line)
        .join("")
        .slice(0, 512 * 1024);
    const before = long();
    const lines = before.split("\n");
    const changed = lines.map((line, i) => (i % 500 === 250 ? `changed${line.slice(7)}` : line)).join("\n");
    const note = await withStates(user, "Long", long(), before, changed);
    await page.goto(`/notes/${note.id}/history/1`);
    await page.locator(".compared del").first().waitFor();
    expect(await page.locator(".compared *").count()).toBeLessThan(1000);
    const pane = page.locator(".reader .scroll");
    await pane.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.locator(".compared ins").first().waitFor();
    expect(await page.locator(".compared *").count()).toBeLessThan(1000);
    await page.keyboard.press("k");
    await page.getByRole("button", { name: "lines unchanged" }).first().waitFor();
    expect(await page.locator(".compared *").count()).toBeLessThan(1000);
    await page.keyboard.press("Escape");
    await waitForPage(page, "Long");
  });

  it("shows texts of every script, each in its direction", async ({ user }) => {
    const { page } = user;
    const note = await withStates(
      user,
      "Scripts",
      "حقيبة السفر الكبيرة هنا\n\n我们明天去京都旅行\n",
      "حقيبة اليد الكبيرة هنا\n\n我们后天去京都旅行\n",
    );
    await page.goto(`/notes/${note.id}/history/1`);
    await eventually(
      () => difference(page),
      ["حقيبة [-السفر-]{+اليد+} الكبيرة هنا", "我们[-明-]{+后+}天去京都旅行"],
    );
    expect(
      await page
        .locator(".compared .prose > *")
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction)),
    ).toEqual(["rtl", "ltr"]);
  });

  it("of a note in the trash, of none, or of a version that is not there, leads to what there is", async ({
    user,
  }) => {
    const { page } = user;
    user.allowStatus(404);
    const note = await user.createNote();
    await user.deleteNote(note.id);
    for (const id of [note.id, "1"]) {
      await page.goto(`/notes/${id}/history`);
      await page.getByRole("alert").getByText("This note has no history here").waitFor();
    }
    await page.getByRole("alert").getByRole("link", { name: "Trash" }).click();
    await waitForPage(page, "Trash");
    const there = await user.createNote();
    for (const version of ["9", "x"]) {
      await page.goto(`/notes/${there.id}/history/${version}`);
      await page.getByRole("alert").getByText("This version is not here").waitFor();
    }
    await page.getByRole("alert").getByRole("link", { name: "All versions" }).click();
    await page.getByText("This is the first version that is kept.").waitFor();
  });

  it("that can't be loaded says why, and is loaded when it can be", async ({ user }) => {
    const { context, page } = user;
    user.allowNetworkErrors();
    const note = await withStates(user, "Lisbon", "first\n", "second\n");
    await page.goto(`/notes/${note.id}`);
    await page.locator("[data-key=edit]").waitFor();
    // Its code is loaded before.
    await page.keyboard.press("h");
    await waitForPage(page, "History");
    await page.keyboard.press("Escape");
    await page.locator("[data-key=edit]").waitFor();
    await context.setOffline(true);
    await page.keyboard.press("h");
    await page.getByRole("alert").getByText("The history could not be loaded").waitFor();
    await page.getByRole("alert").getByText("You are offline.").waitFor();
    await context.setOffline(false);
    await eventually(() => difference(page), ["[-first-]{+second+}"]);
  });

  it("says where each version was made, how many words it changed, and when the note was deleted and restored", async ({
    user,
  }) => {
    const { page } = user;
    const { id } = await withStates(user, "Lisbon", "Table for seven\n");
    // Another browser of the same name.
    await user.openSession(user.email);
    await user.deleteNote(id);
    await user.api.trash.notes[":id"].restore.$post({ param: { id }, json: {} });
    await page.goto(`/notes/${id}/edit`);
    await textField(page).press("Control+End");
    await page.keyboard.type("by the window, at nine");
    await page.keyboard.press("Control+Enter");
    await page.locator("[data-key=edit]").waitFor();
    await page.keyboard.press("h");

    await waitForPage(page, "History");
    await eventually(
      async () => (await page.locator(".version").allInnerTexts()).map((text) => text.split("\n").slice(1)),
      [
        ["Now", "+5"],
        ["Here", "Restored"],
        ["Here", "Deleted"],
        ["Chrome on Linux", "Created"],
      ],
    );
    await page.getByText("4 versions", { exact: true }).waitFor();
  });
});
