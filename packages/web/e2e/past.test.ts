// The time machine in the browser: notes as they stood at a time.
import type { Note } from "@notejam/core/note/schema";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, tabTo, type User, waitForList, waitForPage } from "./fixtures.ts";

/** The time in the address. */
const atOf = (page: Page) => new URL(page.url()).searchParams.get("at") ?? "";

const bar = (page: Page) => page.getByRole("region", { name: "Time machine" });

describe("The time machine", () => {
  it("is reached by G H, and from the sidebar, the palette, the trash and a pad", async ({ user }) => {
    const { page } = user;
    // What it shows is asked of the service, which need not have it here.
    user.allowStatus(404);
    const pad = await user.createPad("Travel");
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await bar(page).waitFor();
    expect(new URL(page.url()).pathname).toBe("/past");
    await bar(page).getByRole("link", { name: "Back to now" }).click();
    await waitForList(page, "All notes", 0);

    await page
      .getByRole("navigation", { name: "Places" })
      .getByRole("link", { name: "Notes as of …" })
      .click();
    await bar(page).waitFor();
    expect(await page.getByRole("link", { name: "Notes as of …" }).getAttribute("aria-current")).toBe("page");
    await page.getByText("There is no note yet.").waitFor();
    await page.goBack();

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(">as of");
    await page.keyboard.press("Enter");
    await bar(page).waitFor();

    await page.goto("/trash");
    await page.getByRole("link", { name: "notes as of …", exact: true }).click();
    await bar(page).waitFor();

    await page.goto(`/pads/${pad.id}`);
    await waitForPage(page, "Travel");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Notes as of …" }).click();
    await bar(page).waitFor();
    expect(new URL(page.url()).searchParams.get("pad")).toBe(pad.id);
    await bar(page).getByRole("link", { name: "Back to now" }).click();
    await waitForPage(page, "Travel");
  });

  it("says which times there are, for one that is not the account's or none at all", async ({ user }) => {
    const { page } = user;
    for (const at of ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterday"]) {
      await page.goto(`/past?at=${at}`);
      await page.getByRole("alert").getByText("There are no notes of this time").waitFor();
      await page.getByText(/^Choose a time from .+, when the account was made, until now\.$/).waitFor();
    }
    // From its field too.
    const field = bar(page).getByLabel("Date and time");
    await field.fill("2020-01-01T10:00");
    await field.blur();
    await bar(page).getByRole("alert").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(new URL(page.url()).searchParams.get("at")).toBe("yesterday");
    await field.fill((await field.getAttribute("max")) ?? "");
    await page.getByText("No notes then").waitFor();
    expect(Date.parse(atOf(page))).not.toBeNaN();
    expect(await bar(page).getByRole("alert").count()).toBe(0);
    await bar(page).getByRole("link", { name: "Back to now" }).click();
    await waitForList(page, "All notes", 0);
  });

  /** A time after all that was done, and before what comes. */
  async function momentAfter(page: Page): Promise<string> {
    await page.waitForTimeout(5);
    const at = new Date().toISOString();
    await page.waitForTimeout(5);
    return at;
  }

  const listed = (page: Page) => page.locator(".notes .note b").allInnerTexts();

  it("shows all notes as they stood, and those of one pad, each with its text then", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Travel");
    const lisbon = await user.createNote({ name: "Lisbon", text: "Two *nights*.", padId: pad.id });
    const letter = await user.createNote({ name: "Letter", text: "Dear Mr Novák" });
    const at = await momentAfter(page);
    await user.saveNote(lisbon, { name: "Porto", text: "One night.", padId: null });
    await user.deleteNote(letter.id);
    await user.createNote({ name: "Later" });
    await page.goto(`/past?at=${at}`);

    await eventually(() => listed(page), ["Letter", "Lisbon"]);
    await page.getByText("Travel: Two nights.").waitFor();
    await page.locator(".note", { hasText: "Lisbon" }).click();
    await waitForPage(page, "Lisbon");
    await page.locator(".prose em", { hasText: "nights" }).waitFor();
    await page.getByText(/^As it stood /).waitFor();
    await page.getByRole("combobox", { name: "Pad" }).selectOption("Travel");
    await eventually(() => listed(page), ["Lisbon"]);
    await page.locator(".note").click();
    await waitForPage(page, "Lisbon");
    await page.getByRole("link", { name: "Compare with now" }).click();
    await waitForPage(page, "History");
    await page.getByRole("link", { name: "Porto" }).or(page.getByText("Porto")).first().waitFor();
  });

  it("leads from a time before the first note to that note", async ({ user }) => {
    const { page } = user;
    const before = await momentAfter(page);
    const pad = await user.createPad("Travel");
    await user.createNote({ name: "Letter" });
    await page.goto(`/past?at=${before}`);
    await page.getByText(/^Your first note is of .*\d\.$/).waitFor();
    await page.getByRole("button", { name: /^Go to / }).click();
    await eventually(() => listed(page), ["Letter"]);
    await page.goto(`/past?at=${await momentAfter(page)}&pad=${pad.id}`);
    await page.getByText("Choose another time.").waitFor();
  });

  it("goes to a time by the keyboard alone: a day, in the field, and along the slider", async ({ user }) => {
    const { page } = user;
    user.allowStatus(422);
    await page.setViewportSize({ width: 1440, height: 900 });
    await user.createNote({ name: "Letter" });
    const at = await momentAfter(page);
    await page.goto(`/past?at=${at}`);
    await eventually(() => listed(page), ["Letter"]);
    const nothing = page.getByText("No notes then");
    await tabTo(page, "A day earlier");
    await page.keyboard.press("Enter");
    // The account is younger than a day: it begins without a note.
    await nothing.waitFor();
    const start = Date.parse(atOf(page));
    expect(start).toBeLessThan(Date.parse(at));
    await tabTo(page, "A day later");
    await page.keyboard.press("Enter");
    await eventually(() => listed(page), ["Letter"]);
    expect(Date.parse(atOf(page))).toBeGreaterThan(Date.parse(at));

    await tabTo(page, "Date");
    await page.keyboard.press("Home");
    await nothing.waitFor();
    const first = Date.parse(atOf(page));
    await page.keyboard.press("ArrowRight");
    await eventually(async () => Date.parse(atOf(page)) > first, true);
    await page.keyboard.press("End");
    await eventually(() => listed(page), ["Letter"]);

    // Of an account of hours, the field has no other day. The service knows better what there was.
    await page.route("**/api/session", async (route) => {
      const response = await route.fetch();
      const { user, ...session } = await response.json();
      await route.fulfill({
        response,
        json: { ...session, user: { ...user, createdAt: "2024-02-10T10:00:00Z" } },
      });
    });
    await page.goto(`/past?at=${at}`);
    await eventually(() => listed(page), ["Letter"]);
    await tabTo(page, "Date and time");
    // Its third part is the year.
    for (const key of ["Tab", "Tab", "ArrowDown"]) await page.keyboard.press(key);
    await page.getByRole("alert").getByText("There are no notes of this time").waitFor();
    expect(Date.parse(at) - Date.parse(atOf(page))).toBeGreaterThan(364 * 86_400_000);
  });

  it("goes to a time by touch: a day or along the slider, on a phone and on a tablet", async ({
    phoneUser: user,
  }) => {
    const { page } = user;
    await user.createNote({ name: "Letter" });
    const at = await momentAfter(page);
    await page.goto(`/past?at=${at}`);
    await eventually(() => listed(page), ["Letter"]);
    // The time is written out, in the person's language, under the thumb.
    const written = await page.evaluate(
      (at) =>
        new Intl.DateTimeFormat(navigator.language, {
          dateStyle: "full",
          timeStyle: "short",
          hourCycle: "h23",
        }).format(new Date(at)),
      at,
    );
    await bar(page).getByText(written).waitFor();
    const { y = 0 } = (await bar(page).boundingBox()) ?? {};
    expect(y).toBeGreaterThan(422);
    const field = bar(page).getByLabel("Date and time");
    await page.evaluate(() => {
      // Headless, no picker shows; that the field is what is pressed is enough.
      addEventListener("click", ({ target }) =>
        document.body.setAttribute("data-pressed", String((target as Element).tagName)),
      );
    });
    const words = await bar(page).getByText(written).boundingBox();
    await page.touchscreen.tap((words?.x ?? 0) + 20, (words?.y ?? 0) + 5);
    await eventually(() => page.locator("body").getAttribute("data-pressed"), "INPUT");
    await field.blur();
    expect(await bar(page).getByRole("slider").getAttribute("aria-valuetext")).toBe(written);
    const nothing = page.getByText("No notes then");
    await page.getByRole("button", { name: "A day earlier" }).tap();
    await nothing.waitFor();
    await page.getByRole("button", { name: "A day later" }).tap();
    await eventually(() => listed(page), ["Letter"]);

    const slider = bar(page).getByRole("slider", { name: "Date" });
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 1366, height: 1024 },
    ]) {
      await page.setViewportSize(viewport);
      const { width, height } = (await slider.boundingBox()) ?? { width: 0, height: 0 };
      await slider.tap({ position: { x: 2, y: height / 2 } });
      await nothing.waitFor();
      await slider.tap({ position: { x: width - 2, y: height / 2 } });
      await eventually(() => listed(page), ["Letter"]);
    }
  });

  it("restores one note by the keyboard, and the undo puts it back into the trash", async ({ user }) => {
    const { page } = user;
    const letter = await user.createNote({ name: "Letter", text: "Dear Mr Novák" });
    const at = await momentAfter(page);
    await user.deleteNote(letter.id);
    await page.goto(`/past?at=${at}`);
    await eventually(() => listed(page), ["Letter"]);
    user.allowStatus(404);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await waitForPage(page, "Letter");
    await tabTo(page, "Restore this note", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Restored “Letter” as it was.").waitFor();
    expect((await user.readNote(letter.id)).text).toBe("Dear Mr Novák");
    await page.getByText("It is the same now.").waitFor();

    await page.keyboard.press("z");
    await eventually(async () => (await (await user.api.trash.$get()).json()).total, 1);
  });

  it("restores one note by touch, and the undo gives back what it had", async ({ phoneUser: user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Lisbon", text: "Two nights." });
    const at = await momentAfter(page);
    await user.saveNote(note, { text: "One night." });
    await page.goto(`/past?at=${at}`);
    await page.locator(".notes .note").tap();
    await page.locator(".prose").getByText("Two nights.").waitFor();
    await page.getByRole("button", { name: "Restore this note" }).tap();
    await page.getByText("Restored “Lisbon” as it was.").waitFor();
    expect((await user.readNote(note.id)).text).toBe("Two nights.");
    await page.getByRole("button", { name: "Undo" }).tap();
    await eventually(async () => (await user.readNote(note.id)).text, "One night.");
    await page.getByRole("link", { name: "‹ Notes" }).tap();
    await eventually(() => listed(page), ["Lisbon"]);
  });

  /** Three notes that were all written on since the time. */
  async function threeNotes(user: User): Promise<{ at: string; texts: () => Promise<string[]> }> {
    const made: Note[] = [];
    for (const name of ["A", "B", "C"]) made.push(await user.createNote({ name, text: `${name} before` }));
    const at = await momentAfter(user.page);
    for (const note of made) await user.saveNote(note, { text: "after" });
    const texts = () => Promise.all(made.map(async ({ id }) => (await user.readNote(id)).text));
    await user.page.goto(`/past?at=${at}`);
    await eventually(() => listed(user.page), ["C", "B", "A"]);
    return { at, texts };
  }

  it("restores several notes that are selected by the keyboard", async ({ user }) => {
    const { page } = user;
    const { texts } = await threeNotes(user);
    for (const key of ["j", "x", "j", "Shift+x"]) await page.keyboard.press(key);
    await page.getByText("2 selected").waitFor();
    // A press selects instead of opening.
    await page.locator(".notes .note").last().click();
    await page.getByText("3 selected").waitFor();
    await page.getByRole("checkbox", { name: "Select “B”" }).press("Space");
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Restore …", exact: true }).press("Enter");
    const question = page.getByRole("dialog");
    await question.getByRole("heading", { name: /^Restore 2 notes as of / }).waitFor();
    await question.getByRole("button", { name: "Cancel" }).press("Enter");
    await page.getByText("2 selected").waitFor();
    expect(await texts()).toEqual(["after", "after", "after"]);

    await page.getByRole("button", { name: "Restore …", exact: true }).press("Enter");
    await question.getByRole("button", { name: "Restore" }).press("Enter");
    await page.getByText("Restored 2 notes.").waitFor();
    expect(await texts()).toEqual(["A before", "after", "C before"]);
    expect(await page.getByRole("checkbox").count()).toBe(0);
  });

  it("restores several notes that are selected by touch, and ends by Escape or another time", async ({
    phoneUser: user,
  }) => {
    const { page } = user;
    const { texts } = await threeNotes(user);
    await page.getByRole("button", { name: "Select", exact: true }).tap();
    await page.getByText("0 selected").waitFor();
    await page.getByText("A before").tap();
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("checkbox").count()).toBe(0);

    await page.getByText("A before").click({ delay: 700 });
    await page.getByRole("checkbox", { name: "Select “B”" }).tap();
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Restore …", exact: true }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).tap();
    await page.getByText("Restored 2 notes.").waitFor();
    expect(await texts()).toEqual(["A before", "B before", "after"]);

    await page.getByRole("button", { name: "Select", exact: true }).tap();
    await page.getByRole("button", { name: "A day later" }).tap();
    await eventually(() => page.getByRole("checkbox").count(), 0);
  });

  const restoreAll = async (page: Page) => {
    await page.getByRole("button", { name: "Restore all …" }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "Restore all" }).tap();
  };

  it("restores all notes that differ, a hundred at a time, and the rest after the network failed and the tab was reloaded", async ({
    phoneUser: user,
  }) => {
    const { page } = user;
    const COUNT = 103;
    const made = await user.createNotes(COUNT, { text: "before" });
    const at = await momentAfter(page);
    const ids = made.map(({ id }) => id);
    await user.api.notes.delete.$post({ json: { ids: ids.slice(0, 100) } });
    await user.saveNote(made[101] as Note, { text: "after" });
    const later = await user.createNote({ name: "Later" });
    await page.goto(`/past?at=${at}`);
    await page.locator(".notes .note").first().waitFor();
    user.allowNetworkErrors();
    let requests = 0;
    await page.route("**/api/history/restore", (route) =>
      ++requests > 1 ? route.abort() : route.continue(),
    );
    await restoreAll(page);
    await page.getByText("Restored 100 of 101 notes, then it ended:").waitFor();
    await page.unroute("**/api/history/restore");
    await page.reload();
    await page.locator(".notes .note").first().waitFor();
    await restoreAll(page);
    await page.getByText("Restored 1 note.").waitFor();

    expect((await (await user.api.notes.$get()).json()).total).toBe(COUNT + 1);
    for (const [i, version] of [
      [0, 3],
      [99, 3],
      [100, 1],
      [101, 3],
      [102, 1],
    ] as const)
      expect(await user.readNote(ids[i] as string)).toMatchObject({ text: "before", version });
    expect((await user.readNote(later.id)).version).toBe(1);
  });

  it("goes on after an answer was lost, and makes no version twice", async ({ phoneUser: user }) => {
    const { page } = user;
    user.allowNetworkErrors();
    const pad = await user.createPad("Travel");
    const [lisbon, porto] = [
      await user.createNote({ name: "Lisbon", text: "before", padId: pad.id }),
      await user.createNote({ name: "Porto", text: "before" }),
    ];
    const at = await momentAfter(page);
    for (const note of [lisbon, porto]) await user.saveNote(note, { text: "after" });
    // Only those of the pad.
    await page.goto(`/past?at=${at}&pad=${pad.id}`);
    await eventually(() => listed(page), ["Lisbon"]);
    await page.route("**/api/history/restore", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await restoreAll(page);
    await page.getByText("Restored 0 of 1 note, then it ended:").waitFor();
    expect((await user.readNote(lisbon.id)).text).toBe("before");
    await page.unroute("**/api/history/restore");
    await page.getByRole("button", { name: "Go on" }).tap();
    await page.getByText("Restored 1 note.").waitFor();
    expect(await user.readNote(lisbon.id)).toMatchObject({ text: "before", version: 3 });
    expect(await user.readNote(porto.id)).toMatchObject({ text: "after", version: 2 });
    await page.getByRole("button", { name: "Close" }).tap();
    await eventually(() => page.locator(".dock").count(), 0);
  });
});
