// The time machine in the browser: notes as they stood at a time.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, waitForList, waitForPage } from "./fixtures.ts";

const bar = (page: Page) => page.getByRole("region", { name: "Time machine" });

describe("The time machine", () => {
  it("is reached by G H, and from the palette, the trash and a pad", async ({ user }) => {
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

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(">as of");
    await page.keyboard.press("Enter");
    await bar(page).waitFor();

    await page.goto("/trash");
    await page.getByRole("link", { name: "notes as of …" }).click();
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
    for (const at of ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterday", ""]) {
      await page.goto(`/past?at=${at}`);
      await page.getByRole("alert").getByText("There are no notes of this time").waitFor();
      await page.getByText(/^Choose a time from .+, when the account was made, until now\.$/).waitFor();
    }
    await page.getByRole("alert").getByRole("link", { name: "Back to now" }).click();
    await waitForList(page, "All notes", 0);
  });

  it("takes a time from its field, and says which there are if it is none of them", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    await page.goto("/past?at=yesterday");
    const field = bar(page).getByLabel("Date and time");
    await field.fill("2020-01-01T10:00");
    await field.blur();
    await bar(page).getByRole("alert").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(new URL(page.url()).searchParams.get("at")).toBe("yesterday");
    await field.fill((await field.getAttribute("max")) ?? "");
    await eventually(
      async () => Number.isNaN(Date.parse(new URL(page.url()).searchParams.get("at") ?? "")),
      false,
    );
    await eventually(() => bar(page).getByRole("alert").count(), 0);
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
    await page.getByRole("button", { name: "Restore this note" }).press("Enter");
    await page.getByText("Restored “Letter” as it was.").waitFor();
    expect((await user.readNote(letter.id)).text).toBe("Dear Mr Novák");
    await page.getByText("It is the same now.").waitFor();

    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(async () => (await (await user.api.trash.$get()).json()).total, 1);
  });

  it("restores all notes that differ, a hundred at a time, by touch", async ({ phoneUser: user }) => {
    const { page } = user;
    const made = [];
    for (let i = 0; i < 103; i++) made.push(await user.createNote({ name: `Note ${i}`, text: "before" }));
    const at = await momentAfter(page);
    const ids = made.map(({ id }) => id);
    await user.api.notes.delete.$post({ json: { ids: ids.slice(0, 100) } });
    await user.saveNote(made[101] as (typeof made)[0], { text: "after" });
    await page.goto(`/past?at=${at}`);
    await page.locator(".notes .note").first().waitFor();
    await page.getByRole("button", { name: "Restore all …" }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "Restore all" }).tap();
    await page.getByText("Restored 101 notes.").waitFor();
    expect((await (await user.api.notes.$get()).json()).total).toBe(103);
    expect((await user.readNote(ids[101] as string)).text).toBe("before");
  });
});
