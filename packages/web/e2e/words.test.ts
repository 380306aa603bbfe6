// A language of brackets: it is built as another language would be, and shows that no page says a text of its own.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { build, type Plugin } from "vite";
import { afterAll, beforeAll, expect } from "vitest";
import { it } from "./fixtures.ts";

const WEB = join(import.meta.dirname, "..");
/** What a person wrote begins so. */
const OWN = "¤";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "notejam-words-"));
  await build({
    configFile: join(WEB, "vite.config.ts"),
    logLevel: "warn",
    plugins: [bracketed],
    build: { outDir: folder, emptyOutDir: false },
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Puts each text of the catalogue in brackets. */
const bracketed: Plugin = {
  name: "bracketed",
  enforce: "pre",
  transform(code, id) {
    if (!/\/src\/words\/en(\/\w+)?\.ts$/.test(id)) return undefined;
    return `${code.replace("export const en =", "const plain =")}
      const bracket = (text) =>
        typeof text === "string" ? "⟦" + text + "⟧"
        : typeof text === "function" ? (...values) => "⟦" + text(...values) + "⟧"
        : Object.fromEntries(Object.entries(text).map(([key, value]) => [key, bracket(value)]));
      export const en = bracket(plain);`;
  },
};

/** Serves the built pages in place of the service's. */
async function servePages(context: BrowserContext, origin: string): Promise<void> {
  const policy = (await context.request.get(`${origin}/`)).headers()["content-security-policy"] ?? "";
  await context.route(
    (url) => url.origin === origin && !url.pathname.startsWith("/api/"),
    async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = /\.\w+$/.test(pathname) ? pathname : "index.html";
      const type = { js: "text/javascript", css: "text/css", svg: "image/svg+xml", html: "text/html" }[
        file.split(".").at(-1) ?? ""
      ];
      await route.fulfill({
        body: await readFile(join(folder, file)),
        headers: { "content-security-policy": policy, "content-type": `${type}; charset=utf-8` },
      });
    },
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

it("no page says a text that is not in the catalogue", async ({
  anonymousUser: { context, page, origin },
}) => {
  await servePages(context, origin);
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
});

it("no page of a user who is signed in does", async ({ user }) => {
  const { context, page, origin } = user;
  await servePages(context, origin);
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
