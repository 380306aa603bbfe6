// A note that is written on two devices at once: what each changed is merged, and where both changed the same, the user decides.
// Whatever is kept, every text that was written is a state of the note.
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import {
  crash,
  eventually,
  it,
  saveNow,
  textField,
  textWritten,
  type User,
  waitForState,
} from "./fixtures.ts";

const BASE = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph.";

describe("A note that is written on two devices", () => {
  it("has what both wrote, without a question, where each changed something else", async ({ user }) => {
    user.allowStatus(412);
    const { page, id, note } = await editing(user);
    await user.saveNote(note, { text: `On the phone. ${BASE}` });
    await textField(page).press("Control+End");
    await page.keyboard.type(" And more.");
    await saveNow(page);
    await page.getByText("Merged with what was written elsewhere.").waitFor();
    await waitForState(page, "Saved");
    const both = `On the phone. ${BASE} And more.`;
    expect((await user.readNote(id)).text).toBe(both);
    expect(await textWritten(page)).toBe(both);
    // The caret is where it was, and what was merged can be undone.
    await page.keyboard.type("!");
    expect(await textWritten(page)).toBe(`${both}!`);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    expect(await textWritten(page)).toBe(`${BASE} And more.`);
  });

  it("stays where it is in view while the text before that grows", async ({ user }) => {
    user.allowStatus(412);
    const lines = Array.from({ length: 200 }, (_, i) => `Line ${i} of many.`).join("\n\n");
    const { page, note } = await editing(user, lines);
    await textField(page).press("Control+End");
    await user.saveNote(note, { text: `${"More.\n\n".repeat(50)}${lines}` });
    const last = page.locator(".cm-line", { hasText: "Line 199 of many." });
    const place = async () => Math.round((await last.boundingBox())?.y ?? Number.NaN);
    await page.keyboard.type(" And");
    const before = await place();
    await saveNow(page);
    await waitForState(page, "Saved");
    await eventually(async () => (await user.readNote(note.id)).text.endsWith("many. And"), true);
    expect((await user.readNote(note.id)).text.startsWith("More.")).toBe(true);
    expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
  });

  it("keeps its lines' ends when it is merged", async ({ user }) => {
    user.allowStatus(412);
    const text = "one\r\n\r\ntwo\r\n\r\nthree";
    const { page, note } = await editing(user, text);
    await user.saveNote(note, { text: `zero\r\n${text}` });
    await textField(page).press("Control+End");
    await page.keyboard.type(", four");
    await saveNow(page);
    await waitForState(page, "Saved");
    expect((await user.readNote(note.id)).text).toBe(`zero\r\n${text}, four`);
    expect(await textWritten(page)).toBe("zero\none\n\ntwo\n\nthree, four");
  });

  it("is asked about by each device that comes second, and one decides last", async ({ user, phoneUser }) => {
    const { page, phone, id } = await onTwoDevices(user, phoneUser);
    // Neither has the version that a third device makes.
    const note = await user.readNote(id);
    await user.saveNote(note, { text: BASE.replace("First paragraph.", "On a tablet.") });
    await writeFirst(page, "On the desk.");
    await writeFirst(phone, "On the phone.");
    await waitForQuestion(page, "On a tablet.");
    await waitForQuestion(phone, "On a tablet.");
    await question(page).getByRole("button", { name: "Keep here" }).click();
    await waitForState(page, "Saved");
    await question(phone).getByRole("button", { name: "Keep here" }).tap();
    await waitForQuestion(phone, "the desk");
    // The desktop has the name of its browser, as the phone has.
    await question(phone).getByRole("button", { name: "Keep Chrome on Linux" }).tap();
    await waitForState(phone, "Saved");
    expect((await user.readNote(id)).text).toBe(BASE.replace("First paragraph.", "On the desk."));
    expect(await textWritten(phone)).toBe(BASE.replace("First paragraph.", "On the desk."));
    const texts = (await states(user, id)).map(({ text }) => text.split("\n")[0]);
    expect(new Set(texts)).toEqual(
      new Set(["First paragraph.", "On a tablet.", "On the desk.", "On the phone."]),
    );
  });
});

