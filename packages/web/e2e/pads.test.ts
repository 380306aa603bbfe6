// Pads in the browser.
import { describe, expect } from "vitest";
import { eventually, it, noteNames, waitForPage } from "./fixtures.ts";

describe("Pads", () => {
  it("pad can be successfully created", async ({ user: { page } }) => {
    await page.goto("/");
    await page.getByText("No pads yet").waitFor();
    await page.getByRole("link", { name: "New pad" }).click();
    await page.getByLabel("Name").fill("Trips");
    await page.getByRole("button", { name: "Create" }).click();

    await waitForPage(page, "Trips (0)");
    await page.getByText("Pad is successfully created").waitFor();
    const inSidebar = page.getByRole("navigation", { name: "My pads" }).getByRole("link", { name: "Trips" });
    expect(await inSidebar.getAttribute("aria-current")).toBe("page");

    // Its first note is created in it.
    await page.getByRole("link", { name: "Create your first note." }).click();
    expect(await page.getByLabel("Pad", { exact: true }).locator("option:checked").textContent()).toBe(
      "Trips",
    );
  });

  it("can be renamed by its owner, also if it was renamed elsewhere", async ({ user }) => {
    const { page, context } = user;
    user.allowStatus(412);
    const pad = await user.createPad("Trips");
    await page.goto(`/pads/${pad.id}`);
    await page.getByRole("link", { name: "Edit pad" }).click();
    await page.getByLabel("Name").fill("Journeys");
    await context.request.patch(`/api/pads/${pad.id}`, {
      data: { name: "Voyages" },
      headers: { "If-Match": '"1"' },
    });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Renamed to “Voyages” elsewhere.").waitFor();
    expect(await page.getByLabel("Name").inputValue()).toBe("Journeys");
    await page.getByRole("button", { name: "Save" }).click();

    await waitForPage(page, "Journeys (0)");
    await page.getByText("Pad is successfully updated").waitFor();
    await page.getByRole("navigation", { name: "My pads" }).getByRole("link", { name: "Journeys" }).waitFor();
  });

  it("can be deleted by its owner, and its notes go with it", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await user.createNote({ name: "In it", padId: pad.id });
    await user.createNote({ name: "In none" });
    await page.goto(`/pads/${pad.id}`);
    await waitForPage(page, "Trips (1)");
    expect(await page.getByRole("columnheader", { name: "Pad" }).count()).toBe(0);
    await page.getByRole("link", { name: "Delete it" }).click();
    await page.getByText("Are you sure you want to delete Trips and its 1 note?").waitFor();
    await page.getByRole("button", { name: "Yes, delete it" }).click();

    await waitForPage(page, "All notes (1)");
    await page.getByText("Pad is successfully deleted").waitFor();
    await eventually(() => noteNames(page), ["In none"]);
    await page.getByText("No pads yet").waitFor();
  });
});
