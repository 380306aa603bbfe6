// Several notes at once: selected by keys, by the pointer and by touch; moved, archived and deleted, with a way back.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import {
  eventually,
  it,
  noteNames,
  textField,
  type User,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";

async function createNotes(user: User, ...names: string[]): Promise<void> {
  // The newest is the first in the list.
  for (const name of names.toReversed()) await user.createNote({ name });
}

/** The names of the notes that are selected. */
function selected(page: Page): Promise<string[]> {
  return page
    .locator(".row", { has: page.locator(":checked") })
    .locator("b")
    .allInnerTexts();
}

const row = (page: Page, name: string) => page.locator(".notes .note", { hasText: name });
const bar = (page: Page) => page.getByRole("toolbar", { name: "Select notes" });

describe("Several notes", () => {
  it("are selected, moved and moved back by keys", async ({ user }) => {
    const { page } = user;
    await createNotes(user, "Ash", "Birch", "Cedar", "Dogwood");
    const pad = await user.createPad("Trees");
    await user.createPad("Flowers");
    await page.goto("/");
    await waitForList(page, "All notes", 4);

    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Shift+X");
    await bar(page).getByText("3 selected").waitFor();
    expect(await selected(page)).toEqual(["Birch", "Cedar", "Dogwood"]);
    await page.keyboard.press("x");
    await eventually(() => selected(page), ["Birch", "Cedar"]);

    await page.keyboard.press("m");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("tre");
    const options = page.getByRole("option").locator("b");
    await eventually(() => options.allInnerTexts(), ["Trees", "New pad “tre”"]);
    await page.keyboard.press("Enter");
    await page.getByText("Moved 2 notes to Trees.").waitFor();
    await eventually(() => bar(page).count(), 0);
    await page.getByRole("link", { name: "Trees 2" }).waitFor();

    await page.keyboard.press("z");
    await page.getByRole("link", { name: "Trees 0" }).waitFor();
    const { notes } = await (await user.api.notes.$get({ query: { pad: pad.id } })).json();
    expect(notes).toEqual([]);
  });

  it("are selected by the pointer, deleted and brought back", async ({ user }) => {
    const { page } = user;
    await createNotes(user, "Ash", "Birch", "Cedar", "Dogwood");
    await page.goto("/");
    await waitForList(page, "All notes", 4);
    await page.locator(".list").getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Select notes" }).click();
    await row(page, "Ash").click();
    await row(page, "Cedar").click({ modifiers: ["Shift"] });
    await row(page, "Birch").click();
    expect(await selected(page)).toEqual(["Ash", "Cedar"]);
    // A press selects and opens nothing.
    expect(new URL(page.url()).pathname).toBe("/");

    await bar(page).getByRole("button", { name: "Delete" }).click();
    await page.getByText("Deleted 2 notes.").waitFor();
    await waitForList(page, "All notes", 2);
    expect(await noteNames(page)).toEqual(["Birch", "Dogwood"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await waitForList(page, "All notes", 4);
    expect(await noteNames(page)).toEqual(["Ash", "Birch", "Cedar", "Dogwood"]);
  });

  it("are selected by a long press on a phone, archived and brought back", async ({ phoneUser: user }) => {
    const { page, context } = user;
    await createNotes(user, "Ash", "Birch", "Cedar");
    await page.goto("/");
    await waitForPage(page, "All notes");
    const touch = await context.newCDPSession(page);
    const box = await row(page, "Birch").boundingBox();
    const point = { x: (box?.x ?? 0) + 60, y: (box?.y ?? 0) + 20 };
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    await bar(page).getByText("1 selected").waitFor();
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await row(page, "Cedar").tap();
    expect(await selected(page)).toEqual(["Birch", "Cedar"]);

    await bar(page).getByRole("button", { name: "Archive" }).tap();
    await page.getByText("Archived 2 notes.").waitFor();
    await eventually(() => noteNames(page), ["Ash"]);
    await page.getByRole("button", { name: "Undo" }).tap();
    await waitForList(page, "All notes", 3);
    await eventually(() => noteNames(page), ["Ash", "Birch", "Cedar"]);
  });

  it("more than one request can take are deleted, a hundred at a time", async ({ user }) => {
    const { page } = user;
    await user.createNotes(103);
    await page.goto("/");
    await waitForList(page, "All notes", 103);
    const sent: number[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/notes/delete")) sent.push(request.postDataJSON().ids.length);
    });
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    // The list grows while its later pages come: its end is reached when all are selected.
    await eventually(async () => {
      await page.locator(".notes").evaluate((list) => list.scrollTo(0, list.scrollHeight));
      await row(page, "Note")
        .last()
        .click({ modifiers: ["Shift"] });
      return bar(page).getByText("103 selected").isVisible();
    }, true);

    await page.keyboard.press("#");
    await page.getByText("Deleted 103 notes.").waitFor();
    expect(sent).toEqual([100, 3]);
    await waitForList(page, "All notes", 0);
  });

  it("the selection ends with Escape, and with another list", async ({ user }) => {
    const { page } = user;
    await createNotes(user, "Ash", "Birch");
    await page.goto("/");
    await waitForList(page, "All notes", 2);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await bar(page).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => bar(page).count(), 0);
    await page.keyboard.press("x");
    await bar(page).waitFor();
    await page.getByRole("link", { name: "Pinned" }).click();
    await waitForPage(page, "Pinned");
    expect(await bar(page).count()).toBe(0);
  });
});

