// For some minutes of a deployment, and in tabs that stay open, the page and the API are of different versions. Pages go on with an
// API that is newer, and with one that is older they lose nothing.
import type { Page, Route } from "playwright-core";
import { describe, expect } from "vitest";
import {
  eventually,
  it,
  noteNames,
  refuseSaves,
  textField,
  textWritten,
  type User,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Passes each answer of the API through `change`, object by object. @returns how many objects it has had */
async function throughApi(
  { context }: User,
  change: (object: Record<string, Json>) => Record<string, Json>,
): Promise<() => number> {
  let changed = 0;
  const inner = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(inner);
    if (typeof value !== "object" || value === null) return value;
    changed++;
    return change(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)])));
  };
  await context.route("**/api/**", async (route) => {
    const response = await route.fetch();
    const isJson = /json/.test(response.headers()["content-type"] ?? "");
    // With `json` it would be of another type.
    await route.fulfill({ response, ...(isJson && { body: JSON.stringify(inner(await response.json())) }) });
  });
  return () => changed;
}

/** Opens a note from the list, and writes at its end. */
async function writeOn(page: Page, name: string, text: string): Promise<void> {
  await page.goto("/");
  await waitForList(page, "All notes", 1);
  await page.getByRole("link", { name }).click();
  await waitForPage(page, name);
  await page.getByRole("link", { name: "Edit" }).click();
  await textField(page).press("Control+End");
  await textField(page).pressSequentially(text);
}

describe("A page that is older than the API", () => {
  it("goes on where answers have members, and states have kinds, that it does not know", async ({ user }) => {
    user.allowStatus(412);
    const { page } = user;
    const note = await user.createNote({ name: "Lisbon", text: "One\nTwo\nThree" });
    const future = { since: "2040-01-01", of: [{ a: 1 }] };
    const changed = await throughApi(user, (object) => ({
      ...object,
      ...("digest" in object && { kind: "translate" }),
      future,
    }));

    await writeOn(page, "Lisbon", ", and more");
    await waitForState(page, "Saved");
    expect((await user.readNote(note.id)).text).toBe("One\nTwo\nThree, and more");

    // What another device has saved meanwhile comes with a refusal, and is merged.
    await user.saveNote(await user.readNote(note.id), { text: "Zero\nOne\nTwo\nThree, and more" });
    await textField(page).press("Control+End");
    await textField(page).pressSequentially(" still");
    await eventually(
      async () => (await user.readNote(note.id)).text,
      "Zero\nOne\nTwo\nThree, and more still",
    );
    await waitForState(page, "Saved");

    await page.goto(`/notes/${note.id}/history`);
    await waitForPage(page, "History");
    await eventually(() => page.locator(".version").count(), 4);
    await page.getByRole("button", { name: "‹ Older" }).click();
    await page.locator(".compared ins").first().waitFor();

    await user.deleteNote(note.id);
    await page.goto("/trash");
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText("Restored “Lisbon”.").waitFor();
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    expect(changed()).toBeGreaterThan(20);
  });

  it("says in the service's words what it does not know, and keeps what was written", async ({ user }) => {
    user.allowStatus(409, 422);
    const { page } = user;
    const note = await user.createNote({ name: "Held", text: "One" });
    const refusals = [
      { status: 409, code: "legal_hold", detail: "This note is held by somebody." },
      {
        status: 422,
        code: "invalid_input",
        fields: { text: ["Text is on fire"] },
        codes: { text: ["on_fire"] },
      },
    ];
    await page.route("**/api/notes/*", (route) => refuseSave(route, () => refusals.shift()));

    await writeOn(page, "Held", ", two");
    await waitForState(page, "Not saved: This note is held by somebody.");
    await textField(page).pressSequentially(", three");
    await waitForState(page, "Not saved: Text is on fire");
    expect(await textWritten(page)).toBe("One, two, three");

    await textField(page).pressSequentially(", four");
    await waitForState(page, "Saved");
    expect((await user.readNote(note.id)).text).toBe("One, two, three, four");
  });
});

describe("A page that is newer than the API", () => {
  /** What came with the history of the account. */
  const LAST_MEMBERS = ["device", "words", "digest", "link", "linkedFrom"];

  it("goes on where answers lack members, and says what is not there", async ({ user }) => {
    user.allowStatus(404);
    const { page } = user;
    const note = await user.createNote({ name: "Lisbon", text: "One" });
    const changed = await throughApi(user, (object) =>
      Object.fromEntries(Object.entries(object).filter(([name]) => !LAST_MEMBERS.includes(name))),
    );
    await user.context.route(/\/api\/(places|history)\b/, (route) =>
      route.fulfill({ status: 404, ...problem({ status: 404, code: "not_found" }) }),
    );

    await writeOn(page, "Lisbon", ", two");
    await waitForState(page, "Saved");
    expect((await user.readNote(note.id)).text).toBe("One, two");
    await page.goto(`/notes/${note.id}/history`);
    await eventually(() => page.locator(".version").count(), 2);
    await page.locator(".compared ins").first().waitFor();

    await page.goto("/past");
    await page.getByRole("alert").first().waitFor();
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    expect(await noteNames(page)).toEqual(["Lisbon"]);
    expect(changed()).toBeGreaterThan(20);
  });

  it("keeps what the API does not take yet, and saves it once that is new", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Lisbon", text: "One" });
    const unknown = { status: 422, code: "invalid_input", fields: { words: ["Unknown field"] } };
    const savesAgain = await refuseSaves(user, unknown);

    await writeOn(page, "Lisbon", ", two");
    await waitForState(page, "Not saved: Unknown field");
    await page.reload();
    await waitForState(page, "Not saved: Unknown field");
    await savesAgain();
    await page.reload();

    await waitForState(page, "Saved");
    expect(await textWritten(page)).toBe("One, two");
    expect((await user.readNote(note.id)).text).toBe("One, two");
  });
});

interface Refusal {
  status: number;
  code: string;
}

/** Refuses a save, if there is a refusal. */
async function refuseSave(route: Route, next: () => Refusal | undefined): Promise<void> {
  const refusal = route.request().method() === "PATCH" ? next() : undefined;
  if (!refusal) return await route.fallback();
  await route.fulfill({ status: refusal.status, ...problem(refusal) });
}

function problem(document: Refusal) {
  return {
    contentType: "application/problem+json",
    json: { title: "Refused", requestId: "r-1", ...document },
  };
}
