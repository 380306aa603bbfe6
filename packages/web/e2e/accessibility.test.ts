// Accessibility: axe on every page, the keyboard, and light and dark.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { PASSWORD } from "./accounts.ts";
import {
  type AnonymousUser,
  eventually,
  focused,
  it,
  noteNames,
  tabTo,
  textField,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";
import { TIMEOUT_MS } from "./watched-context.ts";

const WIDEST = 1280;
/** 640 and 320 px are what a window of 1280 px has at 200 % and 400 %. */
const WIDTHS = [WIDEST, 768, 640, 320];
const NARROW = { width: 375, height: 720 };

/** Texts of people that are hard to lay out. */
const LONG = "x".repeat(100);
const ARABIC = "قائمة السفر";
const EVERYTHING = [
  "# One",
  "### Two",
  "A sentence with [a link](https://example.com) and `code`, #tag",
  "- [x] done",
  "|a|b|\n|-|-|\n|1|2|",
  "```\ncode\n```",
  "> quoted",
].join("\n\n");

// Each face is one that a page can have. `expectForEveryone` says what holds for all of them.
describe("Everyone can use", () => {
  it("the pages for users who are signed out", async ({ anonymousUser }) => {
    const { page } = anonymousUser;
    for (const [path, title] of [
      ["/signin", "Sign in"],
      ["/signup", "Make an account"],
      ["/forgot-password", "Forgot password"],
      ["/reset-password#token", "New password"],
      ["/no/such/page", "Not found"],
    ] as const) {
      await page.goto(path);
      await waitForPage(page, title);
      await expectForEveryone(anonymousUser);
    }
    await page.goto("/signup");
    await page.getByRole("button", { name: "Make an account" }).click();
    await page.getByText("Email is required").waitFor();
    await expectForEveryone(anonymousUser);
  });

  it("the lists: empty, full and searched", async ({ user }) => {
    const { page } = user;
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await expectForEveryone(user);

    const pad = await user.createPad(ARABIC);
    await user.createNote({ name: "Everything 🎉", text: EVERYTHING, padId: pad.id });
    await user.createNote({ name: LONG });
    await user.createNote({ name: ARABIC, text: ARABIC });
    for (const [path, title] of [
      ["/", "All notes"],
      ["/?q=nothing", "No notes match “nothing”"],
      [`/pads/${pad.id}`, pad.name],
      ["/tags/tag", "#tag"],
      ["/pinned", "No pinned notes"],
    ] as const) {
      await page.goto(path);
      await page.getByRole("heading", { name: title, exact: true }).first().waitFor();
      await expectForEveryone(user);
    }
  });

  it("what lies over a list: a menu, a dialog, a message, the places", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad(ARABIC);
    await user.createNote({ name: LONG, padId: pad.id });
    await page.goto(`/pads/${pad.id}`);
    await waitForPage(page, pad.name);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menu").waitFor();
    await expectForEveryone(user);
    await page.getByRole("menuitem", { name: "Rename pad" }).click();
    await page.getByRole("dialog", { name: "Rename pad" }).waitFor();
    await expectForEveryone(user);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete pad" }).click();
    await page.getByText("Deleted").waitFor();
    // It stays while the focus is in it.
    await page.getByRole("button", { name: "Undo" }).focus();
    await expectForEveryone(user);

    await page.setViewportSize(NARROW);
    await page.getByRole("button", { name: "Pads" }).click();
    await expectForEveryone(user);
  });

  it("several notes that are selected, and the choice of their pad", async ({ user }) => {
    const { page } = user;
    await user.createPad(LONG);
    await user.createNote({ name: LONG });
    await user.createNote({ name: ARABIC, text: ARABIC });
    await page.goto("/");
    await waitForList(page, "All notes", 2);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByRole("toolbar", { name: "Select notes" }).waitFor();
    await expectForEveryone(user);
    await page.keyboard.press("m");
    await page.getByRole("option").first().waitFor();
    await expectForEveryone(user);
  });

  it("what is there instead of a list, offline and when the service fails", async ({ user }) => {
    const { context, page } = user;
    user.allowStatus(500);
    user.allowNetworkErrors();
    await page.route("**/api/notes?*", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto("/");
    await page.getByText("Your notes could not be loaded").waitFor();
    await expectForEveryone(user);
    await context.setOffline(true);
    await page.getByText("You are offline.").waitFor();
    await expectForEveryone(user);
    await context.setOffline(false);
    await page.route("**/api/session", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto("/");
    await waitForPage(page, "This page could not be shown");
    await expectForEveryone(user);
  });

  it("a note, while it is read and while it is written", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad(LONG);
    const note = await user.createNote({ name: "Everything 🎉", text: EVERYTHING, padId: pad.id });
    const link = `[It](/notes/${note.id})`;
    await user.createNote({ name: LONG, text: link });
    await page.goto(`/notes/${note.id}`);
    await page.locator('.prose[aria-busy="false"]').waitFor();
    await expectForEveryone(user);
    await page.locator(".reader").getByRole("button", { name: "More" }).click();
    await page.getByRole("menu").waitFor();
    await expectForEveryone(user);

    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    for (const view of ["Write", "Beside", "Read"]) {
      await page.getByRole("button", { name: view, exact: true }).click();
      if (view !== "Write") await page.locator('.preview .prose[aria-busy="false"]').waitFor();
      await expectForEveryone(user);
    }
    await page.goto("/notes/create");
    await textField(page).waitFor();
    await expectForEveryone(user);
    await page.goto("/notes/00000000-0000-4000-8000-000000000000");
    user.allowStatus(404);
    await page.getByText("This note is not here").waitFor();
    await expectForEveryone(user);
  });

  it("the history of a note, its versions, and what differs", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    const pad = await user.createPad(LONG);
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    let note = await user.createNote({ name: LONG, text: [...lines, EVERYTHING, ARABIC].join("\n") });
    note = await user.saveNote(note, { padId: pad.id });
    note = await user.saveNote(note, {
      name: ARABIC,
      text: [...lines.with(25, LONG + LONG), LONG, `${ARABIC} 1`].join("\n"),
    });
    await page.goto(`/notes/${note.id}/history/2`);
    await page.locator(".compared .prose ins").first().waitFor();
    await expectForEveryone(user);
    await page.getByRole("button", { name: "Markdown" }).filter({ visible: true }).click();
    await page.getByRole("button", { name: "lines unchanged" }).waitFor();
    await expectForEveryone(user);
    await page.goto(`/notes/${note.id}/history`);
    await page.locator(".compared .line").first().waitFor();
    await expectForEveryone(user);
    await page.goto(`/notes/${note.id}/history/9`);
    await page.getByText("This version is not here").waitFor();
    await expectForEveryone(user);
    await user.deleteNote(note.id);
    await page.goto(`/notes/${note.id}/history`);
    await page.getByText("This note has no history here").waitFor();
    await expectForEveryone(user);
    user.allowStatus(500);
    await page.route("**/revisions?*", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto(`/notes/${note.id}/history`);
    await page.getByText("The history could not be loaded").waitFor();
    await expectForEveryone(user);
  });

  it("the trash: empty, full, and what it asks", async ({ user }) => {
    const { page } = user;
    user.allowStatus(409);
    await page.goto("/trash");
    await page.getByText("The trash is empty").waitFor();
    await expectForEveryone(user);
    const pad = await user.createPad(ARABIC);
    for (const name of [LONG, ARABIC]) {
      const note = await user.createNote({ name, text: EVERYTHING, padId: pad.id });
      await user.deleteNote(note.id);
    }
    await user.createNote({ padId: pad.id });
    await user.api.pads[":id"].$delete({ param: { id: pad.id } });
    await page.reload();
    await page
      .getByRole("button", { name: new RegExp(`^Restore “.?${ARABIC}.?”`) })
      .first()
      .waitFor();
    await expectForEveryone(user);
    await page.getByRole("button", { name: `Restore “${LONG}”` }).click();
    await page.getByRole("dialog", { name: "Its pad is in the trash too" }).waitFor();
    await expectForEveryone(user);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Delete forever “${LONG}”` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete forever" }).click();
    await page.getByText("Password is required").waitFor();
    await expectForEveryone(user);
    await page.goto(`/trash?pad=${pad.id}`);
    await page.locator(".trashed").waitFor();
    await expectForEveryone(user);
    await page.goto(`/trash?q=${LONG}1`);
    await page.getByText("Nothing in the trash matches").waitFor();
    await expectForEveryone(user);
  });

  it("the time machine: empty, notes of a time, a note, and how restoring goes", async ({ user }) => {
    const { page } = user;
    user.allowNetworkErrors();
    await page.goto("/past");
    await page.getByText("No notes then").waitFor();
    await expectForEveryone(user);
    const pad = await user.createPad(LONG);
    const note = await user.createNote({ name: LONG, text: EVERYTHING, padId: pad.id });
    await user.createNote({ name: ARABIC, text: ARABIC, padId: pad.id });
    const at = new Date(Date.now() + 1).toISOString();
    await user.saveNote(note, { text: "another" });
    await page.goto(`/past?at=${at}`);
    await page.locator(".notes .note").first().waitFor();
    await expectForEveryone(user);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    await expectForEveryone(user);
    await page.keyboard.press("Escape");
    await page.locator(".notes .note").last().click();
    await page.locator('.prose[aria-busy="false"]').waitFor();
    await expectForEveryone(user);

    let answer = () => {};
    await page.route("**/api/history/restore", async (route) => {
      await new Promise<void>((resolve) => (answer = resolve));
      await route.abort();
    });
    await page.getByRole("button", { name: "Restore all …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore all" }).click();
    await page.getByText("Restored 0 of 1 note.").waitFor();
    await expectForEveryone(user);
    answer();
    await page.getByText("Restored 0 of 1 note, then it ended:").waitFor();
    await expectForEveryone(user);
  });

  it("the time machine where there is nothing to read: no time of the account, and the service fails", async ({
    user,
  }) => {
    const { page } = user;
    user.allowStatus(500);
    const at = new Date().toISOString();
    await page.goto("/past?at=yesterday");
    await page.getByText("There are no notes of this time").waitFor();
    await expectForEveryone(user);
    const field = page.getByLabel("Date and time");
    await field.fill("2020-01-01T10:00");
    await field.blur();
    await page.getByRole("region", { name: "Time machine" }).getByRole("alert").waitFor();
    await expectForEveryone(user);
    await page.route("**/api/history?*", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto(`/past?at=${at}`);
    await page.getByText("The notes of that time could not be loaded").waitFor();
    await expectForEveryone(user);
  });

  it("a conflict, the dialogs, the palette and the settings", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404, 412);
    const note = await user.createNote();
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    await user.saveNote(note, { text: "theirs" });
    await textField(page).fill("mine");
    await page.getByRole("region", { name: "Both sides" }).waitFor();
    await expectForEveryone(user);

    await user.loseSession();
    await page.getByRole("button", { name: "Keep here" }).click();
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    await expectForEveryone(user);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await waitForState(page, "Saved");
    await user.deleteNote(note.id);
    await textField(page).fill("mine alone");
    await page.getByRole("button", { name: "Save as a new note" }).waitFor();
    await expectForEveryone(user);
    await page.getByRole("button", { name: "Save as a new note" }).click();
    await waitForState(page, "Saved");

    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
    await expectForEveryone(user);
    await page.getByRole("combobox", { name: "Find, go to, do" }).fill("nothing at all");
    await page.getByText("Nothing for “nothing at all”").waitFor();
    await expectForEveryone(user);
    await page.keyboard.press("Escape");
    await page.goto("/");
    await page.locator(".note").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await expectForEveryone(user);
    await page.goto("/settings");
    await page.getByText("This browser").waitFor();
    await expectForEveryone(user);
    await page.goto("/signout");
    await waitForPage(page, "Sign out");
    await expectForEveryone(user);
  });
});

describe("The keyboard", () => {
  it("signs in, creates a note and opens it, without a mouse", async ({ user }) => {
    const { page } = user;
    await user.loseSession();
    await page.goto("/signin");
    await waitForPage(page, "Sign in");
    await tabTo(page, "Email");
    await page.keyboard.type(user.email);
    await tabTo(page, "Password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await waitForList(page, "All notes", 0);
    await eventually(() => focused(page), "Write the first note");
    await page.keyboard.press("Enter");
    await waitForPage(page, "New note");
    // Writing begins at once.
    await textField(page).waitFor();
    await page.keyboard.type("By keyboard\nSome text");
    await page.keyboard.press("Control+Enter");
    await waitForPage(page, "By keyboard");
    await eventually(() => focused(page), "By keyboard");
    await tabTo(page, "Edit");
  });

  it("reaches the first row of a list within eight steps, past any number of pads and tags, and every form in none", async ({
    user,
  }) => {
    const { page } = user;
    for (let i = 0; i < 12; i++) await user.createPad(`Pad ${i}`);
    await user.createNote({
      name: "First",
      text: Array.from({ length: 12 }, (_, i) => `#tag${i}`).join(" "),
    });
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    await page.locator(".tags a").last().waitFor();
    let steps = 0;
    for (; !(await focused(page)).startsWith("First"); steps++) await page.keyboard.press("Tab");
    expect(steps).toBeLessThanOrEqual(8);
    // What is the same on every page is skipped from its top too.
    await page.getByRole("button", { name: "To the text" }).press("Enter");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("More");

    await page.getByRole("button", { name: "New pad" }).press("Enter");
    await eventually(() => focused(page), "Name of the pad");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Pad 3" }).click();
    await waitForPage(page, "Pad 3");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Rename pad" }).click();
    await eventually(() => focused(page), "Name of the pad");
    await user.loseSession();
    for (const [path, field] of [
      ["/signin", "Email"],
      ["/signup", "Email"],
      ["/forgot-password", "Email"],
      ["/reset-password#token", "New password"],
    ] as const) {
      await page.goto(path);
      await eventually(() => focused(page), field);
    }
  });

  it("has a place after each act", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    for (const name of ["E", "D", "C", "B", "A"]) await user.createNote({ name, text: name });
    const old = await user.createNote({ name: "Old" });
    const older = await user.createNote({ name: "Older" });
    await user.deleteNote(older.id);
    await user.deleteNote(old.id);
    await page.setViewportSize({ width: 1440, height: 900 });

    const { keyboard } = page;
    /** Presses keys one after the other, or acts by the mouse, and expects where the focus is when that is done. */
    const at = async (
      act: string | (() => Promise<unknown>),
      place: string,
      done?: () => Promise<unknown>,
    ) => {
      if (typeof act === "string") for (const key of act.split(" ")) await keyboard.press(key);
      else await act();
      await done?.();
      await expect
        .poll(() => placeOfFocus(page), { message: `after ${act}`, timeout: TIMEOUT_MS })
        .toMatch(new RegExp(`^${place}`));
    };
    const button = (name: string) => () => page.getByRole("button", { name, exact: true }).click();
    const menu = (region: string, item: string) => async () => {
      await page.locator(region).getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    };
    const inToolbar = (name: string) => () =>
      page.getByRole("toolbar").getByRole("button", { name, exact: true }).click();
    const places = (name: string) => page.locator(".side").getByRole("link", { name }).waitFor();
    const isSaid = (words: string) => page.locator(".dock", { hasText: words }).waitFor();

    // The list.
    await page.goto("/");
    await waitForList(page, "All notes", 5);
    await at("j j", "link B");
    await at("p", "link B", () => places("Pinned 1"));
    await at("p", "link B", () => places("Pinned 0"));
    await at("m", "input Move to a pad");
    await at("Escape", "link B");
    await at("m", "input");
    await at("Enter", "link B", () => isSaid("Moved"));
    await at("z", "link B", () => places("Trips 0"));
    await at("#", "link C", () => isSaid("Deleted"));
    await at(button("Undo"), "link C", () => waitForList(page, "All notes", 5));
    await at("x Escape", "link C");
    await at("x", "link C");
    await at(inToolbar("Archive"), "link D", () => isSaid("Archived"));
    await at("z", "link D", () => waitForList(page, "All notes", 5));
    await at("x", "link D");
    await at(inToolbar("Cancel"), "link D");
    await at("x", "link D");
    await at(inToolbar("Delete"), "link E", () => isSaid("Deleted"));
    await at("z", "link E");
    await at(menu(".list", "Select notes"), "button More");
    await at("Escape", "button More");
    await at(async () => {
      await page.locator(".list").getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitemradio").nth(2).click();
    }, "button More");
    await eventually(async () => (await noteNames(page))[0], "A");

    // The reader.
    await at("j Enter", "h1 A");
    await page.locator("[data-key=pin]").waitFor();
    await at("p", "h1 A");
    await at("m", "input Move to a pad");
    await at("Enter", "h1 A", () => isSaid("Moved"));
    await at("z", "h1 A");
    await at(menu(".reader", "Archive"), "button More", () => isSaid("Archived"));
    await at(button("Undo"), "button More");
    await at("Control+k", "input");
    await at("Escape", "button More");
    await at("?", "p ");
    await at("Escape", "button More");
    await at("#", "link B", () => isSaid("Deleted"));
    await at("z", "h1 A");
    await page.locator("[data-key=pin]").waitFor();
    await at(menu(".reader", "Delete"), "link B", () => isSaid("Deleted"));
    await at(button("Undo"), "h1 A");
    await page.locator("[data-key=pin]").waitFor();
    await at("h", "h1 History");
    await at("Escape", "h1 A");
    await page.locator("[data-key=pin]").waitFor();
    await at("h", "h1 History");
    await at(() => page.getByRole("link", { name: "Close" }).click(), "h1 A");
    await at("e", "text Text");
    await at("Escape", "h1 A");
    await at("e", "text Text");
    await at(button("Find"), "input");
    await at("Escape", "text Text");
    await at(button("Done"), "h1 A");
    await at("Escape", "link A");

    // The trash.
    await at("g t", "h1 Trash");
    await page.locator(".trashed").last().waitFor();
    await at("j", "button Restore “Old”");
    await at("Enter", "button Restore “Older”", () => isSaid("Restored"));
    await at("z", "button Restore “Older”");
    await page.locator(".trashed").nth(1).waitFor();
    await at(button("Delete forever “Old”"), "input Password");
    await at("Escape", "button Delete forever “Old”");
    await at(button("Delete forever “Old”"), "input Password");
    await keyboard.type(PASSWORD);
    await at("Enter", "button Restore “Older”");
    await at("Enter", "h1 Trash");

    // The time machine.
    await at("g h", "h1 All notes");
    await page.goto(`/past?at=${new Date().toISOString()}`);
    await page.locator(".list .note").first().waitFor();
    await at("j", "link ");
    await at("Enter", "h1 ");
    await at("Escape", "link ");
    await at("x", "link ");
    await at(inToolbar("Restore …"), "button Restore");
    await at("Escape", "button Restore …");
    await at(inToolbar("Cancel"), "link ");
    await at(button("Restore all …"), "button Restore all");
    await at("Escape", "button Restore all …");

    // A pad, which is made, renamed and deleted.
    await at("g a", "h1 All notes");
    await at(button("New pad"), "input Name of the pad");
    await at("Escape", "button New pad");
    await page.goto(`/pads/${pad.id}`);
    await waitForList(page, "Trips", 0);
    await at(menu(".list", "Rename pad"), "input Name of the pad");
    await at("Enter", "button More");
    await at(menu(".list", "Delete pad"), "h1 All notes", () => isSaid("Deleted"));
    await at("z", "h1 Trips");

    // A note that is written from its address.
    await page.goto(`/notes/${(await user.createNote({ name: "By address" })).id}/edit`);
    await textField(page).waitFor();
    await at("Escape", "h1 By address");
  });
});

