// Notes and their lists in the browser.
import { describe, expect } from "vitest";
import { eventually, it, noteNames, type User, waitForPage } from "./fixtures.ts";

describe("Notes", () => {
  it("note can be successfully created", async ({ user }) => {
    const { page } = user;
    const pad = await user.createPad("Trips");
    await page.goto("/");
    await page.getByRole("link", { name: "Create your first note." }).click();
    await page.getByLabel("Name").fill("Legoland trip");
    await page.getByLabel("Text").fill("Take **sandwiches**.");
    await page.getByLabel("Pad", { exact: true }).selectOption("Trips");
    await page.getByRole("button", { name: "Create" }).click();

    await waitForPage(page, "Legoland trip");
    await page.getByText("Note is successfully created").waitFor();
    await page.locator("strong", { hasText: "sandwiches" }).waitFor();
    await page.getByText(/^Last edited Today at \d\d:\d\d/).waitFor();
    const id = page.url().split("/").at(-1) ?? "";
    expect(await user.readNote(id)).toMatchObject({
      name: "Legoland trip",
      text: "Take **sandwiches**.",
      padId: pad.id,
    });

    // The back button skips the form.
    await page.goBack();
    await waitForPage(page, "All notes (1)");
  });

  it("an invalid field has its message, and keeps what was typed", async ({ user: { page } }) => {
    await page.goto("/notes/create");
    await page.getByLabel("Text").fill("Only a text");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Name is required").waitFor();
    expect(await page.getByLabel("Text").inputValue()).toBe("Only a text");
    await page.getByLabel("Name").fill("x".repeat(101));
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Name is too long (100 characters at most)").waitFor();
    await page.getByLabel("Name").fill("A name");
    await page.getByRole("button", { name: "Create" }).click();
    await waitForPage(page, "A name");
  });

  it("can be edited by its owner", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Before", text: "One\r\ntwo" });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Name").fill("After");
    await page.getByRole("button", { name: "Save" }).click();

    await waitForPage(page, "After");
    await page.getByText("Note is successfully updated").waitFor();
    // The text did not change, including its line endings.
    expect(await user.readNote(note.id)).toMatchObject({ name: "After", text: "One\r\ntwo" });
  });

  it("can be cleared by its owner, while a new one needs a text", async ({ user }) => {
    const { page } = user;
    await page.goto("/notes/create");
    await page.getByLabel("Name").fill("A name");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Text is required").waitFor();

    await page.getByLabel("Text").fill("Some text");
    await page.getByRole("button", { name: "Create" }).click();
    await waitForPage(page, "A name");
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Text").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Note is successfully updated").waitFor();
    const id = page.url().split("/").at(-1) ?? "";
    expect((await user.readNote(id)).text).toBe("");
  });

  it("can be deleted by its owner", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    const pad = await user.createPad("Trips");
    const note = await user.createNote({ name: "Not needed", padId: pad.id });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("link", { name: "Delete it" }).click();
    await page.getByText("Are you sure you want to delete Not needed?").waitFor();
    await user.readNote(note.id);
    await page.getByRole("button", { name: "Yes, delete it" }).click();

    await waitForPage(page, "Trips (0)");
    await page.getByText("Note is successfully deleted").waitFor();
    await page.goto(`/notes/${note.id}`);
    await waitForPage(page, "Not found");
  });

  it("one that doesn't exist is not found", async ({ user }) => {
    user.allowStatus(404);
    for (const path of [
      "/notes/2b3f6d6e-0000-4000-8000-000000000000",
      "/notes/1",

      "/no/such/page",
    ]) {
      await user.page.goto(path);
      await waitForPage(user.page, "Not found");
    }
  });

  it("is shown as safe Markdown, without requests to other sites", async ({ user }) => {
    const { page } = user;
    const text = [
      "# Heading\n\n![cat](https://elsewhere.example/cat.png) [relative](/signout) [out](https://elsewhere.example/)",
      '<img src="https://elsewhere.example/pixel.gif" onerror="alert(1)"><script>alert(1)</script>',
      '<style>body{display:none}</style><p style="position:fixed">styled</p><iframe src="https://elsewhere.example/"></iframe>',
    ].join("\n\n");
    const note = await user.createNote({ name: "Hostile", text });
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await page.goto(`/notes/${note.id}`);
    await page.getByRole("heading", { level: 2, name: "Heading" }).waitFor();
    await page.getByText("styled").waitFor();

    const links = await page
      .locator(".prose a")
      .evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute("rel")]));
    expect(links).toEqual([
      ["cat", "noopener nofollow"],
      ["out", "noopener nofollow"],
      ["Image", "noopener nofollow"],
    ]);
    expect(await page.locator(".prose img, .prose script, .prose style, .prose iframe").count()).toBe(0);
    expect(dialogs).toBe(0);
    expect(user.foreignRequests).toEqual([]);
  });

  it.for([
    ["at its beginning", ""],
    ["in a later piece of a long one", `# Heading\n\n${"Many words. ".repeat(5000)}\n\n`],
  ] as const)("with HTML that takes words away, %s, is shown as plain text", async ([, before], { user }) => {
    const { page } = user;
    const text = `${before}<frameset onload="alert(1)">\n\nImportant words\n\n<img src="https://elsewhere.example/x.png" onerror="alert(1)"><script>alert(1)</script>`;
    const note = await user.createNote({ name: "With frames", text });
    let dialogs = 0;
    page.on("dialog", (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await page.goto(`/notes/${note.id}`);
    await page.getByText("This note can't be shown as Markdown").waitFor();
    expect(await page.locator("pre.plain").textContent()).toBe(text);
    expect(await page.locator("pre.plain *").count()).toBe(0);
    expect(await page.locator(".prose *").count()).toBe(0);
    expect(await page.locator('.prose[aria-busy="false"]').count()).toBe(1);
    expect(dialogs).toBe(0);
    expect(user.foreignRequests).toEqual([]);
  });

  it("of the largest size can be read and edited, and keeps every character", async ({ user }) => {
    const { page } = user;
    const text = "Ä line of *some* length, with “quotes”.\n\n".repeat(12_000).slice(0, 440 * 1024);
    const note = await user.createNote({ name: "Large", text });
    await page.goto(`/notes/${note.id}`);
    await page.locator('.prose[aria-busy="false"] p').last().waitFor();
    expect(await page.locator(".prose p").count()).toBeGreaterThan(10_000);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Name").fill("Large still");
    await page.getByRole("button", { name: "Save" }).click();
    await waitForPage(page, "Large still");
    expect((await user.readNote(note.id)).text === text).toBe(true);
  });
});

