// A browser that is killed while somebody writes. It has a profile of its own, which a second browser opens.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page, type Route } from "playwright-core";
import { expect, inject, test } from "vitest";
import { createAccount } from "./accounts.ts";
import { eventually, submitSignIn, textField, textWritten } from "./fixtures.ts";
import { countKept } from "./kept.ts";

/** Starts the browser with this profile. */
async function start(profile: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.launchPersistentContext(profile, {
    baseURL: inject("origin"),
    executablePath: process.env.NOTEJAM_CHROMIUM as string,
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  context.setDefaultTimeout(15_000);
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** Kills the browser's own process; those of its pages end with it. */
async function kill(profile: string, context: BrowserContext): Promise<void> {
  const closed = new Promise((resolve) => context.once("close", resolve));
  const devTools = await context.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await devTools?.send("SystemInfo.getProcessInfo")) ?? {};
  process.kill(processInfo.find(({ type }) => type === "browser")?.id as number, "SIGKILL");
  await closed;
  // The lock of the profile, where the browser has one.
  await rm(join(profile, "SingletonLock"), { force: true });
}

test("a browser that is killed while somebody writes shows and saves each change whose transaction has completed", async () => {
  const profile = await mkdtemp(join(tmpdir(), "notejam-profile-"));
  const email = await createAccount();
  const first = await start(profile);
  try {
    const { page } = first;
    await page.goto(`${inject("origin")}/notes/create`);
    await submitSignIn(page, email);
    await textField(page).waitFor();
    // The service does not hear of it: what is there afterwards was in the browser.
    await page.route("**/api/notes**", (route) => route.abort());
    const id = new URL(page.url()).pathname.split("/")[2];
    const typed = "Every letter of this line is a change of its own.";
    await textField(page).pressSequentially(typed.slice(0, 20));
    await eventually(() => countKept(page, "changes"), 20);
    const typing = textField(page)
      .pressSequentially(typed.slice(20))
      .catch(() => {});
    await eventually(async () => (await countKept(page, "changes")) >= 30, true);
    const kept = await countKept(page, "changes");
    await kill(profile, first.context);
    await typing;

    const second = await start(profile);
    try {
      const { page } = second;
      const refused = (route: Route) =>
        route.request().method() === "GET" ? route.fallback() : route.abort();
      await page.route("**/api/notes**", refused);
      await page.goto("/");
      // Cookies are written every half minute: the session may be gone.
      const row = page.locator(".notes .note", { hasText: "Kept here" });
      await page.getByLabel("Email").or(row).waitFor();
      if (await page.getByLabel("Email").isVisible()) await submitSignIn(page, email);
      const text = await row.locator("b").innerText();
      expect(typed.startsWith(text)).toBe(true);
      // A name ends before a space.
      expect(text.length).toBeGreaterThanOrEqual(typed.slice(0, kept).trimEnd().length);
      await page.getByRole("searchbox", { name: "Search notes" }).fill(text);
      await row.click();
      // All of it is the title, which is shown once.
      await page.locator(".reader h1", { hasText: text }).waitFor();

      await page.unroute("**/api/notes**", refused);
      await page.getByText("Kept here").first().waitFor({ state: "hidden" });
      await page.goto(`/notes/${id}/edit`);
      await eventually(async () => (await textWritten(page)).trimEnd(), text);
    } finally {
      await second.context.close();
    }
  } finally {
    await first.context.close().catch(() => {});
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