describe("By touch", () => {
  it("what is pressed has 44 px on a wide screen too", async ({ user }) => {
    const { context, page } = user;
    const touch = await context.newCDPSession(page);
    await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await page.setViewportSize({ width: 1024, height: 768 });
    const pad = await user.createPad("A pad");
    const note = await user.createNote({ text: EVERYTHING, padId: pad.id });
    await page.goto(`/notes/${note.id}`);
    await page.locator('.prose[aria-busy="false"]').waitFor();
    expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(true);
    for (const width of [1024, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await smallTargets(page), `note ${width}`).toEqual([]);
    }
    await page.locator("[data-key=edit]").click();
    await textField(page).waitFor();
    expect(await smallTargets(page), "editor").toEqual([]);
    await page.goto("/settings");
    await page.getByText("This browser").waitFor();
    expect(await smallTargets(page), "settings").toEqual([]);
    await touch.detach();
  });
});

describe("From right to left", () => {
  it("the panes change sides, and texts keep their own direction", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: ARABIC, text: `${ARABIC}\nEnglish` });
    await page.goto("/");
    await page.locator(".note").waitFor();
    const lefts = () =>
      page.evaluate(() =>
        [".side", ".list", ".reader"].map(
          (pane) => document.querySelector(pane)?.getBoundingClientRect().left ?? Number.NaN,
        ),
      );
    await page.setViewportSize({ width: 1440, height: 900 });
    const ltr = await lefts();
    expect(ltr).toEqual([...ltr].sort((a, b) => a - b));
    expect(await page.locator(".note b").evaluate((name) => getComputedStyle(name).direction)).toBe("rtl");
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    const rtl = await lefts();
    expect(rtl).toEqual([...rtl].sort((a, b) => b - a));
    expect(
      await page
        .locator(".wordmark")
        .first()
        .evaluate((mark) => getComputedStyle(mark).direction),
    ).toBe("ltr");

    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    const lines = () =>
      textField(page)
        .locator(".cm-line")
        .evaluateAll((all) => all.map((line) => getComputedStyle(line).direction));
    expect(await lines()).toEqual(["rtl", "ltr"]);
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
    await page.keyboard.type(ARABIC);
    await eventually(lines, ["rtl", "ltr", "rtl"]);
  });

  it("a name turns no word around it, whatever controls of direction it has", async ({ user }) => {
    const { page } = user;
    // An override that nothing ends, and an end of an isolate that the name has not begun.
    const name = "Turned \u2069\u202eand never ended";
    const note = await user.createNote({ name });
    await page.goto(`/notes/${note.id}`);
    const shown = "\u2068Turned \u202eand never ended\u2069";
    await eventually(() => page.title(), `${shown} · Notejam`);
    await page.locator(".reader").getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const said = page.locator(".dock p");
    await eventually(() => said.textContent(), "Deleted \u2068“Turned \u202eand never ended”\u2069.");
    const isLastRightmost = await said.evaluate((line) => {
      const text = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode() as Text;
      const range = document.createRange();
      const rights = [...text.data].map((_, i) => {
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        return range.getBoundingClientRect().right;
      });
      return rights.at(-1) === Math.max(...rights);
    });
    expect(isLastRightmost).toBe(true);
  });
});

