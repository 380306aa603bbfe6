// What was written and left before it was saved, as in a tab that was closed offline: it is seen until it is saved, and saved by
// itself.
import type { Note } from "@notejam/core/note/schema";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { hasWritten } from "./accounts.ts";
import {
  eventually,
  focused,
  it,
  refuseSaves,
  textField,
  type User,
  waitForPage,
  waitForState,
} from "./fixtures.ts";
import { countKept } from "./kept.ts";

const MINE = "What I typed\nmine\nthe end";

describe("What was written", () => {
  it("and was left in a closed tab is seen wherever notes are until it is saved, and is saved by itself", async ({
    user,
  }) => {
    // The note that was never sent is not there.
    user.allowStatus(404, 412);
    const savesAgain = await refuseSaves(user);
    const { page, id } = await editing(user, "Some text about apples");
    await textField(page).fill("Some text about lemons");
    await waitForState(page, "No answer · kept here");
    await page.goto("/notes/create");
    await textField(page).fill("Never sent, about #limes");
    await waitForState(page, "No answer · kept here");
    const newId = new URL(page.url()).pathname.split("/")[2] as string;
    await page.close();

    const other = await user.newTab();
    await other.goto("/");
    const rows = other.locator(".notes .note");
    const listed = async () => (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, " "));
    await eventually(
      async () => (await listed()).map((row) => row.replace(/\d\d:\d\d/, "–")),
      ["Never sent, about #limes Kept here · –", "A note Kept here · – Some text about lemons"],
    );
    for (const [words, name] of [
      ["lemons", "A note"],
      ["limes", "Never sent, about #limes"],
    ] as const) {
      await other.getByRole("searchbox", { name: "Search notes" }).fill(words);
      await eventually(() => rows.locator("b").allInnerTexts(), [name]);
      await other.keyboard.press("Control+K");
      const found = other.getByRole("option", { name });
      await other.keyboard.type(words);
      await found.getByText("Kept here").waitFor();
      await found.locator("mark", { hasText: words }).first().waitFor();
      await found.click();
      await waitForPage(other, name);
      await other.locator(".reader .meta", { hasText: "Kept here · " }).waitFor();
      await other.locator(".reader .page", { hasText: words }).waitFor();
      await other.goto("/");
    }
    expect((await user.readNote(id)).text).toBe("Some text about apples");

    const third = await user.newTab();
    await third.goto("/");
    await eventually(() => third.getByText("Kept here").count(), 2);
    const answered: string[] = [];
    user.context.on("response", (response) => void answered.push(response.request().method()));
    await other.goto(`/notes/${newId}`);
    await other.locator(".reader .meta", { hasText: "Kept here · " }).waitFor();
    await savesAgain(other);
    await other.locator(".reader .meta", { hasText: "Changed" }).waitFor();
    await other.locator(".reader h1", { hasText: "limes" }).waitFor();
    await eventually(async () => (await user.readNote(id)).text, "Some text about lemons");
    await eventually(async () => (await user.readNote(newId)).text, "Never sent, about #limes");
    await eventually(async () => (await listed()).some((row) => row.includes("Kept here")), false);
    expect((await listed()).map((row) => row.replace(/\d\d:\d\d/, "–"))).toEqual(
      expect.arrayContaining(["A note – Some text about lemons"]),
    );
    expect(await countKept(other, "drafts")).toBe(0);
    // The tab that did not send them heard of it.
    await third.locator(".notes .note", { hasText: "Some text about lemons" }).waitFor();
    await eventually(() => third.getByText("Kept here").count(), 0);
    expect(answered.filter((method) => method === "PATCH" || method === "POST")).toHaveLength(2);
  });

  it("and was left shows why it can't be saved, and what can be done", async ({ user }) => {
    user.allowStatus(404, 412, 422);
    const names = ["Changed", "Deleted", "Discarded", "Refused"] as const;
    const notes = new Map<string, Note>();
    for (const name of names) notes.set(name, await user.createNote({ name, text: "One sentence." }));
    const note = (name: (typeof names)[number]) => notes.get(name) as Note;
    const savesAgain = await refuseSaves(user);
    for (const name of names) {
      await user.page.goto(`/notes/${note(name).id}/edit`);
      await textField(user.page).fill(`Here, ${name}.`);
      if (name === "Refused") await user.page.getByLabel("Name").fill("x".repeat(101));
      await waitForState(user.page, "No answer · kept here");
    }
    await user.page.close();
    await user.saveNote(note("Changed"), { text: "Elsewhere." });
    await user.deleteNote(note("Deleted").id);
    await user.deleteNote(note("Discarded").id);

    const other = await user.newTab();
    await other.goto(`/notes/${note("Deleted").id}`);
    await savesAgain(other);
    const left = other.getByRole("region", { name: "Not saved yet" });
    const text = (words: string | RegExp) => left.getByText(words).waitFor();
    await text(/^This paragraph was also changed elsewhere/);
    await text(/^Not saved: Name is too long/);
    await eventually(
      () => left.getByText("Deleted elsewhere. What you wrote since is only here.").count(),
      2,
    );
    await eventually(() => other.locator(".notes .note b").allInnerTexts(), ["x".repeat(101), "Changed"]);

    // The reader has what was written, and becomes the new note.
    const reader = other.getByRole("region", { name: "Note", exact: true });
    await reader.locator(".prose", { hasText: "Here, Deleted." }).waitFor();
    await reader.getByRole("button", { name: "Keep as a new note" }).click();
    await eventually(async () => {
      const again = (await (await user.api.notes.$get()).json()).notes.find(({ name }) => name === "Deleted");
      return again?.excerpt;
    }, "Here, Deleted.");
    await eventually(async () => new URL(other.url()).pathname === `/notes/${note("Deleted").id}`, false);
    await eventually(() => focused(other), "Deleted");

    await left.getByRole("button", { name: "Discard …" }).nth(1).click();
    await other.getByRole("button", { name: "Discard", exact: true }).click();
    await eventually(() => left.getByRole("link", { name: "Discarded" }).count(), 0);
    await left.getByRole("link", { name: "Compare" }).click();
    await other.getByRole("button", { name: "Keep both" }).click();
    await waitForState(other, "Saved");
    await left.getByRole("link", { name: "Edit" }).click();
    await other.getByLabel("Name").fill("Accepted");
    await waitForState(other, "Saved");
    await left.waitFor({ state: "hidden" });
    expect((await user.readNote(note("Changed").id)).text).toBe("Here, Changed.\nElsewhere.");
    expect(await user.readNote(note("Refused").id)).toMatchObject({
      name: "Accepted",
      text: "Here, Refused.",
    });
  });

  it("and was more than an account can write in an hour waits until the next one, which is said, and is saved then", async ({
    user,
  }) => {
    user.allowStatus(429);
    const { page, id } = await editing(user);
    await hasWritten(user.email, 64 * 1024 * 1024);
    await page.clock.install();
    const hour = `${String((new Date().getHours() + 1) % 24).padStart(2, "0")}:00`;
    await textField(page).fill(MINE);
    await waitForState(page, `Waits until ${hour}`);
    await page.keyboard.type(", more");
    await waitForState(page, `Waits until ${hour}`);
    await eventually(() => countKept(page, "changes"), 1 + ", more".length);

    await page.goto("/");
    const row = page.locator(".notes .note", { hasText: "What I typed" });
    await row.getByText("Kept here").waitFor();
    await row.click();
    await page
      .getByText(`This account has written as much as it can in an hour: it is saved at ${hour}.`)
      .waitFor();

    await hasWritten(user.email, 0);
    await page.clock.fastForward("01:00:30");
    await eventually(async () => (await user.readNote(id)).text, `${MINE}, more`);
    await eventually(() => row.getByText("Kept here").count(), 0);
  });

  it("and was left is asked about before signing out, and saved when its note is opened", async ({
    user,
  }) => {
    const savesAgain = await refuseSaves(user);
    const { page, id } = await editing(user);
    await textField(page).fill(MINE);
    await waitForState(page, "No answer · kept here");

    await page.goto("/");
    const left = page.locator(".notes .note", { hasText: "Kept here" });
    await left.waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Stay" }).click();
    await left.click();
    await page.getByRole("link", { name: "Edit" }).click();
    await savesAgain(page);
    await eventually(async () => (await user.readNote(id)).text, MINE);
    await waitForState(page, "Saved");
    await page.getByRole("button", { name: "Done" }).click();
    await waitForPage(page, "A note");
    await eventually(() => left.count(), 0);
  });
});

/** Opens the editor of a new note. */
async function editing(user: User, text = "Some text"): Promise<{ page: Page; id: string }> {
  const { page } = user;
  const { id } = await user.createNote({ text });
  await page.goto(`/notes/${id}/edit`);
  await textField(page).waitFor();
  return { page, id };
}
