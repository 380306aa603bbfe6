// Pads in the browser.
import { describe, expect } from "vitest";
import { arriveAt, eventually, it, namesIn } from "./notejam.ts";

export function pads(): void {
  describe("Pads", () => {
    it("pad can be successfully created", async ({ reader: { page } }) => {
      await page.goto("/");
      await page.getByText("No pads yet").waitFor();
      await page.getByRole("link", { name: "New pad" }).click();
      await page.getByLabel("Name").fill("Trips");
      await page.getByRole("button", { name: "Create" }).click();

      await arriveAt(page, "Trips (0)");
      await page.getByText("Pad is successfully created").waitFor();
      const inSidebar = page
        .getByRole("navigation", { name: "My pads" })
        .getByRole("link", { name: "Trips" });
      expect(await inSidebar.getAttribute("aria-current")).toBe("page");

      // Its first note begins in it.
      await page.getByRole("link", { name: "Create your first note." }).click();
      expect(await page.getByLabel("Pad", { exact: true }).locator("option:checked").textContent()).toBe(
        "Trips",
      );
    });

    it("can be renamed by its owner, also where it was renamed meanwhile", async ({ reader }) => {
      const { page, context } = reader;
      reader.expectStatus(412);
      const pad = await reader.createPad("Trips");
      await page.goto(`/pads/${pad.id}`);
      await page.getByRole("link", { name: "Edit pad" }).click();
      await page.getByLabel("Name").fill("Journeys");
      await context.request.patch(`/api/pads/${pad.id}`, {
        data: { name: "Voyages" },
        headers: { "If-Match": '"1"' },
      });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Renamed to “Voyages” meanwhile.").waitFor();
      expect(await page.getByLabel("Name").inputValue()).toBe("Journeys");
      await page.getByRole("button", { name: "Save" }).click();

      await arriveAt(page, "Journeys (0)");
      await page.getByText("Pad is successfully updated").waitFor();
      await page
        .getByRole("navigation", { name: "My pads" })
        .getByRole("link", { name: "Journeys" })
        .waitFor();
    });

    it("can be deleted by its owner, and its notes go with it", async ({ reader }) => {
      const { page } = reader;
      const pad = await reader.createPad("Trips");
      await reader.createNote({ name: "In it", padId: pad.id });
      await reader.createNote({ name: "In none" });
      await page.goto(`/pads/${pad.id}`);
      await arriveAt(page, "Trips (1)");
      expect(await page.getByRole("columnheader", { name: "Pad" }).count()).toBe(0);
      await page.getByRole("link", { name: "Delete it" }).click();
      await page.getByText("Are you sure you want to delete Trips and its 1 note?").waitFor();
      await page.getByRole("button", { name: "Yes, delete it" }).click();

      await arriveAt(page, "All notes (1)");
      await page.getByText("Pad is successfully deleted").waitFor();
      await eventually(() => namesIn(page), ["In none"]);
      await page.getByText("No pads yet").waitFor();
    });
  });
}
