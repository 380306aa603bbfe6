// The trash in the browser: what is in it, and the ways back.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { PASSWORD } from "./accounts.ts";
import {
  eventually,
  focused,
  it,
  noteNames,
  shortenPages,
  tabTo,
  type User,
  waitForList,
  waitForPage,
} from "./fixtures.ts";

/** Rows of the trash: names of notes and pads, as far as they are in the document. */
const names = (page: Page) => page.locator(".trashed .what > :is(a, b)").allInnerTexts();

const row = (page: Page, name: string) => page.locator(".trashed").filter({ hasText: name });

async function trashedNote(user: User, name: string, padId: string | null = null) {
  const note = await user.createNote({ name, text: `The text of ${name}.`, padId });
  await user.deleteNote(note.id);
  return note;
}

async function openTrash(page: Page): Promise<void> {
  await page.goto("/trash");
  await waitForPage(page, "Trash");
}

describe("The trash", () => {
  it("has what was deleted, the newest first, and says until when it can be restored", async ({ user }) => {
    const { page } = user;
    const kids = await user.createPad("Kids");
    const garden = await user.createPad("Garden");
    await user.createNote({ name: "Beds", padId: garden.id });
    await trashedNote(user, "Old Wi-Fi", kids.id);
    await user.api.pads[":id"].$delete({ param: { id: garden.id } });
    await trashedNote(user, "Menu");
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    const place = page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Trash" });
    await eventually(() => place.innerText(), "Trash\n3");
    await page.keyboard.press("g");
    await page.keyboard.press("t");

    await waitForPage(page, "Trash");
    await eventually(() => names(page), ["Menu", "Garden", "Old Wi-Fi"]);
    expect(await place.getAttribute("aria-current")).toBe("page");
    const { notes } = await (await user.api.trash.$get()).json();
    const until = new Date(notes[0]?.recoverableUntil ?? "");
    const day = until.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    await row(page, "Menu").getByText(`Recoverable until ${day}`).waitFor();
    await row(page, "Menu")
      .getByText(/^Deleted today at \d\d:\d\d$/)
      .waitFor();
    await row(page, "Garden").getByText("Pad with 1 note").waitFor();
    await row(page, "Old Wi-Fi").getByText("Kids: The text of Old Wi-Fi.").waitFor();
  });

  it("gives a note back by the keyboard, and the undo takes it again", async ({ user }) => {
    const { page } = user;
    const note = await trashedNote(user, "One");
    await trashedNote(user, "Two");
    await openTrash(page);
    await eventually(() => names(page), ["Two", "One"]);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText("Restored “One”.").waitFor();
    await eventually(() => names(page), ["Two"]);
    // The focus stays in the rows.
    await eventually(() => focused(page), "Restore “Two”");
    expect((await user.readNote(note.id)).name).toBe("One");

    await page.keyboard.press("z");
    await eventually(() => names(page), ["One", "Two"]);
    await page.goto("/");
    await waitForList(page, "All notes", 0);
  });

  it("gives a pad back with exactly the notes that went with it", async ({ user }) => {
    const { page } = user;
    const garden = await user.createPad("Garden");
    await trashedNote(user, "Gone before", garden.id);
    for (const name of ["Beds", "Seeds"]) await user.createNote({ name, padId: garden.id });
    await user.api.pads[":id"].$delete({ param: { id: garden.id } });
    await openTrash(page);
    await page.getByRole("link", { name: "Garden" }).click();
    await waitForPage(page, "Garden");
    await eventually(async () => (await names(page)).sort(), ["Beds", "Seeds"]);
    await page.goBack();

    await row(page, "Garden").getByRole("button", { name: "Restore “Garden”" }).click();
    await page.getByText("Restored Garden and its 2 notes.").waitFor();
    await eventually(() => names(page), ["Gone before"]);
    await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Garden" }).click();
    await waitForList(page, "Garden", 2);
    await eventually(() => noteNames(page), ["Seeds", "Beds"]);
  });

  it("offers the pad too, or none, for a note whose pad is gone, by touch", async ({ phoneUser: user }) => {
    const { page } = user;
    user.allowStatus(409);
    const garden = await user.createPad("Garden");
    const [first, second] = [
      await trashedNote(user, "First", garden.id),
      await trashedNote(user, "Second", garden.id),
    ];
    await user.createNote({ name: "Beds", padId: garden.id });
    await user.api.pads[":id"].$delete({ param: { id: garden.id } });
    await openTrash(page);
    await row(page, "First").getByRole("button", { name: "Restore “First”" }).tap();
    const dialog = page.getByRole("dialog", { name: "Its pad is in the trash too" });
    await dialog.getByRole("button", { name: "Restore without a pad" }).tap();
    await page.getByText("Restored “First”.").waitFor();
    expect((await user.readNote(first.id)).padId).toBeNull();
    await eventually(() => names(page), ["Garden", "Second"]);

    await row(page, "Second").getByRole("button", { name: "Restore “Second”" }).tap();
    await dialog.getByRole("button", { name: "Restore the pad too" }).tap();
    await page.getByText("The trash is empty").waitFor();
    expect((await user.readNote(second.id)).padId).toBe(garden.id);
    // It undoes both.
    await page.getByRole("button", { name: "Undo" }).tap();
    await eventually(() => names(page), ["Garden", "Second"]);
    const { pads } = await (await user.api.trash.$get()).json();
    expect(pads.map(({ noteCount }) => noteCount)).toEqual([1]);
  });

  it("says so if something was restored elsewhere, and shows it no longer", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    const garden = await user.createPad("Garden");
    await user.api.pads[":id"].$delete({ param: { id: garden.id } });
    await openTrash(page);
    await eventually(() => names(page), ["Garden"]);
    await page.route("**/api/trash/pads/*/restore", (route) =>
      route.fulfill({
        status: 404,
        contentType: "application/problem+json",
        body: JSON.stringify({ code: "not_found", status: 404, title: "Not found" }),
      }),
    );
    await page.getByRole("button", { name: "Restore “Garden”" }).click();
    await page.getByText("It is not in the trash any more.").waitFor();
    await page.getByText("The trash is empty").waitFor();
  });

  it("shows many notes as they are scrolled, and few of them at once", async ({ user }) => {
    const { page } = user;
    const notes = await user.createNotes(50);
    await user.api.notes.delete.$post({ json: { ids: notes.map(({ id }) => id) } });
    await shortenPages(page, "/api/trash");
    await openTrash(page);
    await page.locator(".trashed").first().waitFor();
    // Half a page further with each step, as far as the rows go that are loaded.
    const namesOnTheWay = () =>
      page.locator(".full .scroll").evaluate(async (pane) => {
        const seen = new Set<string>();
        let most = 0;
        // A row that was drawn too late is seen the next time.
        pane.scrollTo(0, 0);
        for (let top = -1; pane.scrollTop > top; pane.scrollBy(0, pane.clientHeight / 2)) {
          top = pane.scrollTop;
          await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
          const rows = [...pane.querySelectorAll(".trashed .what > b")];
          for (const row of rows) seen.add(row.textContent ?? "");
          most = Math.max(most, rows.length);
        }
        return { seen: [...seen], most };
      });
    const seen = new Set<string>();
    await eventually(async () => {
      const way = await namesOnTheWay();
      expect(way.most).toBeLessThan(30);
      for (const name of way.seen) seen.add(name);
      return [...seen].sort();
    }, notes.map(({ name }) => name).sort());
  });

  it("that can't be loaded says why, is loaded when it can be, and says that a pad is not in it", async ({
    user,
  }) => {
    const { context, page } = user;
    user.allowStatus(500);
    user.allowNetworkErrors();
    await trashedNote(user, "One");
    await page.route("**/api/trash?*", (route) => route.fulfill({ status: 500, body: "" }));
    await openTrash(page);
    await page.getByRole("alert").getByText("The trash could not be loaded").waitFor();
    await page.unroute("**/api/trash?*");
    await context.setOffline(true);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").getByText("You are offline.").waitFor();
    await context.setOffline(false);
    await eventually(() => names(page), ["One"]);

    user.allowStatus(404);
    for (const id of ["2b3f6d6e-0000-4000-8000-000000000000", "1"]) {
      await page.goto(`/trash?pad=${id}`);
      await page.getByRole("alert").getByText("This pad is not in the trash").waitFor();
    }
  });

  it("finds notes and pads by their names and texts, and counts what it has and what it finds", async ({
    user,
  }) => {
    const { page } = user;
    const garden = await user.createPad("Garden");
    await user.api.pads[":id"].$delete({ param: { id: garden.id } });
    await trashedNote(user, "Menu");
    await trashedNote(user, "Letter about a garden");
    await openTrash(page);
    await page.locator("h1 + .count", { hasText: /^3$/ }).waitFor();
    await page.getByRole("searchbox", { name: "Search the trash" }).fill("GARDEN");
    await eventually(() => names(page), ["Letter about a garden", "Garden"]);
    await page.locator("h1 + .count", { hasText: "2 found" }).waitFor();
    await page.getByRole("searchbox", { name: "Search the trash" }).fill("text of menu");
    await eventually(() => names(page), ["Menu"]);
  });
});

