// What becomes of the reader's text when something goes wrong: another save, a lost session, a network that fails, a
// service that is full, a page that is left or loaded anew. In each case none of it is lost.
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { arriveAt, eventually, it, PASSWORD, type Reader, signUp } from "./notejam.ts";

/** The code of a note's page, by its hash. */
const NOTE_PAGE = /\/assets\/note-[\w-]{8}\.js$/;
const MINE = "What I typed\nmine\nthe end";

export function failures(): void {
  describe("Two tabs on one note", () => {
    it("the later one sees both texts, and its own can be saved", async ({ reader }) => {
      reader.expectStatus(412);
      const { page, id } = await editing(reader, "What I typed\nthe end");
      const other = await reader.newTab();
      await other.goto(`/notes/${id}/edit`);
      await other.getByLabel("Text").fill("What I typed\ntheirs\nthe end");
      await other.getByRole("button", { name: "Save" }).click();
      await arriveAt(other, "A note");

      await page.getByLabel("Text").fill(MINE);
      await page.getByRole("button", { name: "Save" }).click();
      const theirs = page.getByRole("region", { name: "Theirs" });
      await theirs.locator("mark", { hasText: "theirs" }).waitFor();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
      expect((await reader.readNote(id)).text).toBe("What I typed\ntheirs\nthe end");

      await page.getByRole("button", { name: "Save mine" }).click();
      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
    });

    it("taking theirs asks first", async ({ reader }) => {
      reader.expectStatus(412);
      const { page, id, note } = await editing(reader);
      await reader.saveNote(note, { text: "theirs", name: "Theirs" });
      await page.getByLabel("Text").fill(MINE);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: "Take theirs" }).click();
      await page.getByRole("button", { name: "Keep mine" }).click();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);

      await page.getByRole("button", { name: "Take theirs" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Take theirs" }).click();
      await arriveAt(page, "Theirs");
      await page.locator(".prose", { hasText: "theirs" }).waitFor();
      expect(await reader.readNote(id)).toMatchObject({ text: "theirs", version: 2 });
    });

    it("saved a third time meanwhile, it shows the latest", async ({ reader }) => {
      reader.expectStatus(412);
      const { page, id, note } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      const second = await reader.saveNote(note, { text: "second" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("region", { name: "Theirs" }).getByText("second").waitFor();
      await reader.saveNote(second, { text: "third" });
      await page.getByRole("button", { name: "Save mine" }).click();
      await page.getByRole("region", { name: "Theirs" }).getByText("third").waitFor();
      await page.getByRole("button", { name: "Save mine" }).click();
      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
    });

    it("deleted meanwhile, it can become a new note", async ({ reader }) => {
      reader.expectStatus(404);
      const { page, id } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      await reader.deleteNote(id);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("This note was deleted meanwhile.").waitFor();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
      await page.getByRole("button", { name: "Save as a new note" }).click();
      await page.getByText("Note is successfully created").waitFor();
      const newId = page.url().split("/").at(-1) ?? "";
      expect(newId).not.toBe(id);
      expect((await reader.readNote(newId)).text).toBe(MINE);
    });
  });

  describe("A lost session", () => {
    it("asks to sign in again, and then does what was to be done", async ({ reader }) => {
      const { page, id } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      await reader.loseSession();
      await page.getByRole("button", { name: "Save" }).click();
      const dialog = page.getByRole("dialog", { name: "Sign in again" });
      await dialog.waitFor();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
      await dialog.getByLabel("Password").fill("not my password");
      await dialog.getByRole("button", { name: "Sign in" }).click();
      await dialog.getByText("Wrong email or password").waitFor();
      await dialog.getByLabel("Password").fill(PASSWORD);
      await dialog.getByRole("button", { name: "Sign in" }).click();

      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
    });

    it("can be declined, and what was typed stays", async ({ reader }) => {
      const { page } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      await reader.loseSession();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
      await page.getByText("You are signed out.").waitFor();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    });

    it("is found again where another tab signs in", async ({ reader }) => {
      const { page, id } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      await reader.loseSession();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
      const other = await reader.newTab();
      await other.goto("/signin");
      await other.getByLabel("Email").fill(reader.email);
      await other.getByLabel("Password").fill(PASSWORD);
      await other.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
    });

    it("where another account signs in, one's text is never sent as the other's", async ({ reader }) => {
      const { page } = reader;
      const stranger = `${randomUUID()}@example.com`;
      await signUp(stranger);
      await page.goto("/notes/create");
      await page.getByLabel("Name").fill("Mine alone");
      await page.getByLabel("Text").fill(MINE);
      await reader.loseSession();
      const other = await reader.newTab();
      await other.goto("/signin");
      await other.getByLabel("Email").fill(stranger);
      await other.getByLabel("Password").fill(PASSWORD);
      await other.getByRole("button", { name: "Sign in" }).click();
      await arriveAt(other, "All notes (0)");

      await page.getByRole("button", { name: "Create" }).click();
      const dialog = page.getByRole("dialog", { name: "Sign in again" });
      await dialog.getByText(`This browser is now signed in as ${stranger}.`).waitFor();
      await dialog.getByLabel("Password").fill(PASSWORD);
      await dialog.getByRole("button", { name: "Sign in" }).click();
      await arriveAt(page, "Mine alone");
      await page.getByText(`${reader.email}:`).waitFor();
      await reader.signInUnseen(stranger);
      expect(await (await reader.context.request.get("/api/notes")).json()).toMatchObject({ total: 0 });
    });
  });

  describe("A failed request", () => {
    it("says so, and can be repeated", async ({ reader }) => {
      reader.expectFailures();
      const { page, id } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      await page.route("**/api/notes/*", (route) => route.abort());
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Notejam can’t be reached.").waitFor();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
      await page.unroute("**/api/notes/*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
    });

    it("whose answer was cut is repeated without a second note, also with another text", async ({
      reader,
    }) => {
      reader.expectFailures();
      reader.expectStatus(409);
      const { page } = reader;
      await page.goto("/notes/create");
      await page.getByLabel("Name").fill("Once");
      await page.getByLabel("Text").fill("first");
      await page.route("**/api/notes", async (route) => {
        await route.fetch();
        await route.abort();
      });
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByText("Notejam can’t be reached.").waitFor();
      await page.unroute("**/api/notes");
      await page.getByLabel("Text").fill("second");
      await page.getByRole("button", { name: "Create" }).click();
      await arriveAt(page, "Once");
      await page.locator(".prose", { hasText: "second" }).waitFor();
      await page.getByRole("link", { name: "Notejam: all notes" }).click();
      await arriveAt(page, "All notes (1)");
    });

    it("of a service that is full waits in sight, and is repeated", async ({ reader }) => {
      reader.expectStatus(503);
      const { page, id } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      let turnedAway = 0;
      await page.route("**/api/notes/*", async (route) => {
        if (turnedAway++ > 0) return route.fallback();
        await route.fulfill({
          status: 503,
          headers: { "retry-after": "2", "content-type": "application/problem+json" },
          body: '{"code":"unavailable","title":"Unavailable","status":503}',
        });
      });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Notejam is busy just now. It will be tried again").waitFor();
      expect(await page.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
    });

    it("for a page says so there, and the page can be read again", async ({ reader }) => {
      reader.expectFailures();
      reader.expectStatus(500);
      const { page } = reader;
      await reader.createNote({ name: "Still here" });
      await page.route("**/api/notes?*", (route) => route.fulfill({ status: 500, body: "" }));
      await page.goto("/");
      await arriveAt(page, "That did not work");
      await page.unroute("**/api/notes?*");
      await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
      await arriveAt(page, "All notes (1)");
    });

    it("is repeated by itself when the network comes back", async ({ reader }) => {
      reader.expectFailures();
      const { page, context } = reader;
      const note = await reader.createNote({ name: "Far away" });
      await page.goto("/");
      await arriveAt(page, "All notes (1)");
      await page.waitForLoadState("networkidle");
      await context.setOffline(true);
      await page.getByRole("status").getByText("You are offline.").waitFor();
      await page.getByRole("link", { name: note.name }).click();
      await arriveAt(page, "That did not work");
      await context.setOffline(false);
      await arriveAt(page, "Far away");
    });

    it("of a further page leaves the list as it is", async ({ reader }) => {
      reader.expectFailures();
      const { page } = reader;
      await Promise.all(
        Array.from({ length: 51 }, (_, index) => reader.createNote({ name: `Note ${index}` })),
      );
      await page.route("**/api/notes?*cursor=*", (route) => route.abort());
      await page.goto("/");
      await arriveAt(page, "All notes (51)");
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await page.getByText("Notejam can’t be reached.").waitFor();
      expect(await page.locator("td.name").count()).toBe(50);
      await page.unroute("**/api/notes?*cursor=*");
      await page.getByRole("button", { name: "Try again" }).click();
      await eventually(() => page.locator("td.name").count(), 51);
    });

    it("for the page's own code asks to load it again", async ({ reader }) => {
      reader.expectFailures();
      reader.expectStatus(404);
      const { page } = reader;
      await reader.createNote({ name: "After the deployment" });
      await page.route(NOTE_PAGE, (route) => route.abort());
      // What the page prints of it is for whoever looks into it.
      reader.expectMessage(/dynamically imported module/);
      await page.goto("/");
      await page.getByRole("link", { name: "After the deployment" }).click();
      await page.getByText("This page could not be opened.").waitFor();
      await page.unroute(NOTE_PAGE);
      await page.getByRole("button", { name: "Load it again" }).click();
      await arriveAt(page, "After the deployment");
    });
  });

  describe("Unsaved text", () => {
    it("is asked about before a link or the way back leaves it", async ({ reader }) => {
      const { page } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      const question = page.getByRole("dialog", { name: "Leave without saving?" });
      await page.getByRole("link", { name: "Account settings" }).click();
      await question.getByRole("button", { name: "Stay here" }).click();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);

      await page.goBack();
      await question.waitFor();
      await page.keyboard.press("Escape");
      await eventually(() => question.count(), 0);
      expect(new URL(page.url()).pathname).toMatch(/\/edit$/);
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);

      await page.goBack();
      await question.getByRole("button", { name: "Leave without saving" }).click();
      await arriveAt(page, "A note");
      await page.getByRole("link", { name: "Edit" }).click();
      await arriveAt(page, "Edit note");
      expect(await page.getByLabel("Text").inputValue()).toBe("Some text");
    });

    it("is asked about before signing out", async ({ reader }) => {
      const { page } = await editing(reader);
      await page.getByLabel("Text").fill(MINE);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Stay here" }).click();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Leave without saving" }).click();
      await arriveAt(page, "Sign in");
      expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("What I typed");
    });

    it("is asked about before the tab closes, and what was not typed is not", async ({ reader }) => {
      const { page } = await editing(reader);
      const asked: string[] = [];
      page.on("dialog", (dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss();
      });
      await page.getByLabel("Text").fill(MINE);
      await page.close({ runBeforeUnload: true });
      await eventually(async () => asked, ["beforeunload"]);
      await page.getByLabel("Text").fill("Some text");
      await page.getByRole("link", { name: "Cancel" }).click();
      await arriveAt(page, "A note");
    });

    it("is put back when the page is loaded anew, and can be given up", async ({ reader }) => {
      const { page, id } = await editing(reader);
      page.on("dialog", (dialog) => void dialog.accept());
      await page.getByLabel("Text").fill(MINE);
      await page.reload();
      await page.getByText("It has been put back.").waitFor();
      expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
      await page.getByRole("button", { name: "Start over" }).click();
      expect(await page.getByLabel("Text").inputValue()).toBe("Some text");

      await page.getByLabel("Text").fill(MINE);
      await page.reload();
      await page.getByText("It has been put back.").waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Note is successfully updated").waitFor();
      expect((await reader.readNote(id)).text).toBe(MINE);
      await page.getByRole("link", { name: "Edit" }).click();
      await arriveAt(page, "Edit note");
      expect(await page.getByText("It has been put back.").count()).toBe(0);
    });
  });
}

/** A note whose edit page was opened from its own. */
async function editing(
  reader: Reader,
  text = "Some text",
): Promise<{ page: Page; id: string; note: Awaited<ReturnType<Reader["createNote"]>> }> {
  const { page } = reader;
  const note = await reader.createNote({ text });
  await page.goto(`/notes/${note.id}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await arriveAt(page, "Edit note");
  return { page, id: note.id, note };
}
