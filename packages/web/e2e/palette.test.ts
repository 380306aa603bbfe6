// Finding and moving by the keyboard.
import { describe, expect } from "vitest";
import { eventually, it, noteNames, textField, waitForList, waitForPage, waitForState } from "./fixtures.ts";

describe("The palette", () => {
  it("finds notes by name before text, marks what was found, and opens one by keyboard", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Lisbon trip");
    await user.createNote({ name: "Packing", text: "Tickets for Lisbon, a jacket", padId: pad.id });
    await user.createNote({ name: "Lisbon in three days", text: "Arrive at noon #lisbon" });
    await user.createNote({ name: "Bread", text: "Rye" });
    await page.goto("/");
    await waitForList(page, "All notes", 3);
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search and go to" });
    const titles = () => palette.getByRole("option").locator("b").allInnerTexts();
    await eventually(async () => (await titles()).slice(0, 3), ["Bread", "Lisbon in three days", "Packing"]);

    await page.keyboard.type("LISB");
    await eventually(titles, [
      "Lisbon in three days",
      "Packing",
      "Lisbon trip",
      "#lisbon",
      "New note “LISB”",
    ]);
    expect(await palette.locator("mark").allInnerTexts()).toEqual(["Lisb", "lisb", "Lisb", "Lisb", "lisb"]);
    expect(await palette.getByRole("option", { selected: true }).locator("b").innerText()).toBe(
      "Lisbon in three days",
    );
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await waitForPage(page, "Packing");
    expect(await palette.count()).toBe(0);

    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").waitFor();
    await page.keyboard.type("zzzz");
    await palette.getByText("Nothing for “zzzz” in notes.").waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => palette.count(), 0);
  });

  it("asks the service once for what is typed at once, and again only for more", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Bread" });
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    const asked: string[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.pathname === "/api/search") asked.push(url.searchParams.get("q") ?? "");
    });
    await page.getByRole("button", { name: "Search Ctrl K" }).click();
    const input = page.getByRole("combobox");
    await input.evaluate((element: HTMLInputElement) => {
      for (const q of ["b", "br", "bre"]) {
        element.value = q;
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
    await eventually(async () => asked, ["bre"]);
    await input.fill("bread");
    await eventually(async () => asked, ["bre", "bread"]);
  });

  it("searches in this pad only by Tab, and has actions and tags by their signs", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await user.createNote({ name: "Rye in it", padId: pad.id });
    await user.createNote({ name: "Rye elsewhere", text: "#rye" });
    await page.goto(`/pads/${pad.id}`);
    await waitForList(page, "Trips", 1);
    await page.keyboard.press("Control+k");
    const titles = () => page.getByRole("option").locator("b").allInnerTexts();
    await page.getByRole("combobox").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("rye");
    await eventually(async () => (await titles())[0], "Rye in it");
    expect(await titles()).not.toContain("Rye elsewhere");

    await page.getByRole("combobox").fill(">sett");
    await eventually(titles, ["Settings"]);
    await page.getByRole("combobox").fill("#r");
    await eventually(titles, ["#rye"]);
    await page.keyboard.press("Enter");
    await waitForList(page, "#rye", 1);
  });

  it("finds by filters among the words, and makes a note of what was typed", async ({ user }) => {
    const { page } = user;
    // A reload asks the service for the note that was begun.
    user.allowStatus(404);
    await user.createNote({ name: "Tram", text: "Number 28 #lisbon" });
    await user.createNote({ name: "Tram stop", text: "Near the river" });
    const old = await user.createNote({ name: "Old tram", text: "Sold #lisbon" });
    await user.api.notes.marks.$put({ json: { ids: [old.id], archived: true } });
    await page.goto("/");
    await waitForList(page, "All notes", 2);
    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox");
    const found = () => page.getByRole("group", { name: "Notes" }).locator("b").allInnerTexts();
    await input.fill("tram");
    await eventually(found, ["Tram stop", "Tram"]);
    await input.fill("tram #Lisbon");
    await eventually(found, ["Tram"]);
    await input.fill("tram is:archived");
    await eventually(found, ["Old tram"]);
    await input.fill("tram before:2020");
    await page.getByText("Nothing for “tram before:2020” in notes.").waitFor();
    await input.fill("tram after:2020");
    await eventually(found, ["Tram stop", "Tram"]);

    await input.fill("Ferry times");
    await page.getByText("Nothing for “Ferry times” in notes.").waitFor();
    await page.keyboard.press("Control+Enter");
    const name = page.getByLabel("Name", { exact: true });
    await name.waitFor();
    expect(await name.inputValue()).toBe("Ferry times");
    await page.reload();
    await textField(page).pressSequentially("At noon");
    await waitForState(page, "Saved");
    await eventually(() => noteNames(page), ["Ferry times", "Tram stop", "Tram"]);
  });
});

describe("Single keys", () => {
  it("write, go, pin and undo; and can be switched off", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "First" });
    await user.createNote({ name: "Second" });
    await page.goto("/");
    await eventually(() => noteNames(page), ["Second", "First"]);
    await page.locator(".note").first().focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await waitForPage(page, "First");
    await page.getByRole("button", { name: "Pin" }).waitFor();
    await page.keyboard.press("p");
    await eventually(() => noteNames(page), ["First", "Second"]);
    await page.keyboard.press("e");
    await textField(page).waitFor();
    // What is typed is text.
    await page.keyboard.type("n?");
    await page.keyboard.press("Escape");
    await page.locator(".prose", { hasText: "n?" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await waitForPage(page, "Settings");

    await page.getByLabel(/^Single keys/).uncheck();
    await page.reload();
    await waitForPage(page, "Settings");
    await page.keyboard.press("n");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Search and go to" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings");
  });
});

describe("The search of a list", () => {
  it("has names before texts, each with the words marked, and filters", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "River walk", text: "From the bridge on #lisbon" });
    await user.createNote({ name: "Packing", text: `${"Long before it. ".repeat(30)}Shoes for the RIVER` });
    await user.createNote({ name: "Bread", text: "Rye" });
    await page.goto("/");
    await waitForList(page, "All notes", 3);
    const box = page.getByRole("searchbox", { name: "Search notes" });
    await box.fill("river");
    await waitForList(page, "All notes", 2);
    expect(await noteNames(page)).toEqual(["River walk", "Packing"]);
    expect(await page.locator(".list mark").allInnerTexts()).toEqual(["River", "RIVER"]);
    await box.fill("river #lisbon");
    await eventually(() => noteNames(page), ["River walk"]);
  });

  it("gives up what is no longer asked, and shows all that it finds", async ({ user }) => {
    const { page, context } = user;
    for (const part of [0, 1, 2]) {
      const some = Array.from({ length: 20 }, (_, i) => user.createNote({ name: `Tree ${part} ${i}` }));
      await Promise.all(some);
    }
    await page.goto("/");
    await waitForList(page, "All notes", 60);
    const failed: string[] = [];
    page.on("requestfailed", (request) => failed.push(new URL(request.url()).searchParams.get("q") ?? ""));
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await context.route(/\/api\/search\?.*q=tr&/, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    const box = page.getByRole("searchbox", { name: "Search notes" });
    await Promise.all([page.waitForRequest(/\/api\/search\?.*q=tr&/), box.fill("tr")]);
    await box.fill("tree");
    await eventually(async () => failed, ["tr"]);
    answer();
    await page.locator(".list mark").first().waitFor();
    await page.locator(".notes").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await waitForList(page, "All notes", 60);
  });
});