describe("Delete forever", () => {
  it("asks for the password, says until when backups hold it, and takes the note out, by touch", async ({
    phoneUser: user,
  }) => {
    const { page } = user;
    await trashedNote(user, "Secret");
    await openTrash(page);
    await row(page, "Secret").getByRole("button", { name: "More" }).tap();
    await page.getByRole("menuitem", { name: "Delete forever" }).tap();
    const dialog = page.getByRole("dialog", { name: "Delete “Secret” forever?" });
    const until = new Date(Date.now() + 1095 * 86_400_000);
    const day = until.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    await dialog.getByText(`Backups hold it until ${day}.`).waitFor();
    await dialog.getByRole("button", { name: "Delete forever" }).tap();
    await dialog.getByText("Password is required").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).tap();
    await eventually(() => names(page), ["Secret"]);

    await row(page, "Secret").getByRole("button", { name: "More" }).tap();
    await page.getByRole("menuitem", { name: "Delete forever" }).tap();
    await dialog.getByLabel("Password").tap();
    await page.keyboard.type(PASSWORD);
    await dialog.getByRole("button", { name: "Delete forever" }).tap();
    await page.getByText("The trash is empty").waitFor();
    expect((await (await user.api.trash.$get()).json()).total).toBe(0);
  });

  async function ask(page: Page, name: string) {
    await row(page, name)
      .getByRole("button", { name: `Delete forever “${name}”` })
      .click();
    const dialog = page.getByRole("dialog", { name: `Delete “${name}” forever?` });
    await dialog.waitFor();
    return dialog;
  }

  it("by the keyboard alone, names the field if the password is wrong, and then takes the note out for ever", async ({
    user,
  }) => {
    const { page } = user;
    user.allowStatus(401);
    const note = await trashedNote(user, "Secret");
    await trashedNote(user, "Other");
    await openTrash(page);
    await eventually(() => names(page), ["Other", "Secret"]);
    await tabTo(page, "Delete forever “Secret”");
    await page.keyboard.press("Enter");
    const field = page.getByRole("dialog", { name: "Delete “Secret” forever?" }).getByLabel("Password");
    await eventually(() => focused(page), "Password");
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await eventually(() => field.getAttribute("aria-invalid"), "true");
    await eventually(() => focused(page), "Password");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");

    await page.getByText("Deleted “Secret” forever.").waitFor();
    await eventually(() => names(page), ["Other"]);
    // The focus stays in the rows.
    await eventually(() => focused(page), "Restore “Other”");
    const states = user.api.notes[":id"].revisions.$get({ param: { id: note.id } });
    await expect(states).rejects.toMatchObject({ code: "not_found" });
    expect((await (await user.api.trash.$get()).json()).total).toBe(1);
  });

  it("takes a pad with its notes, and for done what was deleted forever elsewhere", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    const note = await trashedNote(user, "Secret");
    const garden = await user.createPad("Garden");
    await user.createNote({ name: "Beds", padId: garden.id });
    await user.api.pads[":id"].$delete({ param: { id: garden.id } });
    await openTrash(page);
    const dialog = await ask(page, "Garden");
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Delete forever" }).click();
    await eventually(() => names(page), ["Secret"]);
    expect((await (await user.api.trash.$get()).json()).total).toBe(1);

    const again = await ask(page, "Secret");
    await user.api.trash.notes[":id"].$delete({ param: { id: note.id }, json: { password: PASSWORD } });
    await again.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("The trash is empty").waitFor();
  });
});