describe("A paragraph that was written in two places", () => {
  it("is decided by keyboard, each way, and neither side is lost", async ({ user }) => {
    user.allowStatus(412);
    const { page, id, note } = await editing(user);
    let { version } = note;
    const rest = `${BASE.slice(16)} And their end.`;
    for (const [words, mine, theirs, first, kinds] of [
      ["Keep here", "Oranges here.", "Bread there.", "Oranges here.", ["conflict"]],
      ["Keep the other", "A bus at nine.", "Two trains later.", "Two trains later.", ["merge", "conflict"]],
      ["Keep both", "Rain outside.", "Sun everywhere.", "Rain outside.\nSun everywhere.", ["conflict"]],
    ] as const) {
      const saved = await user.saveNote({ ...note, version }, { text: `${theirs}${rest}` });
      await writeFirst(page, mine);
      await waitForQuestion(page, theirs);
      await waitForState(page, "Kept here");
      await question(page).getByText("This paragraph was also changed elsewhere").waitFor();
      // Their end is merged the first time, and is here from then on.
      expect(await question(page).getByText("The rest was merged.").count()).toBe(version === 1 ? 1 : 0);
      expect((await user.readNote(id)).version).toBe(saved.version);

      await page.getByRole("button", { name: words }).waitFor();
      for (let tabs = 0; tabs < 20 && (await focused(page)) !== words; tabs++)
        await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await waitForState(page, "Saved");
      const text = `${first}${rest}`;
      const now = await user.readNote(id);
      expect(now.text).toBe(text);
      expect(await textWritten(page)).toBe(text);
      // Writing goes on in the text.
      await eventually(() => focused(page), "Text");
      const all = await states(user, id);
      expect(all.slice(0, kinds.length).map(({ kind }) => kind)).toEqual(kinds);
      const texts = all.map((state) => state.text).join("\n");
      for (const written of [mine, theirs, "First paragraph."]) expect(texts).toContain(written);
      version = now.version;
    }
  });

  it("is decided by touch on a phone, above whose keyboard the question is one line", async ({
    phoneUser,
  }) => {
    phoneUser.allowStatus(412);
    const { page, id, note } = await editing(phoneUser);
    await phoneUser.saveNote(note, { text: BASE.replace("First", "Their") });
    await openKeyboard(page, 300);
    await writeFirst(page, "My paragraph.");
    const compare = question(page).getByRole("button", { name: "Compare" });
    await compare.waitFor();
    expect(await question(page).getByRole("button").count()).toBe(1);
    const box = await question(page).boundingBox();
    expect(box && box.y + box.height).toBeLessThanOrEqual(844 - 300);
    expect(box?.height).toBeLessThan(80);
    await compare.tap();
    expect(await focused(page)).not.toBe("Text");
    await openKeyboard(page, 0);
    await waitForQuestion(page, "Their");
    await question(page).getByRole("button", { name: "Keep both" }).tap();
    await waitForState(page, "Saved");
    expect((await phoneUser.readNote(id)).text).toBe(
      BASE.replace("First paragraph.", "My paragraph.\nTheir paragraph."),
    );
  });

  it("is asked about below what is written", async ({ user }) => {
    user.allowStatus(412);
    const lines = Array.from({ length: 100 }, (_, i) => `Line ${i} of many.`).join("\n\n");
    const { page, note } = await editing(user, lines);
    await user.saveNote(note, { text: `${lines} Theirs.` });
    await textField(page).press("Control+End");
    await page.keyboard.type(" Mine.");
    await saveNow(page);
    await waitForQuestion(page, "Theirs");
    await page.keyboard.press("Enter");
    await page.keyboard.type("The last line");
    const last = await page.locator(".cm-line", { hasText: "The last line" }).boundingBox();
    const dock = await question(page).boundingBox();
    expect(last && last.y + last.height).toBeLessThanOrEqual(dock?.y ?? 0);
  });

  it("is not asked about if both wrote the same", async ({ user }) => {
    user.allowStatus(412);
    const { page, note } = await editing(user);
    await user.saveNote(note, { text: BASE.replace("First", "1st"), name: "Another name" });
    await writeFirst(page, "1st paragraph.");
    await waitForState(page, "Saved");
    expect(await question(page).count()).toBe(0);
    expect(await page.getByLabel("Name").inputValue()).toBe("Another name");
  });

  it("is asked about again after a third save, with the latest text", async ({ user }) => {
    user.allowStatus(412);
    const { page, id, note } = await editing(user);
    const second = await user.saveNote(note, { text: BASE.replace("First", "2nd") });
    await writeFirst(page, "Mine.");
    await waitForQuestion(page, "2nd");
    await user.saveNote(second, { text: BASE.replace("First", "3rd") });
    await question(page).getByRole("button", { name: "Keep here" }).click();
    await waitForQuestion(page, "3rd");
    await question(page).getByRole("button", { name: "Keep here" }).click();
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toBe(BASE.replace("First paragraph.", "Mine."));
  });

  it("stays a question while the service can't be reached, and says so", async ({ user }) => {
    user.allowStatus(412);
    user.allowNetworkErrors();
    const { page, id, note } = await editing(user);
    await user.saveNote(note, { text: BASE.replace("First", "Their") });
    await writeFirst(page, "Mine.");
    await waitForQuestion(page, "Their");
    await page.route("**/api/notes/*", (route) => route.abort());
    await question(page).getByRole("button", { name: "Keep the other" }).click();
    await question(page).getByRole("alert").waitFor();
    expect(await textWritten(page)).toBe(BASE.replace("First paragraph.", "Mine."));
    await page.unroute("**/api/notes/*");
    await question(page).getByRole("button", { name: "Keep the other" }).click();
    await waitForState(page, "Saved");
    const texts = (await states(user, id)).map(({ text }) => text.split("\n")[0]);
    expect(texts).toEqual(["Their paragraph.", "Mine.", "Their paragraph.", "First paragraph."]);
  });

  it("is merged after a crash with the version that the writing began from", async ({ user }) => {
    user.allowStatus(412);
    user.allowNetworkErrors();
    const { page, id, note } = await editing(user);
    await user.context.setOffline(true);
    await typeFirst(page, "Mine.");
    await waitForState(page, "Offline · kept here");
    // A page that is closed still saves, if the network is back by then.
    await crash(page);
    await user.saveNote(note, { text: `${BASE} And their end.` });
    await user.context.setOffline(false);
    const after = await user.newTab();
    await after.goto(`/notes/${id}/edit`);
    await textField(after).waitFor();
    await saveNow(after);
    await waitForState(after, "Saved");
    const text = `${BASE.replace("First paragraph.", "Mine.")} And their end.`;
    await eventually(async () => (await user.readNote(id)).text, text);
    await eventually(() => textWritten(after), text);
  });

  it("of a text of 512 KiB with a change in each line leaves the page free for writing", async ({ user }) => {
    user.allowStatus(412);
    const line = (word: string) => `${word} ${"and so on ".repeat(12)}\n`;
    const count = Math.floor((TEXT_MAX_BYTES - 1000) / line("theirs").length);
    const { page, id, note } = await editing(user, line("before").repeat(count));
    const theirs = await user.saveNote(note, { text: line("theirs").repeat(count) });
    await writeFirst(page, "Mine.");
    await question(page).waitFor();
    await page.keyboard.type(" And more.");
    const first = textField(page).locator(".cm-line").first();
    await eventually(async () => (await first.textContent())?.startsWith("Mine. And more."), true);
    expect((await question(page).innerText()).length).toBeLessThan(10_000);
    await question(page).getByRole("button", { name: "Keep here" }).click();
    await waitForState(page, "Saved");
    expect((await user.readNote(id)).text).toMatch(/^Mine\. And more\./);
    expect((await states(user, id)).some((state) => state.text === theirs.text)).toBe(true);
  });
});