describe("In forced colours", () => {
  it("the current row, the chosen one and the focus are seen", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote();
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto(`/notes/${note.id}`);
    await page.locator(".note[aria-current]").waitFor();
    const highlight = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = "Highlight";
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    const bar = (row: string) =>
      page
        .locator(row)
        .first()
        .evaluate((element) => getComputedStyle(element, "::before").backgroundColor);
    expect(await bar(".note[aria-current]")).toBe(highlight);

    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
    expect(await bar('[role=option][aria-selected="true"]')).toBe(highlight);
    await page.keyboard.press("Escape");

    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    await page.getByRole("textbox", { name: "Name" }).focus();
    expect(await focusRing(page)).not.toBe("none");
    await page.getByRole("button", { name: "Done" }).focus();
    expect(await focusRing(page)).not.toBe("none");
  });

  it("found words and the slider of the time machine are seen", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Apples", text: "Green ones" });
    await page.emulateMedia({ forcedColors: "active" });
    const background = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    await page.goto("/?q=green");
    await page.locator(".note mark").first().waitFor();
    expect(["rgba(0, 0, 0, 0)", await background("body")]).not.toContain(await background(".note mark"));
    await page.goto("/past");
    const slider = page.getByRole("slider");
    await slider.waitFor();
    // Above the slider's line there is its thumb alone.
    const above = async (at: number) => {
      await slider.evaluate((input: HTMLInputElement, at) => {
        Object.assign(input, { min: "0", max: "100", step: "1", value: String(at) });
      }, at);
      const { x = 0, y = 0, width = 0, height = 0 } = (await slider.boundingBox()) ?? {};
      return await page.screenshot({ clip: { x, y: y + height / 2 - 9, width, height: 7 } });
    };
    expect((await above(100)).equals(await above(0))).toBe(false);
  });
});

