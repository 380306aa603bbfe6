// Finding and moving by the keyboard.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, noteNames, textField, waitForList, waitForPage, waitForState } from "./fixtures.ts";

describe("The palette", () => {
  it("finds notes by name before text, marks what was found, and opens one by keyboard", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Lisbon trip");
    await user.createNote({ name: "Packing", text: "Tickets for Lisbon, a jacket", padId: pad.id });
    await user.createNote({ name: "Lisbon in three days", text: "Arrive at noon #lisbon" });
    await user.createNote({ name: "Bread", text: "Rye" });
    await page.goto("/");
    await waitForList(page, "All notes", 3);
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Find, go to, do" });
    const titles = () => palette.getByRole("option").locator("b").allInnerTexts();
    await eventually(async () => (await titles()).slice(0, 3), ["Bread", "Lisbon in three days", "Packing"]);

    await page.keyboard.type("LISB");
    await eventually(titles, [
      "Lisbon in three days",
      "Packing",
      "Lisbon trip",
      "#lisbon",
      "New note “LISB”",
    ]);
    expect(await palette.locator("mark").allInnerTexts()).toEqual(["Lisb", "lisb", "Lisb", "Lisb", "lisb"]);
    expect(await palette.getByRole("option", { selected: true }).locator("b").innerText()).toBe(
      "Lisbon in three days",
    );
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await waitForPage(page, "Packing");
    expect(await palette.count()).toBe(0);

    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").waitFor();
    await page.keyboard.type("zzzz");
    await palette.getByText("Nothing for “zzzz” in notes.").waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => palette.count(), 0);
  });

  it("asks the service once for what is typed at once, and again only for more", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Bread" });
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    const asked: string[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.pathname === "/api/search") asked.push(url.searchParams.get("q") ?? "");
    });
    await page.getByRole("button", { name: "Find Ctrl K" }).click();
    const input = page.getByRole("combobox");
    await input.evaluate((element: HTMLInputElement) => {
      for (const q of ["b", "br", "bre"]) {
        element.value = q;
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
    await eventually(async () => asked, ["bre"]);
    await input.fill("bread");
    await eventually(async () => asked, ["bre", "bread"]);
  });

  it("searches in this pad only by Tab, and has actions and tags by their signs", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await user.createNote({ name: "Rye in it", padId: pad.id });
    await user.createNote({ name: "Rye elsewhere", text: "#rye" });
    await page.goto(`/pads/${pad.id}`);
    await waitForList(page, "Trips", 1);
    await page.keyboard.press("Control+k");
    const titles = () => page.getByRole("option").locator("b").allInnerTexts();
    await page.getByRole("combobox").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("rye");
    await eventually(async () => (await titles())[0], "Rye in it");
    expect(await titles()).not.toContain("Rye elsewhere");

    await page.getByRole("combobox").fill(">sett");
    await eventually(titles, ["Settings"]);
    await page.getByRole("combobox").fill("#r");
    await eventually(titles, ["#rye"]);
    await page.keyboard.press("Enter");
    await waitForList(page, "#rye", 1);
  });

  it("finds by filters among the words, and makes a note of what was typed", async ({ user }) => {
    const { page } = user;
    // A reload asks the service for the note that was begun.
    user.allowStatus(404);
    await user.createNote({ name: "Tram", text: "Number 28 #lisbon" });
    await user.createNote({ name: "Tram stop", text: "Near the river" });
    const old = await user.createNote({ name: "Old tram", text: "Sold #lisbon" });
    await user.api.notes.marks.$put({ json: { ids: [old.id], archived: true } });
    await page.goto("/");
    await waitForList(page, "All notes", 2);
    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox");
    const found = () => page.getByRole("group", { name: "Notes" }).locator("b").allInnerTexts();
    await input.fill("tram");
    await eventually(found, ["Tram stop", "Tram"]);
    await input.fill("tram #Lisbon");
    await eventually(found, ["Tram"]);
    await input.fill("tram is:archived");
    await eventually(found, ["Old tram"]);
    await input.fill("tram before:2020");
    await page.getByText("Nothing for “tram before:2020” in notes.").waitFor();
    await input.fill("tram after:2020");
    await eventually(found, ["Tram stop", "Tram"]);

    await input.fill("Ferry times");
    await page.getByText("Nothing for “Ferry times” in notes.").waitFor();
    await page.keyboard.press("Control+Enter");
    const name = page.getByLabel("Name", { exact: true });
    await name.waitFor();
    expect(await name.inputValue()).toBe("Ferry times");
    await page.reload();
    await textField(page).pressSequentially("At noon");
    await waitForState(page, "Saved");
    await eventually(() => noteNames(page), ["Ferry times", "Tram stop", "Tram"]);
  });
});

