// Everything that people do with notes, in one go: by keys alone, by the mouse alone, and with a finger on a phone.
import { randomUUID } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { describe, expect } from "vitest";
import { PASSWORD } from "./accounts.ts";
import {
  eventually,
  it,
  noteNames,
  textField,
  textWritten,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";

const TRIP = "Lisbon trip";
const row = (page: Page, name: string) =>
  page.locator(".notes .note", { has: page.locator("b", { hasText: name }) });
const task = (page: Page, name: string) => page.locator(".prose li", { hasText: name }).locator("input.task");
const tasksOf = (page: Page) =>
  page.locator(".prose .task").evaluateAll((all) => all.map((box) => (box as HTMLInputElement).checked));

describe("A round", () => {
  it("by keys alone", async ({ anonymousUser }) => {
    const { page } = anonymousUser;
    const { keyboard } = page;
    const email = `${randomUUID()}@example.com`;
    await page.setViewportSize({ width: 1440, height: 900 });

    // Sign up, which signs in.
    await page.goto("/signup");
    await waitForPage(page, "Make an account");
    await tabTo(page, page.getByLabel("Email"));
    await keyboard.type(email);
    await tabTo(page, page.getByLabel("Password", { exact: true }));
    await keyboard.type(PASSWORD);
    await tabTo(page, page.getByLabel("Repeat password"));
    await keyboard.type(PASSWORD);
    await keyboard.press("Enter");
    await waitForList(page, "All notes", 0);

    // A pad, and a note in it, with tasks and a tag.
    await tabTo(page, page.getByRole("button", { name: "New pad" }));
    await keyboard.press("Enter");
    await page.getByLabel("Name of the pad").waitFor();
    await tabTo(page, page.getByLabel("Name of the pad"));
    await keyboard.type("Trips");
    await keyboard.press("Enter");
    await waitForList(page, "Trips", 0);
    await keyboard.press("n");
    await textField(page).waitFor();
    await keyboard.type("Packing\n\n- [ ] Passport\nCharger\n\n\n#travel");
    await eventually(() => textWritten(page), "Packing\n\n- [ ] Passport\n- [ ] Charger\n\n#travel");
    await waitForState(page, "Saved");
    await keyboard.press("Escape");
    await waitForPage(page, "Packing");
    await task(page, "Charger").waitFor();
    await tabTo(page, task(page, "Charger"));
    await keyboard.press("Space");
    await eventually(() => tasksOf(page), [false, true]);

    // Another note, which links to the first and has a name.
    await keyboard.press("n");
    await waitForPage(page, "New note");
    await textField(page).waitFor();
    await keyboard.type("Bag: [[Pack");
    await page
      .getByRole("listbox", { name: "Notes" })
      .getByRole("option", { name: "Packing", selected: true })
      .waitFor();
    await page.waitForTimeout(200);
    await keyboard.press("Enter");
    await tabTo(page, page.getByLabel("Name", { exact: true }), "Shift+Tab");
    await keyboard.type(TRIP);
    await waitForState(page, "Saved");
    await tabTo(page, page.getByRole("button", { name: "Done" }), "Shift+Tab");
    await keyboard.press("Enter");
    await waitForPage(page, TRIP);
    await page.locator("[data-key=edit]").waitFor();
    await tabTo(page, page.locator(".prose").getByRole("link", { name: "Packing" }));
    await keyboard.press("Enter");
    await waitForPage(page, "Packing");
    await page.locator(".back").getByRole("link", { name: TRIP }).waitFor();

    // Find, pin, and the tag's list.
    await keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await keyboard.type("lisb");
    await page.getByRole("option", { name: TRIP }).first().waitFor();
    await keyboard.press("Enter");
    await waitForPage(page, TRIP);
    await page.locator("[data-key=pin]").waitFor();
    await keyboard.press("p");
    await page.getByRole("link", { name: "Pinned 1" }).waitFor();
    await keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await keyboard.type("#trav");
    await page.getByRole("option", { name: "#travel" }).waitFor();
    await keyboard.press("Enter");
    await waitForList(page, "#travel", 1);

    // Both out of the pad and back, archive, delete and undo.
    await keyboard.press("g");
    await keyboard.press("a");
    await waitForList(page, "All notes", 2);
    await keyboard.press("j");
    await keyboard.press("x");
    await keyboard.press("j");
    await keyboard.press("Shift+X");
    await page.getByText("2 selected").waitFor();
    await keyboard.press("m");
    await page.getByRole("option", { name: "No pad" }).waitFor();
    await keyboard.press("ArrowUp");
    await keyboard.press("Enter");
    await page.getByText("Moved 2 notes to No pad.").waitFor();
    await page.getByRole("link", { name: "Trips 0" }).waitFor();
    await keyboard.press("z");
    await page.getByRole("link", { name: "Trips 2" }).waitFor();
    await keyboard.press("j");
    await keyboard.press("x");
    await tabTo(page, page.getByRole("toolbar").getByRole("button", { name: "Archive" }), "Shift+Tab");
    await keyboard.press("Enter");
    await page.getByRole("link", { name: "Archive 1" }).waitFor();
    await waitForList(page, "All notes", 1);
    await keyboard.press("j");
    await keyboard.press("#");
    await waitForList(page, "All notes", 0);
    await keyboard.press("z");
    await waitForList(page, "All notes", 1);
  });

  it("by the mouse alone", async ({ user: { page } }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await roundByPointer(page, (what) => what.click());
  });

  it("with a finger on a phone", async ({ phoneUser: { page } }) => {
    await page.goto("/");
    await waitForPage(page, "All notes");
    await roundByPointer(page, (what) => what.tap());
  });
});

/** Presses what is to be pressed; letters alone come from a keyboard. */
async function roundByPointer(page: Page, press: (what: Locator) => Promise<void>): Promise<void> {
  const isPhone = (page.viewportSize()?.width ?? 0) < 720;
  const back = page.getByRole("link", { name: "‹ Notes" });
  const openPlaces = async () => {
    if (isPhone) await press(page.getByRole("button", { name: "Pads", exact: true }));
  };
  const toList = async () => {
    if (isPhone) await press(back);
  };
  const place = (name: string | RegExp) =>
    page.getByRole("navigation", { name: "Places" }).getByRole("link", { name });

  await openPlaces();
  await press(page.getByRole("button", { name: "New pad" }));
  await page.getByLabel("Name of the pad").fill("Trips");
  await press(page.getByRole("button", { name: "Create" }));
  await waitForPage(page, "Trips");
  await press(page.getByRole("link", { name: "Write the first note" }));
  await textField(page).waitFor();
  await textField(page).pressSequentially("Packing\n\n");
  const tool = (name: string) =>
    page.getByRole("toolbar", { name: "Formatting" }).getByRole("button", { name });
  await press(tool("Task"));
  await textField(page).pressSequentially("Passport #travel");
  await waitForState(page, "Saved");
  await press(page.getByRole("button", { name: "Done" }));
  await waitForPage(page, "Packing");
  await press(task(page, "Passport"));
  await eventually(() => tasksOf(page), [true]);
  await toList();

  // A link to the first note.
  await press(page.getByRole("link", { name: "New note" }));
  await waitForPage(page, "New note");
  await page.getByLabel("Name", { exact: true }).fill(TRIP);
  await press(textField(page));
  await textField(page).pressSequentially("Bag: [[Pack");
  const option = page.getByRole("listbox", { name: "Notes" }).getByRole("option", { name: "Packing" });
  await option.waitFor();
  // It may still be drawn anew for the last letters.
  await page.waitForTimeout(300);
  await press(option);
  await eventually(async () => (await textWritten(page)).includes("](/notes/"), true);
  await waitForState(page, "Saved");
  await press(page.getByRole("button", { name: "Done" }));
  await waitForPage(page, TRIP);
  await press(page.locator(".prose").getByRole("link", { name: "Packing" }));
  await waitForPage(page, "Packing");
  await press(page.locator(".back").getByRole("link", { name: TRIP }));
  await waitForPage(page, TRIP);

  // Pin, find, and the tag's list.
  if (isPhone) {
    await press(page.locator(".reader").getByRole("button", { name: "More" }));
    await press(page.getByRole("menuitem", { name: "Pin" }));
  } else await press(page.locator(".reader").getByRole("button", { name: "Pin" }));
  await toList();
  await press(
    isPhone
      ? page.locator(".list .thumb").getByRole("button", { name: "Find" })
      : page.getByRole("button", { name: "Find Ctrl K" }),
  );
  await page.getByRole("combobox").fill("passp");
  await press(page.getByRole("option", { name: "Packing" }).first());
  await waitForPage(page, "Packing");
  await press(page.locator(".reader .meta").getByRole("link", { name: "#travel" }));
  await waitForPage(page, "#travel");
  await eventually(() => noteNames(page), ["Packing"]);

  // Move several, undo, archive, delete and undo.
  await openPlaces();
  await press(place(/^All notes/));
  await eventually(() => noteNames(page), [TRIP, "Packing"]);
  await press(page.locator(".list").getByRole("button", { name: "More" }));
  await press(page.getByRole("menuitem", { name: "Select notes" }));
  await press(row(page, TRIP));
  await press(row(page, "Packing"));
  const bar = page.getByRole("toolbar", { name: "Select notes" });
  await press(bar.getByRole("button", { name: "Move" }));
  await press(page.getByRole("option", { name: "No pad" }));
  await page.getByText(/^Moved 2 notes/).waitFor();
  await press(page.getByRole("button", { name: "Undo" }));
  await eventually(() => row(page, TRIP).locator("p span").innerText(), "Trips: ");

  await press(row(page, "Packing"));
  await waitForPage(page, "Packing");
  await press(page.locator(".reader").getByRole("button", { name: "More" }));
  await press(page.getByRole("menuitem", { name: "Archive" }));
  await page.getByText("Archived “Packing”.").waitFor();
  await toList();
  await eventually(() => noteNames(page), [TRIP]);
  await press(row(page, TRIP));
  await waitForPage(page, TRIP);
  await press(page.locator(".reader").getByRole("button", { name: "More" }));
  await press(page.getByRole("menuitem", { name: "Delete" }));
  await page.getByText(`Deleted “${TRIP}”.`).waitFor();
  await eventually(() => noteNames(page), []);
  await press(page.getByRole("button", { name: "Undo" }));
  await waitForPage(page, TRIP);
}

/** Moves the focus there by a key, as somebody does who can't point. */
async function tabTo(page: Page, what: Locator, key = "Tab"): Promise<void> {
  const isFocused = () =>
    what.first().evaluate((element) => (element.getRootNode() as Document).activeElement === element);
  for (let i = 0; i < 80; i++) {
    if (await isFocused()) return;
    await page.keyboard.press(key);
  }
  expect.unreachable(`${what} can't be reached by ${key}`);
}