describe("Light and dark", () => {
  it("follow the system or the user's choice, before the first paint", async ({ user: { page } }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    expect(await background(page)).toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await background(page);
    expect(dark).not.toBe("rgb(255, 255, 255)");

    await page.goto("/settings");
    await page.getByRole("button", { name: "Light" }).click();
    expect(await background(page)).toBe("rgb(255, 255, 255)");
    expect(await page.getByRole("button", { name: "Light" }).getAttribute("aria-pressed")).toBe("true");
    // The app's code does not load, so this is what is there before it.
    await page.route("**/assets/*.js", (route) => new Promise<void>(() => void route));
    await page.goto("/settings", { waitUntil: "commit" });
    await eventually(() => background(page), "rgb(255, 255, 255)");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.reload();
    await page.getByRole("button", { name: "As the system" }).click();
    expect(await background(page)).toBe(dark);
  });
});

/**
 * axe finds nothing in light and dark, nothing scrolls sideways down to 320 px and from right to left, what is pressed by touch
 * has 44 px, and nothing moves for users who want no motion.
 */
async function expectForEveryone({ page }: AnonymousUser): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  // Colours would be measured in the middle of their change.
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
  expect(await moving(page), `${page.url()} moves`).toEqual([]);
  const at = (what: string) => `${page.url()} ${what}`;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const dir of ["ltr", "rtl"] as const) {
      expect(await misplaced(page, dir), at(`${width} ${dir}`)).toEqual({ sideways: [], overlapping: [] });
    }
    if (width === WIDEST) {
      expect(await findings(page, "all"), at(`${width} light`)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      // Nothing else differs.
      expect(await findings(page, "colours"), at(`${width} dark`)).toEqual([]);
      await page.emulateMedia({ colorScheme: "light" });
    }
  }
  expect(await smallTargets(page), at("by touch")).toEqual([]);
  expect(await findings(page, "all but colours"), at("narrow")).toEqual([]);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findings(page, "colours of what looks different"), at(`narrow ${colorScheme}`)).toEqual([]);
  }
  await page.setViewportSize({ width: WIDEST, height: 800 });
}