describe("The palette's actions", () => {
  const groups = (page: Page) =>
    page
      .getByRole("group")
      .evaluateAll((all) =>
        all.map((group) => [group.ariaLabel, ...[...group.querySelectorAll("b")].map((b) => b.textContent)]),
      );
  const ANYWHERE = [
    "Anywhere",
    "New note",
    "New pad",
    "All notes",
    "Pinned",
    "Archive",
    "Trash",
    "Notes as of …",
    "Dark theme",
    "Settings",
    "These keys",
  ];
  const field = (page: Page) => page.getByRole("combobox", { name: "Find, go to, do" });
  async function act(page: Page, typed: string): Promise<void> {
    await page.keyboard.press("Control+k");
    await field(page).fill(`>${typed}`);
    await page.getByRole("option", { selected: true, name: new RegExp(`^${typed}`) }).waitFor();
    await page.keyboard.press("Enter");
  }
  const dock = (page: Page, words: string) => page.getByRole("status").getByText(words).waitFor();

  it("are for the note that is open, and Backspace finds notes again", async ({ user }) => {
    const { page, context } = user;
    user.allowNetworkErrors();
    const pad = await user.createPad("Trips");
    const note = await user.createNote({ name: "Packing", text: "A *jacket* #rain", padId: pad.id });
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("link", { name: "History" }).waitFor();
    await page.keyboard.press("Control+k");
    const input = field(page);
    await input.fill(">");
    await eventually(
      () => groups(page),
      [
        ["Packing", "Edit", "History", "Pin", "Move …", "Archive", "Duplicate"].concat([
          "Copy link",
          "Copy as Markdown",
          "Print",
          "Delete",
        ]),
        ANYWHERE,
      ],
    );
    await input.fill(">xyz");
    await page.getByText("No action is called “xyz”.").waitFor();
    await input.fill("#");
    await eventually(() => groups(page), [["Pads and tags", "#rain"]]);
    await input.fill(">");
    await page.keyboard.press("Backspace");
    await page.getByRole("group", { name: "Recent notes" }).waitFor();
    await page.keyboard.press("Escape");

    await act(page, "Archive");
    await dock(page, "Archived “Packing”.");
    await act(page, "Take out of the archive");
    await dock(page, "Took “Packing” out of the archive.");

    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await act(page, "Copy link");
    await dock(page, "Copied the link to “Packing”.");
    expect(await copied()).toBe(`${user.origin}/notes/${note.id}`);
    await act(page, "Copy as Markdown");
    await dock(page, "Copied the text of “Packing”.");
    expect(await copied()).toBe("A *jacket* #rain");
    await context.clearPermissions();
    // As a page that came by HTTP, which has no clipboard.
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await act(page, "Copy link");
    await dock(page, `The browser does not let Notejam copy. The link is ${user.origin}/notes/${note.id}`);
    await page.evaluate(() => {
      window.print = () => {
        document.title = "Printed";
      };
    });
    await act(page, "Print");
    await eventually(() => page.title(), "Printed");

    await context.setOffline(true);
    await act(page, "Duplicate");
    await page.getByRole("status").getByRole("button", { name: "Try again" }).waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await dock(page, "This is a new note with the text of “Packing”.");
    await eventually(() => noteNames(page), ["Packing", "Packing"]);
    const [, , copyId = ""] = new URL(page.url()).pathname.split("/");
    expect(copyId).not.toBe(note.id);
    expect(await user.readNote(copyId)).toMatchObject({
      name: "Packing",
      text: "A *jacket* #rain",
      padId: pad.id,
      version: 1,
    });
    await page.keyboard.press("z");
    await page.waitForURL(`**/notes/${note.id}`);
    await eventually(() => noteNames(page), ["Packing"]);
  });

  it("are for what is written while it is written, and for the past where the past is read", async ({
    user,
  }) => {
    const { page, context } = user;
    const note = await user.createNote({ name: "Packing", text: "A jacket" });
    await user.saveNote(note, { text: "Two jackets" });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).fill("Three jackets");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await act(page, "Copy as Markdown");
    await dock(page, "Copied the text of “Packing”.");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Three jackets");
    await context.clearPermissions();
    await page.keyboard.press("Control+k");
    await field(page).fill(">");
    await eventually(async () => (await groups(page))[0]?.slice(0, 4), ["Packing", "Done", "History", "Pin"]);
    await page.keyboard.press("Escape");
    await act(page, "Delete");
    await dock(page, "Deleted “Packing”.");
    expect((await user.api.trash.$get({ query: {} }).then((answer) => answer.json())).notes).toMatchObject([
      { excerpt: "Three jackets" },
    ]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".prose", { hasText: "Three jackets" }).waitFor();

    await page.goto(`/past/${note.id}?at=${note.updatedAt}`);
    await page.getByRole("button", { name: "Restore this note" }).waitFor();
    await page.keyboard.press("Control+k");
    await field(page).fill(">");
    await eventually(
      () => groups(page),
      [["Packing", "Restore this note", "Compare with now", "Copy as Markdown", "Print"], ANYWHERE],
    );
    await page.keyboard.press("Escape");
    await page.goto("/trash");
    await waitForPage(page, "Trash");
    await act(page, "Dark theme");
    await eventually(() => page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await page.keyboard.press("Control+k");
    await field(page).fill(">theme");
    await eventually(() => groups(page), [["Anywhere", "Light theme", "Theme as the system"]]);
  });

  it("make a pad on a phone, whose sidebar is closed", async ({ phoneUser }) => {
    const { page } = phoneUser;
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await page.getByRole("button", { name: "Find" }).tap();
    await field(page).fill(">pad");
    await page.getByRole("option", { name: "New pad" }).tap();
    const dialog = page.getByRole("dialog", { name: "New pad" });
    await dialog.getByLabel("Name of the pad").fill("Garden");
    await dialog.getByRole("button", { name: "Create" }).tap();
    await waitForPage(page, "Garden");
  });
});

