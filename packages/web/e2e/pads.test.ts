// Pads in the browser.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, noteNames, waitForList, waitForPage } from "./fixtures.ts";

describe("Pads", () => {
  it("pad can be successfully created", async ({ user: { page } }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "New pad" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Name is required").waitFor();
    await page.getByLabel("Name of the pad").fill("Trips");
    await page.getByRole("button", { name: "Create" }).click();

    await waitForList(page, "Trips", 0);
    expect(await place(page, /^Trips/).getAttribute("aria-current")).toBe("page");

    // Its first note is created in it.
    await page.getByRole("link", { name: "Write the first note" }).click();
    expect(await page.getByLabel("Pad", { exact: true }).locator("option:checked").textContent()).toBe(
      "Trips",
    );
  });

  it("that is created while the places are read is shown among them", async ({ user }) => {
    const { page } = user;
    const { promise: created, resolve: answer } = Promise.withResolvers<void>();
    await page.route(
      "**/api/places",
      async (route) => {
        const response = await route.fetch();
        await created;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await page.getByRole("button", { name: "New pad" }).click();
    await page.getByLabel("Name of the pad").fill("Trips");
    await page.getByRole("button", { name: "Create" }).click();
    await page.waitForURL("**/pads/*");
    answer();
    await waitForList(page, "Trips", 0);
    await place(page, /^Trips/).waitFor();
  });

  it("can be renamed by its owner, also if it was renamed elsewhere", async ({ user }) => {
    const { page, context } = user;
    user.allowStatus(412);
    const pad = await user.createPad("Trips");
    await page.goto(`/pads/${pad.id}`);
    await chooseInMenu(page, "Rename pad");
    const dialog = page.getByRole("dialog", { name: "Rename pad" });
    await dialog.getByLabel("Name of the pad").fill("Journeys");
    await context.request.patch(`/api/pads/${pad.id}`, {
      data: { name: "Voyages" },
      headers: { "If-Match": '"1"' },
    });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Renamed to “Voyages” elsewhere.").waitFor();
    expect(await dialog.getByLabel("Name of the pad").inputValue()).toBe("Journeys");
    await dialog.getByRole("button", { name: "Save" }).click();

    await waitForList(page, "Journeys", 0);
    await place(page, /^Journeys/).waitFor();
  });

  it("can be deleted by its owner, its notes go with it, and both come back", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await user.createNote({ name: "In it", padId: pad.id });
    await user.createNote({ name: "In none" });
    await page.goto(`/pads/${pad.id}`);
    await waitForList(page, "Trips", 1);
    await chooseInMenu(page, "Delete pad");

    await waitForList(page, "All notes", 1);
    await eventually(() => noteNames(page), ["In none"]);
    expect(await place(page, /^Trips/).count()).toBe(0);

    await page.getByText("Deleted Trips and 1 note.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await waitForList(page, "Trips", 1);
    await eventually(() => noteNames(page), ["In it"]);
    await place(page, /^All notes/).click();
    await waitForList(page, "All notes", 2);
  });

  it("one that is not there says so, beside the others", async ({ user }) => {
    user.allowStatus(404);
    await user.createPad("Trips");
    for (const id of ["2b3f6d6e-0000-4000-8000-000000000000", "1"]) {
      await user.page.goto(`/pads/${id}`);
      await user.page.getByRole("alert").getByText("This pad is not here").waitFor();
      await waitForPage(user.page, "Not found");
      await place(user.page, /^Trips/).waitFor();
    }
  });

  it("the pages that menus have replaced lead to the pad", async ({ user: { page, createPad } }) => {
    const pad = await createPad("Trips");
    for (const action of ["edit", "delete"]) {
      await page.goto(`/pads/${pad.id}/${action}`);
      await waitForPage(page, "Trips");
      expect(new URL(page.url()).pathname).toBe(`/pads/${pad.id}`);
    }
  });
});

function place(page: Page, name: RegExp) {
  return page.getByRole("navigation", { name: "Places" }).getByRole("link", { name });
}

async function chooseInMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name }).click();
}