/** What moves or changes slowly. A delay alone moves nothing. */
function moving(page: Page): Promise<string[]> {
  const LONGEST_S = 0.001;
  return page.evaluate((longest) => {
    const seconds = (times: string) => Math.max(...times.split(",").map(Number.parseFloat));
    return [...document.querySelectorAll("body, body *")]
      .filter((element) => {
        const style = getComputedStyle(element);
        return seconds(style.transitionDuration) > longest || seconds(style.animationDuration) > longest;
      })
      .map((element) => (element.cloneNode() as Element).outerHTML);
  }, LONGEST_S);
}

/**
 * In a direction of the layout, what can be scrolled sideways, but for what is wide by itself (code, tables, the row of tools),
 * and the controls of one bar that lie over each other or below it.
 */
function misplaced(page: Page, dir: "ltr" | "rtl"): Promise<{ sideways: string[]; overlapping: string[] }> {
  return page.evaluate((dir) => {
    const root = document.documentElement;
    root.setAttribute("dir", dir);
    const own = "pre, .table-frame, .tools, .cm-scroller";
    const sideways = [root, ...document.querySelectorAll("body *")]
      .filter((element) => element.scrollWidth > element.clientWidth && !element.matches(own))
      .filter((element) => element === root || /auto|scroll/.test(getComputedStyle(element).overflowX))
      .map((element) => (element.cloneNode() as Element).outerHTML);
    const overlapping: string[] = [];
    for (const bar of document.querySelectorAll(".bar")) {
      const { bottom } = bar.getBoundingClientRect();
      for (const button of bar.querySelectorAll("button:not([role^=menuitem], dialog *)")) {
        if (button.getBoundingClientRect().bottom > bottom + 1)
          overlapping.push(`${button.outerHTML} is below its bar`);
      }
    }
    for (const bar of document.querySelectorAll(".bar, .thumb, .foot, .acts, .choice, .between")) {
      const boxes = [...bar.children]
        .map((child) => ({ child, box: child.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && box.height > 1);
      boxes.forEach(({ child, box }, i) => {
        const next = boxes[i + 1];
        if (!next) return;
        const across = Math.min(box.right, next.box.right) - Math.max(box.left, next.box.left);
        const down = Math.min(box.bottom, next.box.bottom) - Math.max(box.top, next.box.top);
        if (across > 1 && down > 1) overlapping.push(`${child.outerHTML} and ${next.child.outerHTML}`);
      });
    }
    root.removeAttribute("dir");
    return { sideways, overlapping };
  }, dir);
}

/** Visible controls under 44 px, but for links within a sentence. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const SIDE = 44;
    const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    // A box in a text has its target round it.
    const isHitAround = (element: Element, { x, y, width, height }: DOMRect) =>
      [-1, 1].every((side) => {
        const off = side * (SIDE / 2 - 1);
        const hit = (across: number, down: number) =>
          document.elementFromPoint(x + width / 2 + across, y + height / 2 + down);
        return hit(off, 0) === element && hit(0, off) === element;
      });
    const isInSentence = (element: Element) =>
      element.matches("a, .link") &&
      getComputedStyle(element).display.startsWith("inline") &&
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && /\p{L}/u.test(node.textContent ?? ""),
      );
    return [...scope.querySelectorAll("a[href], button, input, select, textarea, [role=option]")]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((element) => !element.matches(".hush, .skip") && !isInSentence(element))
      .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.width < SIDE - 0.5 || box.height < SIDE - 0.5)
      .filter(({ element, box }) => !element.matches(".task") || !isHitAround(element, box))
      .map(({ element, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML}`);
  });
}

/**
 * What axe finds. Measuring colours takes as long as all the rest, so they are measured again only of what was not there, or looks
 * different, since they were measured last in this colour scheme.
 */
async function findings(
  page: Page,
  what: "all" | "colours" | "all but colours" | "colours of what looks different",
): Promise<string[]> {
  const { violations } = await page.evaluate(async (what) => {
    type Looks = Map<Element, string>;
    const own = window as unknown as { axe: typeof axe; light?: Looks; dark?: Looks };
    const COLOURS = "color-contrast";
    // What passes is not described.
    const QUICK: axe.RunOptions = { resultTypes: ["violations"], selectors: false, preload: false };
    if (what === "all but colours")
      return await own.axe.run({ ...QUICK, rules: { [COLOURS]: { enabled: false } } });
    const looks: Looks = new Map();
    for (const element of document.querySelectorAll("body *")) {
      if (!element.checkVisibility()) continue;
      const { color, backgroundColor, opacity, fontSize, fontWeight } = getComputedStyle(element);
      looks.set(element, [color, backgroundColor, opacity, fontSize, fontWeight].join());
    }
    const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const measured = own[scheme];
    if (what !== "colours of what looks different") {
      own[scheme] = looks;
      return await own.axe.run({ ...QUICK, ...(what === "colours" && { runOnly: COLOURS }) });
    }
    const include = [...looks.keys()].filter((element) => measured?.get(element) !== looks.get(element));
    if (include.length === 0) return { violations: [] };
    return await own.axe.run({ include }, { ...QUICK, runOnly: COLOURS });
  }, what);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** What has the focus: its kind and its name. */
function placeOfFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    const inText = element.shadowRoot?.activeElement;
    const kind = inText ? "text" : element.tagName.toLowerCase().replace(/^a$/, "link");
    const name =
      (inText ?? element).getAttribute("aria-label") ??
      element.labels?.[0]?.textContent ??
      element.textContent;
    return `${kind} ${name?.trim()}`;
  });
}

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}

/** The line round the focused element. */
function focusRing(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
}
