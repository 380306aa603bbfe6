// The user's text survives everything that goes wrong: another save, a lost session, a failing network, a busy service,
// and leaving or reloading the page.
import type { Page, Route } from "playwright-core";
import { describe, expect } from "vitest";
import { createAccount, PASSWORD } from "./accounts.ts";
import {
  crash,
  eventually,
  it,
  noteNames,
  refuseSaves,
  shortenPages,
  submitSignIn,
  textField,
  textWritten,
  type User,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";

/** The code of a note's page. */
const EDITOR = /\/assets\/editor-pane-[\w-]{8}\.js$/;
const MINE = "What I typed\nmine\nthe end";

describe("A note that is written", () => {
  it("and is deleted can become a new note", async ({ user }) => {
    user.allowStatus(404);
    const { page, id } = await editing(user);
    await user.deleteNote(id);
    await textField(page).fill(MINE);
    await page.getByText("This note was deleted while you were writing.").waitFor();
    expect(await textWritten(page)).toBe(MINE);
    await page.getByRole("button", { name: "Save as a new note" }).click();
    await waitForState(page, "Saved");
    const newId = new URL(page.url()).pathname.split("/")[2] ?? "";
    expect(newId).not.toBe(id);
    expect((await user.readNote(newId)).text).toBe(MINE);
  });

  it("and is deleted before the answer to its creation arrives can become a new note, once", async ({
    user,
  }) => {
    user.allowStatus(404, 409);
    const { page } = user;
    const { id, answers } = await createdWithoutAnswer(user, "Mine");
    await user.deleteNote(id);
    await answers();
    await textField(page).fill("Mine, and more");
    await page.getByText("This note was deleted while you were writing.").waitFor();
    await page.getByRole("button", { name: "Save as a new note" }).click();
    await waitForState(page, "Saved");
    await eventually(async () => page.url().includes(id), false);
    expect(await textWritten(page)).toBe("Mine, and more");
    const { notes } = await (await user.api.notes.$get()).json();
    expect(notes.map(({ excerpt }) => excerpt)).toEqual(["Mine, and more"]);
  });
});

describe("A lost session", () => {
  it("asks to sign in again, and then goes on with the request", async ({ user }) => {
    const { page, id } = await editing(user);
    await user.loseSession();
    await textField(page).fill(MINE);
    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await dialog.waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    await dialog.getByLabel("Password").fill("not my password");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.getByText("Wrong email or password").waitFor();
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();

    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("can stay lost, and the text remains, also after a reload", async ({ user }) => {
    const { page, id } = await editing(user);
    await user.loseSession();
    await textField(page).fill(MINE);
    await page.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
    await waitForState(page, "Not saved: You are signed out.");
    expect(await textWritten(page)).toBe(MINE);

    await page.reload();
    await submitSignIn(page, user.email);
    await page.getByText("What you wrote before is here again.").waitFor();
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("is restored when another tab signs in", async ({ user }) => {
    const { page, id } = await editing(user);
    await user.loseSession();
    await textField(page).fill(MINE);
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    const other = await user.newTab();
    await other.goto("/signin");
    await submitSignIn(other, user.email);
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("never sends the text as another user who signs in, nor shows it to them", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    const otherEmail = await createAccount();
    await page.goto("/notes/create");
    await textField(page).waitFor();
    await user.loseSession();
    await textField(page).fill(MINE);
    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await dialog.waitFor();
    const other = await user.newTab();
    await other.goto("/signin");
    await submitSignIn(other, otherEmail);
    await waitForList(other, "All notes", 0);
    await other.goto(new URL(page.url()).pathname);
    await waitForPage(other, "This note is not here");
    expect(await other.getByText("What I typed").count()).toBe(0);

    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await waitForState(page, "Saved");
    await user.openSession(otherEmail);
    expect(await (await user.api.notes.$get()).json()).toMatchObject({ total: 0 });
  });
});

describe("What is written", () => {
  it("is kept while the service does not answer, and saved when it does", async ({ user }) => {
    user.allowNetworkErrors();
    const { page, context, id } = await editing(user);
    await context.setOffline(true);
    await textField(page).fill(MINE);
    await waitForState(page, "Offline · kept here");
    expect((await user.readNote(id)).text).toBe("Some text");
    await context.setOffline(false);
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("is saved once, also if the answer was lost and more was written since", async ({ user }) => {
    user.allowStatus(409);
    const { page } = user;
    const { answers } = await createdWithoutAnswer(user, "first");
    await answers();
    await textField(page).fill("second");
    await waitForState(page, "Saved");
    const { notes, total } = await (await user.api.notes.$get()).json();
    expect(total).toBe(1);
    expect(notes[0]).toMatchObject({ excerpt: "second" });
  });

  it("does not replace what another device made of the new note while its answer was lost", async ({
    user,
  }) => {
    user.allowStatus(409, 412);
    const { page } = user;
    const { id, answers } = await createdWithoutAnswer(user, "first");
    await user.saveNote(await user.readNote(id), { text: "elsewhere" });
    await answers();
    await textField(page).fill("second");
    await page.getByRole("alertdialog").waitFor();
    expect((await user.readNote(id)).text).toBe("elsewhere");
  });

  it("waits for a busy service as long as that says", async ({ user }) => {
    user.allowStatus(503);
    const { page, id } = await editing(user);
    let rejected = 0;
    await page.route("**/api/notes/*", async (route) => {
      if (rejected++ > 0) return route.fallback();
      await route.fulfill({
        status: 503,
        headers: { "retry-after": "3", "content-type": "application/problem+json" },
        body: '{"code":"unavailable","title":"Unavailable","status":503}',
      });
    });
    await textField(page).fill(MINE);
    await waitForState(page, "No answer · kept here");
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(MINE);
    expect(rejected).toBe(2);
  });

  it.for([429, 503])("goes on after API Gateway has rejected it: %i", async (status, { user }) => {
    user.allowStatus(status);
    const { page, id } = await editing(user);
    let rejected = 0;
    await page.route("**/api/notes/*", async (route) => {
      if (rejected++ > 0) return route.fallback();
      await route.fulfill({ status, json: { message: "Not now" } });
    });
    await textField(page).fill(MINE);
    await waitForState(page, "No answer · kept here");
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(MINE);
  });

  it("and can't be saved says why, and is kept", async ({ user }) => {
    user.allowStatus(422);
    const { page, id } = await editing(user);
    await page.getByLabel("Name").fill("x".repeat(101));
    await waitForState(page, "Not saved: Name is too long (100 characters at most)");
    await page.reload();
    expect(await page.getByLabel("Name").inputValue()).toBe("x".repeat(101));
    await page.getByLabel("Name").fill("x".repeat(100));
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).name).toBe("x".repeat(100));
  });

  it.for([
    ["a reload", (page: Page) => page.reload()],
    [
      "a closed tab",
      async (page: Page, user: User) => {
        await page.close();
        return await user.newTab();
      },
    ],
  ] as const)("survives %s before it is saved, key by key", async ([, lose], { user }) => {
    // A reload may come before the answer of a save.
    user.allowStatus(412);
    const savesAgain = await refuseSaves(user);
    const { page, id } = await editing(user, "Some text");
    await textField(page).press("Control+End");
    await textField(page).pressSequentially(", and more");
    await page.getByLabel("Name").fill("Another name");
    await waitForState(page, "No answer · kept here");
    const after = await lose(page, user);
    const shown = after && "goto" in after ? after : page;
    if (shown !== page) await shown.goto(`/notes/${id}/edit`);

    await shown.getByText("What you wrote before is here again.").waitFor();
    expect(await textWritten(shown)).toBe("Some text, and more");
    expect(await shown.getByLabel("Name").inputValue()).toBe("Another name");
    await savesAgain(shown);
    await eventually(async () => (await user.readNote(id)).text, "Some text, and more");
    await waitForState(shown, "Saved");
    expect((await user.readNote(id)).name).toBe("Another name");
    await shown.reload();
    await eventually(() => textWritten(shown), "Some text, and more");
    await waitForState(shown, "Saved");
  });

  it.for([
    ["of a name of its own", true],
    ["named after its first line", false],
  ] as const)(
    "and was sent as its page was left has no conflict with what is written on, however late it arrives, in a note %s",
    async ([, named], { user }) => {
      user.allowNetworkErrors();
      user.allowStatus(412);
      const { page, note } = await editing(user, "Some text", named);
      const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
      let isLeft = false;
      await page.route("**/api/notes/*", async (route) => {
        if (route.request().method() !== "PATCH") return route.fallback();
        if (!isLeft) return route.abort();
        await mayGo;
        return route.continue();
      });
      await textField(page).press("Control+End");
      await textField(page).pressSequentially(", and more");
      await waitForState(page, "No answer · kept here");
      isLeft = true;
      await page.reload();
      await page.getByText("What you wrote before is here again.").waitFor();
      await textField(page).press("Control+End");
      await textField(page).pressSequentially(", and more still");
      // What the page before had sent arrives now, before what this one sends; its last save may have arrived by itself.
      const { version } = await user.readNote(note.id);
      const sent = "Some text, and";
      if (version === note.version) await user.saveNote(note, { text: sent, ...(!named && { name: sent }) });
      go();
      await waitForState(page, "Saved");
      expect(await textWritten(page)).toBe("Some text, and more, and more still");
      expect((await user.readNote(note.id)).text).toBe("Some text, and more, and more still");
    },
  );

  it("and was recovered can be discarded", async ({ user }) => {
    user.allowNetworkErrors();
    const { page, id } = await editing(user);
    await user.context.route("**/api/notes/*", (route) =>
      route.request().method() === "PATCH" ? route.abort() : route.fallback(),
    );
    await textField(page).fill(MINE);
    await waitForState(page, "No answer · kept here");
    await crash(page);
    const after = await user.newTab();
    await after.goto(`/notes/${id}/edit`);
    await after.getByRole("button", { name: "Discard it" }).click();
    await waitForPage(after, "A note");
    await after.locator(".prose", { hasText: "Some text" }).waitFor();
    await after.getByRole("link", { name: "Edit" }).click();
    await eventually(() => textWritten(after), "Some text");
  });

  it("is saved on the way to another page", async ({ user }) => {
    const { page, id } = await editing(user);
    await textField(page).fill(MINE);
    await page.getByRole("link", { name: "Settings" }).click();
    await waitForPage(page, "Settings");
    await eventually(async () => (await user.readNote(id)).text, MINE);
  });

  it("is saved before signing out, and asked about if that fails", async ({ user }) => {
    user.allowNetworkErrors();
    const { page, id } = await editing(user);
    await user.context.route("**/api/notes/*", (route) => route.abort());
    await textField(page).fill(MINE);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Stay" }).click();
    expect(await textWritten(page)).toBe(MINE);
    await user.context.unroute("**/api/notes/*");
    await page.getByRole("button", { name: "Sign out" }).click();
    await waitForPage(page, "Sign in");
    await user.openSession(user.email);
    expect((await user.readNote(id)).text).toBe(MINE);
  });
});

describe("A failed request", () => {
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
    await user.createNote({ name: "The last one" });
    await user.createNotes(60);
    await shortenPages(page, "/api/notes");
    await page.route("**/api/notes?*cursor=*", (route) => route.abort());
    await page.goto("/");
    await waitForList(page, "All notes", 61);
    const toEnd = () => page.locator(".list .scroll").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await toEnd();
    await page.getByText("The service does not answer.").waitFor();
    await page.locator(".list .note").first().waitFor();
    await page.unroute("**/api/notes?*cursor=*");
    await page.getByRole("button", { name: "Try again" }).click();
    await eventually(async () => {
      await toEnd();
      return (
        (await page.getByRole("alert").count()) === 0 && (await noteNames(page)).includes("The last one")
      );
    }, true);
  });

  describe("for the code of a part", () => {
    const PART = /\/assets\/parts-/;

    /** Opens a list whose menu's code does not arrive until it fails. */
    async function waitingForCode({ page, createNote }: User): Promise<(reason: string) => Promise<void>> {
      await createNote({ name: "One" });
      const held: Route[] = [];
      const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
      await page.route(PART, (route) => {
        held.push(route);
        ask();
      });
      await page.goto("/");
      await waitForList(page, "All notes", 1);
      await asked;
      return async (reason) => {
        await page.route(PART, (route) => route.abort(reason));
        const noticed = page.waitForEvent("requestfailed", (request) => request === held.at(-1)?.request());
        for (const route of held) await route.abort(reason);
        await noticed;
      };
    }

    async function menuWorks(page: Page): Promise<void> {
      const more = page.getByRole("button", { name: "More" });
      await eventually(() => more.getAttribute("aria-disabled"), null);
      await page.locator(".notes .note").waitFor();
      await more.click();
      await page.getByRole("menuitemradio", { name: "Name, A to Z" }).waitFor();
      // With its styles.
      const position = page.locator(".menu-items").evaluate((menu) => getComputedStyle(menu).position);
      expect(await position).toBe("absolute");
    }

    it("waits for the network, and the page goes on", async ({ user }) => {
      user.allowNetworkErrors();
      const { page, context } = user;
      const failCode = await waitingForCode(user);
      await context.setOffline(true);
      await page.getByText("You are offline. What you write").waitFor();
      await failCode("internetdisconnected");
      await page.locator(".notes .note").waitFor();

      await page.unroute(PART);
      await context.setOffline(false);
      await menuWorks(page);
    });

    it("is over when the network is back before the page has noticed", async ({ user }) => {
      user.allowNetworkErrors();
      const { page } = user;
      const failCode = await waitingForCode(user);
      await failCode("internetdisconnected");
      await page.unroute(PART);
      await menuWorks(page);
    });
  });

  it.for([
    ["that does not arrive", (route: Route) => route.abort()],
    // What no deployment of the last ten has, S3 refuses.
    ["that is gone", (route: Route) => route.fulfill({ status: 403, body: "" })],
  ] as const)("for the page's code %s offers to reload", async ([, fail], { user }) => {
    user.allowNetworkErrors();
    user.allowStatus(403, 404);
    const { page } = user;
    const { id } = await user.createNote();
    await page.route(EDITOR, fail);
    // The page logs this error itself.
    user.allowMessage(/dynamically imported module/);
    await page.goto(`/notes/${id}`);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByText("Its code did not load.").waitFor();
    await page.unroute(EDITOR);
    await page.getByRole("button", { name: "Reload" }).click();
    await textField(page).waitFor();
  });
});

/** Begins a note, whose creation arrives while its answers are lost. @returns the note's id, and what lets answers arrive again */
async function createdWithoutAnswer(
  user: User,
  text: string,
): Promise<{ id: string; answers: () => Promise<void> }> {
  user.allowNetworkErrors();
  const { page } = user;
  await page.goto("/notes/create");
  await textField(page).waitFor();
  await page.route("**/api/notes", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await textField(page).fill(text);
  await waitForState(page, "No answer · kept here");
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  return { id, answers: () => page.unroute("**/api/notes") };
}

/** Opens a new note's editor from the note's own page. */
async function editing(
  user: User,
  text = "Some text",
  named = true,
): Promise<Pick<User, "page" | "context"> & { id: string; note: Awaited<ReturnType<User["createNote"]>> }> {
  const { page, context } = user;
  const note = await user.createNote({ text, ...(!named && { name: text, named }) });
  await page.goto(`/notes/${note.id}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await textField(page).waitFor();
  return { page, context, id: note.id, note };
}