describe("One note", () => {
  it("is dragged onto a pad and moved back, and stays at its place in the list", async ({ user }) => {
    const { page } = user;
    await user.createPad("Trees");
    await createNotes(user, "Ash", "Birch");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/");
    await waitForList(page, "All notes", 2);
    await row(page, "Birch").dragTo(page.getByRole("link", { name: /^Trees/ }));
    await page.getByText("Moved “Birch” to Trees.").waitFor();
    await page.getByRole("link", { name: "Trees 1" }).waitFor();
    await eventually(() => row(page, "Birch").locator("p span").innerText(), "Trees: ");
    expect(await noteNames(page)).toEqual(["Ash", "Birch"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Trees 0" }).waitFor();
    expect(await noteNames(page)).toEqual(["Ash", "Birch"]);
    await page.reload();
    await waitForList(page, "All notes", 2);
    expect(await noteNames(page)).toEqual(["Ash", "Birch"]);
  });

  it("is deleted by its key, and the next one has the focus", async ({ user }) => {
    const { page } = user;
    await createNotes(user, "Ash", "Birch", "Cedar");
    await page.goto("/");
    await waitForList(page, "All notes", 3);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("#");
    await page.getByText("Deleted “Birch”.").waitFor();
    await eventually(() => noteNames(page), ["Ash", "Cedar"]);
    await eventually(
      () => page.evaluate(() => document.activeElement?.querySelector("b")?.textContent),
      "Cedar",
    );
    await page.keyboard.press("z");
    await eventually(() => noteNames(page), ["Ash", "Birch", "Cedar"]);
  });

  it("that is read and deleted in its list is read no longer", async ({ user }) => {
    const { page } = user;
    await createNotes(user, "Ash", "Birch");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/");
    await waitForList(page, "All notes", 2);
    await row(page, "Ash").click();
    await page.locator("[data-key=edit]").waitFor();
    await row(page, "Ash").focus();
    await page.keyboard.press("#");
    await page.getByText("Deleted “Ash”.").waitFor();
    await eventually(async () => new URL(page.url()).pathname, "/");
    expect(await page.locator("[data-key=edit]").count()).toBe(0);
  });

  it("that is read is moved into a new pad by its key, and shows it", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Ash" });
    await page.goto(`/notes/${note.id}`);
    await page.locator("[data-key=edit]").waitFor();
    await page.keyboard.press("m");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("Trees");
    await page.getByRole("option", { name: "New pad “Trees”" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Moved “Ash” to Trees.").waitFor();
    await page.locator(".reader .meta").getByRole("link", { name: "Trees" }).waitFor();
  });

  it("is moved while it is written, and saved where it is now", async ({ user }) => {
    const { page } = user;
    // A save may be under way when it is moved.
    user.allowStatus(412);
    const pad = await user.createPad("Trees");
    const note = await user.createNote({ name: "Ash", text: "Tall" });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).press("Control+End");
    await textField(page).pressSequentially(" and");
    await row(page, "Ash").dragTo(page.getByRole("link", { name: /^Trees/ }));
    await page.getByText("Moved “Ash” to Trees.").waitFor();
    await textField(page).press("Control+End");
    await textField(page).pressSequentially(" old");
    await waitForState(page, "Saved");
    const chosen = page.getByLabel("Pad", { exact: true }).locator("option:checked");
    await eventually(() => chosen.textContent(), "Trees");
    const { text, padId } = await user.readNote(note.id);
    expect([text, padId]).toEqual(["Tall and old", pad.id]);
  });

  it("that could not be moved says why, and is moved at another try", async ({ user }) => {
    const { page, context } = user;
    user.allowNetworkErrors();
    await user.createPad("Trees");
    await createNotes(user, "Ash");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    await page.waitForLoadState("networkidle");
    await context.setOffline(true);
    await row(page, "Ash").dragTo(page.getByRole("link", { name: /^Trees/ }));
    const dock = page.locator(".dock");
    await dock.getByText("You are offline.", { exact: true }).waitFor();
    await context.setOffline(false);
    await dock.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Moved “Ash” to Trees.").waitFor();
  });
});
