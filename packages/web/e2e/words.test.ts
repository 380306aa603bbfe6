// A language of brackets: the pages say it in place of English, and so show that none says a text of its own.
import { globSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { itInNewContext } from "./fixtures.ts";

const WORDS = join(import.meta.dirname, "../src/words");
/** What a person wrote begins so. */
const OWN = "¤";

/** The names of the texts in each section of the catalogue, as one string. */
async function sectionsOfCatalogue(): Promise<string[]> {
  const parts = await Promise.all(
    globSync(["en.ts", "en/*.ts"], { cwd: WORDS }).map((file) => import(join(WORDS, file))),
  );
  const sections: object[] = parts.map(({ en }) => en);
  // Those within others are added on the way.
  for (const section of sections)
    sections.push(...Object.values(section).filter((inner) => typeof inner === "object"));
  return sections.map((section) => Object.keys(section).join());
}

/** The pages put each text of the catalogue in brackets as they read it, section by section. */
async function speakInBrackets(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    (sections) => {
      const bracket = (text: unknown) => {
        if (typeof text === "string") return `⟦${text}⟧`;
        return typeof text === "function" ? (...values: unknown[]) => `⟦${text(...values)}⟧` : text;
      };
      const entriesOf = Object.entries;
      Object.entries = (read: object) => {
        const entries = entriesOf(read);
        if (!sections.includes(Object.keys(read).join())) return entries;
        return entries.map(([key, text]): [string, unknown] => [key, bracket(text)]);
      };
    },
    await sectionsOfCatalogue(),
  );
}

/** Texts with letters that stand in no brackets, and that no person wrote. Times are in the browser's own words. */
function unbracketed(page: Page): Promise<string[]> {
  return page.evaluate((own) => {
    const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
    /** Also one within another: the name of a field in its message. */
    const withoutBracketed = (text: string): string => {
      const without = text.replaceAll(/⟦[^⟦⟧]*⟧/g, "");
      return without === text ? text : withoutBracketed(without);
    };
    const KEYS = /\b(Ctrl|Cmd|Alt|Shift|[A-Z])\b/g;
    const isText = (text: string) =>
      /\p{L}/u.test(withoutBracketed(text).replaceAll(KEYS, "")) && !text.includes(own);
    const found: string[] = [];
    const look = (root: ParentNode) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) look(element.shadowRoot);
        if (element.matches("time, script, style, noscript")) continue;
        for (const name of ATTRIBUTES) {
          const value = element.getAttribute(name) ?? "";
          if (isText(value)) found.push(`${name}="${value}"`);
        }
        // Keys and the name of the app are the same in every language.
        if (element.matches("kbd, .wordmark, .wordmark *")) continue;
        const text = [...element.childNodes]
          .filter((node) => node.nodeType === Node.TEXT_NODE)
          .map((node) => node.textContent)
          .join("");
        if (isText(text)) found.push(text.trim());
      }
    };
    look(document.body);
    return found;
  }, OWN);
}

itInNewContext(
  "no page says a text that is not in the catalogue",
  async ({ anonymousUser: { context, page } }) => {
    await speakInBrackets(context);
    for (const path of ["/signin", "/signup", "/forgot-password", "/reset-password#token", "/no/such/page"]) {
      await page.goto(path);
      await page.locator("h1", { hasText: "⟦" }).waitFor();
      expect(await unbracketed(page), path).toEqual([]);
    }
    await page.goto("/signup");
    await page.locator("h1", { hasText: "⟦" }).waitFor();
    await page.locator("button[type=submit]").click();
    await page.locator(".field-error").first().waitFor();
    expect(await unbracketed(page), "errors at fields").toEqual([]);
  },
);

itInNewContext("no page of a user who is signed in does", async ({ user }) => {
  const { context, page } = user;
  await speakInBrackets(context);
  await page.goto("/");
  await page.locator(".none").first().waitFor();
  expect(await unbracketed(page), "no notes").toContain(user.email);

  const pad = await user.createPad(`${OWN} pad`);
  const note = await user.createNote({
    name: `${OWN} note`,
    text: `${OWN} text\n\n- [ ] ${OWN}`,
    padId: pad.id,
  });
  const { sessions } = await (await user.api.sessions.$get()).json();
  const ofTheService = [user.email, ...sessions.map(({ device }) => device)];
  const others = async (what: string) => {
    const found = (await unbracketed(page)).filter((text) => !ofTheService.includes(text));
    expect(found, what).toEqual([]);
  };
  for (const [path, shown] of [
    ["/", ".notes .note"],
    [`/pads/${pad.id}`, ".notes .note"],
    ["/pinned", ".none"],
    [`/notes/${note.id}`, '.prose[aria-busy="false"]'],
    ["/settings", ".rows form"],
  ] as const) {
    await page.goto(path);
    await page.locator(shown).first().waitFor();
    await others(path);
  }
  await page.goto(`/notes/${note.id}/edit`);
  await page.locator(".cm-content").waitFor();
  await others("editor");
  await page.goto("/");
  await page.locator(".notes .note").waitFor();
  await page.keyboard.press("?");
  await page.locator(".key-list").waitFor();
  await others("keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.locator("[role=option]").first().waitFor();
  await others("palette");
});
