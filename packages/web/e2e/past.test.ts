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

  it.todo("shows all notes as they stood, and those of one pad, each with its text then");
  it.todo("goes by days, by its field and by its slider, and keeps the list meanwhile");
  it.todo("restores one note as a new version, and the undo takes it back, into the trash if it was there");
  it.todo("restores all notes that differ, says how many are done, and can be stopped and go on");
  it.todo("goes on restoring after the service failed");
  it.todo("leads to a note's history, compared with now");
  it.todo("says so if a note did not stand then");
  it.todo("is used by the keyboard and by touch");
  it.todo("everyone can use its faces");
});
