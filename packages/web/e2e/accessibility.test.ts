// Accessibility: axe on every page, the keyboard, and light and dark.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import {
  type AnonymousUser,
  eventually,
  it,
  PASSWORD,
  textField,
  waitForList,
  waitForPage,
  waitForState,
} from "./fixtures.ts";

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 375, height: 720 };

describe("axe finds nothing", () => {
  it("on the pages for users who are signed out", async ({ anonymousUser }) => {
    const { page } = anonymousUser;
    for (const [path, title] of [
      ["/signin", "Sign in"],
      ["/signup", "Make an account"],
      ["/forgot-password", "Forgot password"],
      ["/reset-password#token", "New password"],
      ["/no/such/page", "Not found"],
    ] as const) {
      await page.goto(path);
      await waitForPage(page, title);
      await expectNoFindings(anonymousUser);
    }
    await page.goto("/signup");
    await page.getByRole("button", { name: "Make an account" }).click();
    await page.getByText("Email is required").waitFor();
    await expectNoFindings(anonymousUser);
  });

  it("on the pages for users who are signed in", async ({ user }) => {
    const { page } = user;
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await expectNoFindings(user);

    const pad = await user.createPad("قائمة السفر");
    const text =
      "# One\n\n### Two\n\n- [x] done\n\n|a|b|\n|-|-|\n|1|2|\n\n```\ncode\n```\n\n> [a link](https://example.com)";
    const note = await user.createNote({ name: "Everything 🎉", text, padId: pad.id });
    await user.createNote({ name: "x".repeat(100) });
    for (const [path, title] of [
      ["/", "All notes"],
      ["/?q=nothing", "No notes match “nothing”"],
      [`/notes/${note.id}`, "Everything 🎉"],
      [`/notes/${note.id}/edit`, "Edit: Everything 🎉"],
      ["/notes/create", "New note"],
      [`/pads/${pad.id}`, pad.name],
      ["/settings", "Settings"],
      ["/signout", "Sign out"],
    ] as const) {
      await page.goto(path);
      await page.getByRole("heading", { name: title, exact: true }).first().waitFor();
      if (path === `/notes/${note.id}`) await page.locator('.prose[aria-busy="false"]').waitFor();
      await expectNoFindings(user);
    }
  });

  it("in a conflict, in dialogs, and on an error page", async ({ user }) => {
    const { page } = user;
    user.allowStatus(412, 500);
    const note = await user.createNote();
    await page.goto(`/notes/${note.id}/edit`);
    await textField(page).waitFor();
    await user.saveNote(note, { text: "theirs" });
    await textField(page).fill("mine");
    await page.getByRole("region", { name: "Elsewhere" }).waitFor();
    await expectNoFindings(user);

    await user.loseSession();
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    await expectNoFindings(user);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await waitForState(page, "Saved");
    await expectNoFindings(user);

    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
    await expectNoFindings(user);
    await page.keyboard.press("Escape");
    await page.goto("/");
    await page.locator(".note").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await expectNoFindings(user);

    await page.route("**/api/notes?*", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto("/");
    await page.getByText("Your notes could not be loaded").waitFor();
    await expectNoFindings(user);
  });
});

describe("The keyboard", () => {
  it("signs in, creates a note and opens it, without a mouse", async ({ user }) => {
    const { page } = user;
    await user.loseSession();
    await page.goto("/signin");
    await waitForPage(page, "Sign in");
    await tabTo(page, "Email");
    await page.keyboard.type(user.email);
    await tabTo(page, "Password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await waitForList(page, "All notes", 0);
    await eventually(() => focused(page), "All notes");

    await tabTo(page, "Write the first note");
    await page.keyboard.press("Enter");
    await waitForPage(page, "New note");
    // Writing begins at once.
    await textField(page).waitFor();
    await page.keyboard.type("By keyboard\nSome text");
    await page.keyboard.press("Control+Enter");
    await waitForPage(page, "By keyboard");
    await eventually(() => focused(page), "By keyboard");
    await tabTo(page, "Edit");
  });

  it("skips what is the same on every page", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "First" });
    await page.goto("/");
    await waitForList(page, "All notes", 1);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("To the text");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("More");
  });
});

describe("Light and dark", () => {
  it("follow the system or the user's choice, before the first paint", async ({ user: { page } }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    expect(await background(page)).toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await background(page);
    expect(dark).not.toBe("rgb(255, 255, 255)");

    await page.goto("/settings");
    await page.getByRole("button", { name: "Light" }).click();
    expect(await background(page)).toBe("rgb(255, 255, 255)");
    expect(await page.getByRole("button", { name: "Light" }).getAttribute("aria-pressed")).toBe("true");
    // The app's code does not load, so this is what is there before it.
    await page.route("**/assets/*.js", (route) => new Promise<void>(() => void route));
    await page.goto("/settings", { waitUntil: "commit" });
    await eventually(() => background(page), "rgb(255, 255, 255)");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.reload();
    await page.getByRole("button", { name: "As the system" }).click();
    expect(await background(page)).toBe(dark);
  });
});

/** Checks wide and narrow, light and dark. Dark is only checked for its colours, since nothing else differs. */
async function expectNoFindings({ page }: AnonymousUser): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  // Colours would be measured in the middle of their change.
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await findings(page), `${page.url()} ${viewport.width} light`).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await findings(page, ["color-contrast"]), `${page.url()} ${viewport.width} dark`).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${page.url()} overflows ${viewport.width}`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(WIDE);
}

async function findings(page: Page, rules?: string[]): Promise<string[]> {
  const { violations } = await page.evaluate(
    (rules) => (window as unknown as { axe: typeof axe }).axe.run(rules ? { runOnly: rules } : {}),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** The accessible name of the focused element. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    return (
      element.labels?.[0]?.textContent ??
      element.getAttribute("aria-label") ??
      element.textContent ??
      ""
    ).trim();
  });
}

async function tabTo(page: Page, name: string): Promise<void> {
  const TABS_MAX = 30;
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  expect.fail(`The keyboard can't reach “${name}”.`);
}

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}
