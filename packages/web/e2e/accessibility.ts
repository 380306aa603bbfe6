// The web app for those who see it differently or not at all: axe on every page, the keyboard, light and dark.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { arriveAt, eventually, it, PASSWORD, type Visitor } from "./notejam.ts";

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 375, height: 720 };

export function accessibility(): void {
  describe("axe finds nothing", () => {
    it("on the pages for visitors", async ({ visitor }) => {
      const { page } = visitor;
      for (const [path, title] of [
        ["/signin", "Sign in"],
        ["/signup", "Sign up"],
        ["/forgot-password", "Forgot password"],
        ["/reset-password#token", "New password"],
        ["/no/such/page", "Not found"],
      ] as const) {
        await page.goto(path);
        await arriveAt(page, title);
        await expectNoFindings(visitor);
      }
      await page.goto("/signup");
      await page.getByRole("button", { name: "Sign up" }).click();
      await page.getByText("Email is required").waitFor();
      await expectNoFindings(visitor);
    });

    it("on the pages for readers", async ({ reader }) => {
      const { page } = reader;
      await page.goto("/");
      await arriveAt(page, "All notes (0)");
      await expectNoFindings(reader);

      const pad = await reader.createPad("قائمة السفر");
      const text =
        "# One\n\n### Two\n\n- [x] done\n\n|a|b|\n|-|-|\n|1|2|\n\n```\ncode\n```\n\n> [a link](https://example.com)";
      const note = await reader.createNote({ name: "Everything 🎉", text, padId: pad.id });
      await reader.createNote({ name: "x".repeat(100) });
      for (const [path, title] of [
        ["/", "All notes (2)"],
        ["/?q=nothing", "All notes (0)"],
        [`/notes/${note.id}`, "Everything 🎉"],
        [`/notes/${note.id}/edit`, "Edit note"],
        [`/notes/${note.id}/delete`, "Delete note"],
        ["/notes/create", "New note"],
        [`/pads/${pad.id}`, `${pad.name} (1)`],
        [`/pads/${pad.id}/edit`, "Edit pad"],
        [`/pads/${pad.id}/delete`, "Delete pad"],
        ["/pads/create", "New pad"],
        ["/settings", "Account settings"],
        ["/signout", "Sign out"],
      ] as const) {
        await page.goto(path);
        await arriveAt(page, title);
        if (path === `/notes/${note.id}`) await page.locator('.prose[aria-busy="false"]').waitFor();
        await expectNoFindings(reader);
      }
    });

    it("where two texts stand side by side, in the dialogs, and where something failed", async ({
      reader,
    }) => {
      const { page } = reader;
      reader.expectStatus(412, 500);
      const note = await reader.createNote();
      await page.goto(`/notes/${note.id}/edit`);
      await page.getByLabel("Text").fill("mine");
      await reader.saveNote(note, { text: "theirs" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("region", { name: "Theirs" }).waitFor();
      await expectNoFindings(reader);

      await page.getByRole("link", { name: "Account settings" }).click();
      await page.getByRole("dialog").waitFor();
      await expectNoFindings(reader);
      await page.keyboard.press("Escape");

      await reader.loseSession();
      await page.getByRole("button", { name: "Save mine" }).click();
      await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
      await expectNoFindings(reader);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Note is successfully updated").waitFor();
      await expectNoFindings(reader);

      await page.route("**/api/notes?*", (route) => route.fulfill({ status: 500, body: "" }));
      await page.goto("/");
      await arriveAt(page, "That did not work");
      await expectNoFindings(reader);
    });
  });

  describe("The keyboard", () => {
    it("signs in, writes a note and finds it, without a mouse", async ({ reader }) => {
      const { page } = reader;
      await reader.loseSession();
      await page.goto("/signin");
      await arriveAt(page, "Sign in");
      await tabTo(page, "Email");
      await page.keyboard.type(reader.email);
      await tabTo(page, "Password");
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press("Enter");
      await arriveAt(page, "All notes (0)");
      await eventually(() => focused(page), "All notes (0)");

      await tabTo(page, "Create your first note.");
      await page.keyboard.press("Enter");
      await arriveAt(page, "New note");
      // A page that begins something begins at its first field.
      await eventually(() => focused(page), "Name");
      await page.keyboard.type("By hand");
      await page.keyboard.press("Tab");
      await page.keyboard.type("Typed");
      await page.keyboard.press("Control+Enter");
      await arriveAt(page, "By hand");
      await eventually(() => focused(page), "By hand");
      await tabTo(page, "Delete it");
    });

    it("can skip what is the same on every page", async ({ reader }) => {
      const { page } = reader;
      await reader.createNote({ name: "First" });
      await page.goto("/");
      await arriveAt(page, "All notes (1)");
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("New note");
    });
  });

  describe("Light and dark", () => {
    it("follow the system unless the reader chose, and the choice is there before the first paint", async ({
      visitor: { page },
    }) => {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto("/signin");
      await arriveAt(page, "Sign in");
      expect(await ground(page)).toBe("rgb(255, 255, 255)");
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await ground(page);
      expect(dark).not.toBe("rgb(255, 255, 255)");

      await page.getByRole("button", { name: "light" }).click();
      expect(await ground(page)).toBe("rgb(255, 255, 255)");
      expect(await page.getByRole("button", { name: "light" }).getAttribute("aria-pressed")).toBe("true");
      // The app's own code does not come: what is seen is what is there before it.
      await page.route("**/assets/*.js", (route) => new Promise<void>(() => void route));
      await page.goto("/signin", { waitUntil: "commit" });
      await eventually(() => ground(page), "rgb(255, 255, 255)");
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await page.reload();
      await page.getByRole("button", { name: "auto" }).click();
      expect(await ground(page)).toBe(dark);
    });
  });
}

/** Wide and narrow, light and dark; the colours are all that differs between the latter. */
async function expectNoFindings({ page }: Visitor): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await findings(page), `${page.url()} ${viewport.width} light`).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await findings(page, ["color-contrast"]), `${page.url()} ${viewport.width} dark`).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${page.url()} is wider than ${viewport.width}`).toBeLessThanOrEqual(0);
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

/** The name of what has the focus. */
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
  expect.fail(`The keyboard does not reach “${name}”.`);
}

function ground(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}
