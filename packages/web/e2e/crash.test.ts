// A browser that is killed while somebody writes. It has a profile of its own, which a second browser opens.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { createAccount } from "./accounts.ts";
import { eventually, submitSignIn, textField, textWritten, waitForState } from "./fixtures.ts";

/** Starts the browser with this profile. */
async function start(profile: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.launchPersistentContext(profile, {
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

/** How many changes the browser's database has: those whose transactions have completed. */
function changesKept(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("notejam");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction("changes").objectStore("changes").count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );
}

test("a browser that is killed while somebody writes loses no change whose transaction has completed", async () => {
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
    const address = page.url();
    const typed = "Every letter of this line is a change of its own.";
    await textField(page).pressSequentially(typed.slice(0, 20));
    await eventually(() => changesKept(page), 20);
    const typing = textField(page)
      .pressSequentially(typed.slice(20))
      .catch(() => {});
    await eventually(async () => (await changesKept(page)) >= 30, true);
    const kept = await changesKept(page);
    await kill(profile, first.context);
    await typing;

    const second = await start(profile);
    try {
      await second.page.goto(address);
      // Cookies are written every half minute: the session may be gone.
      await second.page.getByLabel("Email").or(textField(second.page)).waitFor();
      if (await second.page.getByLabel("Email").isVisible()) await submitSignIn(second.page, email);
      await textField(second.page).waitFor();
      const text = await textWritten(second.page);
      expect(typed.startsWith(text)).toBe(true);
      expect(text.length).toBeGreaterThanOrEqual(kept);
      await waitForState(second.page, "Saved");
    } finally {
      await second.context.close();
    }
  } finally {
    await first.context.close().catch(() => {});
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
