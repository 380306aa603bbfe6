// The user's text survives everything that goes wrong: another save, a lost session, a failing network, a busy service,
// and leaving or reloading the page.
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import {
  eventually,
  it,
  noteNames,
  PASSWORD,
  signUp,
  type User,
  waitForList,
  waitForPage,
} from "./fixtures.ts";

/** The code of a note's page. */
const NOTE_PAGE = /\/assets\/note-pane-[\w-]{8}\.js$/;
const MINE = "What I typed\nmine\nthe end";

describe("Two tabs on one note", () => {
  it("the later one sees both texts, and can save its own", async ({ user }) => {
    user.allowStatus(412);
    const { page, id } = await editing(user, "What I typed\nthe end");
    const other = await user.newTab();
    await other.goto(`/notes/${id}/edit`);
    await other.getByLabel("Text").fill("What I typed\ntheirs\nthe end");
    await other.getByRole("button", { name: "Save" }).click();
    await waitForPage(other, "A note");

    await page.getByLabel("Text").fill(MINE);
    await page.getByRole("button", { name: "Save" }).click();
    const theirs = page.getByRole("region", { name: "Theirs" });
    await theirs.locator("mark", { hasText: "theirs" }).waitFor();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
    expect((await user.readNote(id)).text).toBe("What I typed\ntheirs\nthe end");

    await page.getByRole("button", { name: "Save mine" }).click();
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("taking theirs asks first", async ({ user }) => {
    user.allowStatus(412);
    const { page, id, note } = await editing(user);
    await user.saveNote(note, { text: "theirs", name: "Theirs" });
    await page.getByLabel("Text").fill(MINE);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Take theirs" }).click();
    await page.getByRole("button", { name: "Keep mine" }).click();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);

    await page.getByRole("button", { name: "Take theirs" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take theirs" }).click();
    await waitForPage(page, "Theirs");
    await page.locator(".prose", { hasText: "theirs" }).waitFor();
    expect(await user.readNote(id)).toMatchObject({ text: "theirs", version: 2 });
  });

  it("after a third save, it shows the latest text", async ({ user }) => {
    user.allowStatus(412);
    const { page, id, note } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    const second = await user.saveNote(note, { text: "second" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("region", { name: "Theirs" }).getByText("second").waitFor();
    await user.saveNote(second, { text: "third" });
    await page.getByRole("button", { name: "Save mine" }).click();
    await page.getByRole("region", { name: "Theirs" }).getByText("third").waitFor();
    await page.getByRole("button", { name: "Save mine" }).click();
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("after the note is deleted, the text can become a new note", async ({ user }) => {
    user.allowStatus(404);
    const { page, id } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    await user.deleteNote(id);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("This note was deleted while you were editing.").waitFor();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
    // A new note needs a text.
    await page.getByLabel("Text").fill("");
    await page.getByRole("button", { name: "Save as a new note" }).click();
    await page.getByText("Text is required").waitFor();
    await page.getByLabel("Text").fill(MINE);
    await page.getByRole("button", { name: "Save as a new note" }).click();
    await waitForPage(page, "A note");
    const newId = page.url().split("/").at(-1) ?? "";
    expect(newId).not.toBe(id);
    expect((await user.readNote(newId)).text).toBe(MINE);
  });
});

describe("A lost session", () => {
  it("asks to sign in again, and then goes on with the request", async ({ user }) => {
    const { page, id } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    await user.loseSession();
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await dialog.waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    await dialog.getByLabel("Password").fill("not my password");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.getByText("Wrong email or password").waitFor();
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();

    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("can stay lost, and the text remains", async ({ user }) => {
    const { page } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    await user.loseSession();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
    await page.getByText("You are signed out.").waitFor();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
  });

  it("is restored when another tab signs in", async ({ user }) => {
    const { page, id } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    await user.loseSession();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    const other = await user.newTab();
    await other.goto("/signin");
    await other.getByLabel("Email").fill(user.email);
    await other.getByLabel("Password").fill(PASSWORD);
    await other.getByRole("button", { name: "Sign in" }).click();
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("never sends the text as another user who signs in", async ({ user }) => {
    const { page } = user;
    const otherEmail = `${randomUUID()}@example.com`;
    await signUp(otherEmail);
    await page.goto("/notes/create");
    await page.getByLabel("Name").fill("Private");
    await page.getByLabel("Text").fill(MINE);
    await user.loseSession();
    const other = await user.newTab();
    await other.goto("/signin");
    await other.getByLabel("Email").fill(otherEmail);
    await other.getByLabel("Password").fill(PASSWORD);
    await other.getByRole("button", { name: "Sign in" }).click();
    await waitForList(other, "All notes", 0);

    await page.getByRole("button", { name: "Create" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await dialog.getByText(`This browser is now signed in as ${otherEmail}.`).waitFor();
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await waitForPage(page, "Private");
    await page.getByText(user.email).waitFor();
    await user.signInByApi(otherEmail);
    expect(await (await user.api.notes.$get()).json()).toMatchObject({ total: 0 });
  });
});

describe("A failed request", () => {
  it("shows an error, and can be repeated", async ({ user }) => {
    user.allowNetworkErrors();
    const { page, id } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    await page.route("**/api/notes/*", (route) => route.abort());
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The service does not answer.").waitFor();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
    await page.unroute("**/api/notes/*");
    await page.getByRole("button", { name: "Try again" }).click();
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("whose answer was lost can be repeated, also with another text, without a second note", async ({
    user,
  }) => {
    user.allowNetworkErrors();
    user.allowStatus(409);
    const { page } = user;
    await page.goto("/notes/create");
    await page.getByLabel("Name").fill("Once");
    await page.getByLabel("Text").fill("first");
    await page.route("**/api/notes", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("The service does not answer.").waitFor();
    await page.unroute("**/api/notes");
    await page.getByLabel("Text").fill("second");
    await page.getByRole("button", { name: "Create" }).click();
    await waitForPage(page, "Once");
    await page.locator(".prose", { hasText: "second" }).waitFor();
    await waitForList(page, "All notes", 1);
  });

  it("of a busy service waits visibly, and is repeated", async ({ user }) => {
    user.allowStatus(503);
    const { page, id } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    let rejected = 0;
    await page.route("**/api/notes/*", async (route) => {
      if (rejected++ > 0) return route.fallback();
      await route.fulfill({
        status: 503,
        headers: { "retry-after": "2", "content-type": "application/problem+json" },
        body: '{"code":"unavailable","title":"Unavailable","status":503}',
      });
    });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The service is busy. Trying again").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("of a page shows an error there, and can be repeated", async ({ user }) => {
    user.allowNetworkErrors();
    user.allowStatus(500);
    const { page } = user;
    await user.createNote({ name: "Still here" });
    await page.route("**/api/notes?*", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto("/");
    await page.getByRole("alert").getByText("Your notes could not be loaded").waitFor();
    await page.unroute("**/api/notes?*");
    await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
    await waitForList(page, "All notes", 1);
  });

  it("is repeated automatically when the network comes back", async ({ user }) => {
    user.allowNetworkErrors();
    const { page, context } = user;
    const note = await user.createNote({ name: "Far away" });
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    await page.waitForLoadState("networkidle");
    await context.setOffline(true);
    await page.getByRole("status").getByText("You are offline.").waitFor();
    await page.getByRole("link", { name: note.name }).click();
    await waitForPage(page, "This note could not be loaded");
    await context.setOffline(false);
    await waitForPage(page, "Far away");
  });

  it("of a further page keeps the list", async ({ user }) => {
    user.allowNetworkErrors();
    const { page } = user;
    await Promise.all(Array.from({ length: 101 }, (_, index) => user.createNote({ name: `Note ${index}` })));
    await page.route("**/api/notes?*cursor=*", (route) => route.abort());
    await page.goto("/");
    await waitForList(page, "All notes", 101);
    const toEnd = () => page.locator(".list .scroll").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await toEnd();
    await page.getByText("The service does not answer.").waitFor();
    await page.locator(".list .note").first().waitFor();
    await page.unroute("**/api/notes?*cursor=*");
    await page.getByRole("button", { name: "Try again" }).click();
    await eventually(async () => {
      await toEnd();
      return (await page.getByRole("alert").count()) === 0 && (await noteNames(page)).includes("Note 0");
    }, true);
  });

  it("for the page's code offers to reload", async ({ user }) => {
    user.allowNetworkErrors();
    user.allowStatus(404);
    const { page } = user;
    await user.createNote({ name: "After the deployment" });
    await page.route(NOTE_PAGE, (route) => route.abort());
    // The page logs this error itself.
    user.allowMessage(/dynamically imported module/);
    await page.goto("/");
    await page.getByRole("link", { name: "After the deployment" }).click();
    await page.getByText("Its code did not load.").waitFor();
    await page.unroute(NOTE_PAGE);
    await page.getByRole("button", { name: "Reload" }).click();
    await waitForPage(page, "After the deployment");
  });
});

describe("Unsaved text", () => {
  it("is asked about before a link or the back button leaves the page", async ({ user }) => {
    const { page } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    const question = page.getByRole("dialog", { name: "Leave without saving?" });
    await page.getByRole("link", { name: "Settings" }).click();
    await question.getByRole("button", { name: "Stay" }).click();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);

    await page.goBack();
    await question.waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => question.count(), 0);
    expect(new URL(page.url()).pathname).toMatch(/\/edit$/);
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);

    await page.goBack();
    await question.getByRole("button", { name: "Leave" }).click();
    await waitForPage(page, "A note");
    await page.getByRole("link", { name: "Edit" }).click();
    await waitForPage(page, "Edit note");
    expect(await page.getByLabel("Text").inputValue()).toBe("Some text");
  });

  it("is asked about before signing out", async ({ user }) => {
    const { page } = await editing(user);
    await page.getByLabel("Text").fill(MINE);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Stay" }).click();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Leave" }).click();
    await waitForPage(page, "Sign in");
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("What I typed");
  });

  it("is asked about before the tab closes, but unchanged text is not", async ({ user }) => {
    const { page } = await editing(user);
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
    await waitForPage(page, "A note");
  });

  it("is restored after a reload, and can be discarded", async ({ user }) => {
    const { page, id } = await editing(user);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByLabel("Text").fill(MINE);
    await page.reload();
    await page.getByText("Your unsaved text was restored.").waitFor();
    expect(await page.getByLabel("Text").inputValue()).toBe(MINE);
    await page.getByRole("button", { name: "Discard" }).click();
    expect(await page.getByLabel("Text").inputValue()).toBe("Some text");

    await page.getByLabel("Text").fill(MINE);
    await page.reload();
    await page.getByText("Your unsaved text was restored.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await waitForPage(page, "A note");
    expect((await user.readNote(id)).text).toBe(MINE);
    await page.getByRole("link", { name: "Edit" }).click();
    await waitForPage(page, "Edit note");
    expect(await page.getByText("Your unsaved text was restored.").count()).toBe(0);
  });
});

/** Opens a new note's edit page from the note's own page. */
async function editing(
  user: User,
  text = "Some text",
): Promise<{ page: Page; id: string; note: Awaited<ReturnType<User["createNote"]>> }> {
  const { page } = user;
  const note = await user.createNote({ text });
  await page.goto(`/notes/${note.id}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await waitForPage(page, "Edit note");
  return { page, id: note.id, note };
}