describe("Lists", () => {
  it("list sorts four ways", async ({ user }) => {
    const { page } = user;
    for (const name of ["Banana", "apple", "Cherry"]) await user.createNote({ name });
    await page.goto("/");
    const sorts = [
      ["Sort by name, A to Z", "name", ["apple", "Banana", "Cherry"]],
      ["Sort by name, Z to A", "-name", ["Cherry", "Banana", "apple"]],
      ["Sort by last modified, oldest first", "updated_at", ["Banana", "apple", "Cherry"]],
      ["Sort by last modified, newest first", "-updated_at", ["Cherry", "apple", "Banana"]],
    ] as const;
    await eventually(() => noteNames(page), [...sorts[3][2]]);
    for (const [label, order, names] of sorts) {
      await page.getByRole("link", { name: label }).click();
      await eventually(() => noteNames(page), [...names]);
      expect(new URL(page.url()).searchParams.get("order")).toBe(order);
      expect(await page.locator('.sort-links a[aria-current="true"]').getAttribute("aria-label")).toBe(label);
      const column = page.getByRole("columnheader", {
        name: order.includes("name") ? "Note" : "Last modified",
      });
      expect(await column.getAttribute("aria-sort")).toBe(order.startsWith("-") ? "descending" : "ascending");
    }
    await page.goBack();
    await eventually(() => noteNames(page), [...sorts[2][2]]);
    await page.goto("/?order=size");
    await eventually(() => noteNames(page), [...sorts[3][2]]);
  });

  it("list pages through everything once, with the total from the start", async ({ user }) => {
    const { page } = user;
    await manyNotes(user, 130);
    await page.goto("/?order=name");
    await waitForPage(page, "All notes (130)");
    await eventually(async () => {
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      return (await noteNames(page)).length;
    }, 130);
    expect(new Set(await noteNames(page)).size).toBe(130);
    expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);

    // The back button leads to the same place in the list.
    const last = page.getByRole("link", { name: "Note 130" });
    await last.scrollIntoViewIfNeeded();
    const position = await page.evaluate(() => window.scrollY);
    await last.click();
    await waitForPage(page, "Note 130");
    await page.goBack();
    await waitForPage(page, "All notes (130)");
    await eventually(() => page.evaluate(() => window.scrollY), position);
    expect(await noteNames(page)).toHaveLength(130);
  });

  it("a search narrows the list, and is one step in the history", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Shopping", text: "milk, 100% cocoa" });
    await user.createNote({ name: "Plans", text: "none" });
    await page.goto("/settings");
    await waitForPage(page, "Account settings");
    await page.getByRole("link", { name: "Notejam: all notes" }).click();
    await waitForPage(page, "All notes (2)");
    await page.getByRole("searchbox", { name: "Search notes" }).pressSequentially("100% COCOA");
    await eventually(() => noteNames(page), ["Shopping"]);
    expect(new URL(page.url()).searchParams.get("q")).toBe("100% COCOA");
    await page.getByRole("link", { name: "Sort by name, A to Z" }).click();
    await eventually(async () => new URL(page.url()).search, "?order=name&q=100%25+COCOA");

    await page.reload();
    expect(await page.getByRole("searchbox").inputValue()).toBe("100% COCOA");
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByText("No notes match “nothing like it”").waitFor();
    await page.goBack();
    await waitForPage(page, "All notes (1)");
    expect(await page.getByRole("searchbox").inputValue()).toBe("100% COCOA");
    await page.goBack();
    await waitForPage(page, "Account settings");
  });
});

async function manyNotes(user: User, count: number): Promise<void> {
  const CONCURRENCY = 10;
  for (let first = 1; first <= count; first += CONCURRENCY) {
    const numbers = Array.from(
      { length: Math.min(CONCURRENCY, count - first + 1) },
      (_, index) => first + index,
    );
    await Promise.all(
      numbers.map((number) => user.createNote({ name: `Note ${String(number).padStart(3, "0")}` })),
    );
  }
}
