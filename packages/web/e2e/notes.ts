// Notes and lists of them in the browser.
import { describe, expect } from "vitest";
import { arriveAt, eventually, it, namesIn, type Reader } from "./notejam.ts";

export function notes(): void {
  describe("Notes", () => {
    it("note can be successfully created", async ({ reader }) => {
      const { page } = reader;
      const pad = await reader.createPad("Trips");
      await page.goto("/");
      await page.getByRole("link", { name: "Create your first note." }).click();
      await page.getByLabel("Name").fill("Legoland trip");
      await page.getByLabel("Text").fill("Take **sandwiches**.");
      await page.getByLabel("Pad", { exact: true }).selectOption("Trips");
      await page.getByRole("button", { name: "Create" }).click();

      await arriveAt(page, "Legoland trip");
      await page.getByText("Note is successfully created").waitFor();
      await page.locator("strong", { hasText: "sandwiches" }).waitFor();
      await page.getByText(/^Last edited Today at \d\d:\d\d/).waitFor();
      const id = page.url().split("/").at(-1) ?? "";
      expect(await reader.readNote(id)).toMatchObject({
        name: "Legoland trip",
        text: "Take **sandwiches**.",
        padId: pad.id,
      });

      // The way back leads to where the note was begun, not into the form again.
      await page.goBack();
      await arriveAt(page, "All notes (1)");
    });

    it("what is missing is said at its field, and what was typed stays", async ({ reader: { page } }) => {
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
      await arriveAt(page, "A name");
    });

    it("can be edited by its owner", async ({ reader }) => {
      const { page } = reader;
      const note = await reader.createNote({ name: "Before", text: "One\r\ntwo" });
      await page.goto(`/notes/${note.id}`);
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Name").fill("After");
      await page.getByRole("button", { name: "Save" }).click();

      await arriveAt(page, "After");
      await page.getByText("Note is successfully updated").waitFor();
      // The text was not touched, line endings included.
      expect(await reader.readNote(note.id)).toMatchObject({ name: "After", text: "One\r\ntwo" });
    });

    it("can be deleted by its owner", async ({ reader }) => {
      const { page } = reader;
      reader.expectStatus(404);
      const pad = await reader.createPad("Trips");
      const note = await reader.createNote({ name: "Not needed", padId: pad.id });
      await page.goto(`/notes/${note.id}`);
      await page.getByRole("link", { name: "Delete it" }).click();
      await page.getByText("Are you sure you want to delete Not needed?").waitFor();
      await reader.readNote(note.id);
      await page.getByRole("button", { name: "Yes, delete it" }).click();

      await arriveAt(page, "Trips (0)");
      await page.getByText("Note is successfully deleted").waitFor();
      await page.goto(`/notes/${note.id}`);
      await arriveAt(page, "Not found");
    });

    it("one that is not there has a page that says so", async ({ reader }) => {
      reader.expectStatus(404);
      for (const path of [
        "/notes/2b3f6d6e-0000-4000-8000-000000000000",
        "/notes/1",

        "/no/such/page",
      ]) {
        await reader.page.goto(path);
        await arriveAt(reader.page, "Not found");
      }
    });

    it("is read as safe Markdown, and no other site hears of it", async ({ reader }) => {
      const { page } = reader;
      const text = [
        "# Heading\n\n![cat](https://elsewhere.example/cat.png) [relative](/signout) [out](https://elsewhere.example/)",
        '<img src="https://elsewhere.example/pixel.gif" onerror="alert(1)"><script>alert(1)</script>',
        '<style>body{display:none}</style><p style="position:fixed">styled</p><iframe src="https://elsewhere.example/"></iframe>',
      ].join("\n\n");
      const note = await reader.createNote({ name: "Hostile", text });
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
        ["Picture", "noopener nofollow"],
      ]);
      expect(await page.locator(".prose img, .prose script, .prose style, .prose iframe").count()).toBe(0);
      expect(dialogs).toBe(0);
      expect(reader.strangers).toEqual([]);
    });

    it("of the largest size can be read and edited, and is kept to the letter", async ({ reader }) => {
      const { page } = reader;
      const text = "Ä line of *some* length, with “quotes”.\n\n".repeat(12_000).slice(0, 440 * 1024);
      const note = await reader.createNote({ name: "Large", text });
      await page.goto(`/notes/${note.id}`);
      await page.locator('.prose[aria-busy="false"] p').last().waitFor();
      expect(await page.locator(".prose p").count()).toBeGreaterThan(10_000);
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Name").fill("Large still");
      await page.getByRole("button", { name: "Save" }).click();
      await arriveAt(page, "Large still");
      expect((await reader.readNote(note.id)).text === text).toBe(true);
    });
  });

  describe("Lists", () => {
    it("list sorts four ways", async ({ reader }) => {
      const { page } = reader;
      for (const name of ["Banana", "apple", "Cherry"]) await reader.createNote({ name });
      await page.goto("/");
      const ways = [
        ["Sort by name, A to Z", "name", ["apple", "Banana", "Cherry"]],
        ["Sort by name, Z to A", "-name", ["Cherry", "Banana", "apple"]],
        ["Sort by last modified, oldest first", "updated_at", ["Banana", "apple", "Cherry"]],
        ["Sort by last modified, newest first", "-updated_at", ["Cherry", "apple", "Banana"]],
      ] as const;
      await eventually(() => namesIn(page), [...ways[3][2]]);
      for (const [label, order, names] of ways) {
        await page.getByRole("link", { name: label }).click();
        await eventually(() => namesIn(page), [...names]);
        expect(new URL(page.url()).searchParams.get("order")).toBe(order);
        expect(await page.locator('.arrows a[aria-current="true"]').getAttribute("aria-label")).toBe(label);
        const column = page.getByRole("columnheader", {
          name: order.includes("name") ? "Note" : "Last modified",
        });
        expect(await column.getAttribute("aria-sort")).toBe(
          order.startsWith("-") ? "descending" : "ascending",
        );
      }
      await page.goBack();
      await eventually(() => namesIn(page), [...ways[2][2]]);
      await page.goto("/?order=size");
      await eventually(() => namesIn(page), [...ways[3][2]]);
    });

    it("list pages through everything once, with the whole count from the start", async ({ reader }) => {
      const { page } = reader;
      await manyNotes(reader, 130);
      await page.goto("/?order=name");
      await arriveAt(page, "All notes (130)");
      await eventually(async () => {
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        return (await namesIn(page)).length;
      }, 130);
      expect(new Set(await namesIn(page)).size).toBe(130);
      expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);

      // The way back leads to the same place in the list.
      const last = page.getByRole("link", { name: "Note 130" });
      await last.scrollIntoViewIfNeeded();
      const place = await page.evaluate(() => window.scrollY);
      await last.click();
      await arriveAt(page, "Note 130");
      await page.goBack();
      await arriveAt(page, "All notes (130)");
      await eventually(() => page.evaluate(() => window.scrollY), place);
      expect(await namesIn(page)).toHaveLength(130);
    });

    it("a search narrows the list, and is in the address without a step back for each letter", async ({
      reader,
    }) => {
      const { page } = reader;
      await reader.createNote({ name: "Shopping", text: "milk, 100% cocoa" });
      await reader.createNote({ name: "Plans", text: "none" });
      await page.goto("/settings");
      await arriveAt(page, "Account settings");
      await page.getByRole("link", { name: "Notejam: all notes" }).click();
      await arriveAt(page, "All notes (2)");
      await page.getByRole("searchbox", { name: "Search notes" }).pressSequentially("100% COCOA");
      await eventually(() => namesIn(page), ["Shopping"]);
      expect(new URL(page.url()).searchParams.get("q")).toBe("100% COCOA");
      await page.getByRole("link", { name: "Sort by name, A to Z" }).click();
      await eventually(async () => new URL(page.url()).search, "?order=name&q=100%25+COCOA");

      await page.reload();
      expect(await page.getByRole("searchbox").inputValue()).toBe("100% COCOA");
      await page.getByRole("searchbox").fill("nothing like it");
      await page.getByText("No note here has “nothing like it”").waitFor();
      await page.goBack();
      await arriveAt(page, "All notes (1)");
      expect(await page.getByRole("searchbox").inputValue()).toBe("100% COCOA");
      await page.goBack();
      await arriveAt(page, "Account settings");
    });
  });
}

async function manyNotes(reader: Reader, count: number): Promise<void> {
  const AT_ONCE = 10;
  for (let first = 1; first <= count; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - first + 1) }, (_, index) => first + index);
    await Promise.all(
      numbers.map((number) => reader.createNote({ name: `Note ${String(number).padStart(3, "0")}` })),
    );
  }
}