/** The question at the foot of the editor. */
function question(page: Page) {
  return page.getByRole("alertdialog", { name: "Changed in two places." });
}

/** Waits until the question shows this of the other side. */
async function waitForQuestion(page: Page, theirs: string): Promise<void> {
  await question(page).locator(".sides > :last-child", { hasText: theirs }).first().waitFor();
}

/** The name of what has the focus, also in the field for the text. */
function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    const active = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return active?.getAttribute("aria-label") ?? active?.textContent;
  });
}

/** Writes another first paragraph, with the keyboard, and saves it. */
async function writeFirst(page: Page, text: string): Promise<void> {
  await typeFirst(page, text);
  await saveNow(page);
}

async function typeFirst(page: Page, text: string): Promise<void> {
  await textField(page).press("Control+Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.type(text);
}

/** Chromium under test has no keyboard on its screen: the viewport says what it would say. */
async function openKeyboard(page: Page, height: number): Promise<void> {
  await page.evaluate((height) => {
    const viewport = window.visualViewport as VisualViewport;
    Object.defineProperty(viewport, "height", { configurable: true, value: window.innerHeight - height });
    viewport.dispatchEvent(new Event("resize"));
  }, height);
}

/** Opens a new note's editor. */
async function editing(user: User, text = BASE) {
  const { page } = user;
  const note = await user.createNote({ text });
  await page.goto(`/notes/${note.id}/edit`);
  await textField(page).waitFor();
  return { page, id: note.id, note };
}

/** The same new note in the editors of a user's two devices. */
async function onTwoDevices(user: User, phoneUser: User) {
  user.allowStatus(412);
  phoneUser.allowStatus(412);
  await phoneUser.openSession(user.email);
  const { page, id } = await editing(user);
  await phoneUser.page.goto(`/notes/${id}/edit`);
  await textField(phoneUser.page).waitFor();
  return { page, phone: phoneUser.page, id };
}

/** All states of a note with their texts, newest first. */
async function states(user: User, id: string) {
  const { revisions } = await (
    await user.api.notes[":id"].revisions.$get({ param: { id }, query: {} })
  ).json();
  return await Promise.all(
    revisions.map(async ({ version }) => {
      const param = { id, version: String(version) };
      return (await (await user.api.notes[":id"].revisions[":version"].$get({ param })).json()).revision;
    }),
  );
}