describe("Single keys", () => {
  it("write, go, pin and undo; and can be switched off", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "First" });
    await user.createNote({ name: "Second" });
    await page.goto("/");
    await eventually(() => noteNames(page), ["Second", "First"]);
    await page.locator(".note").first().focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await waitForPage(page, "First");
    await page.getByRole("button", { name: "Pin" }).waitFor();
    await page.keyboard.press("p");
    await eventually(() => noteNames(page), ["First", "Second"]);
    await page.keyboard.press("e");
    await textField(page).waitFor();
    // What is typed is text.
    await page.keyboard.type("n?");
    await page.keyboard.press("Escape");
    await page.locator(".prose", { hasText: "n?" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await waitForPage(page, "Settings");

    await page.getByLabel(/^Single keys/).uncheck();
    await page.reload();
    await waitForPage(page, "Settings");
    await page.keyboard.press("n");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Find, go to, do" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings");
  });
});

describe("The search of a list", () => {
  it("has names before texts, each with the words marked, and filters", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "River walk", text: "From the bridge on #lisbon" });
    await user.createNote({ name: "Packing", text: `${"Long before it. ".repeat(30)}Shoes for the RIVER` });
    await user.createNote({ name: "Bread", text: "Rye" });
    await page.goto("/");
    await waitForList(page, "All notes", 3);
    const box = page.getByRole("searchbox", { name: "Search notes" });
    await box.fill("river");
    await eventually(() => page.locator(".list .count").innerText(), "2 found");
    await waitForList(page, "All notes", 2);
    expect(await noteNames(page)).toEqual(["River walk", "Packing"]);
    expect(await page.locator(".list mark").allInnerTexts()).toEqual(["River", "RIVER"]);
    await box.fill("river #lisbon");
    await eventually(() => noteNames(page), ["River walk"]);
  });

  it("gives up what is no longer asked, and shows all that it finds", async ({ user }) => {
    const { page, context } = user;
    for (const part of [0, 1, 2]) {
      const some = Array.from({ length: 20 }, (_, i) => user.createNote({ name: `Tree ${part} ${i}` }));
      await Promise.all(some);
    }
    await page.goto("/");
    await waitForList(page, "All notes", 60);
    const failed: string[] = [];
    page.on("requestfailed", (request) => failed.push(new URL(request.url()).searchParams.get("q") ?? ""));
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await context.route(/\/api\/search\?.*q=tr&/, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    const box = page.getByRole("searchbox", { name: "Search notes" });
    await Promise.all([page.waitForRequest(/\/api\/search\?.*q=tr&/), box.fill("tr")]);
    await box.fill("tree");
    await eventually(async () => failed, ["tr"]);
    answer();
    await page.locator(".list mark").first().waitFor();
    await page.locator(".notes").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await waitForList(page, "All notes", 60);
  });
});
