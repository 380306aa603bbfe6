// What the browser tests use: for each test a user who is signed out, or one with a new account who is signed in. A page
// that logs an error, breaks its content security policy or asks another site fails the test.
import { type Api, connect, ifMatch } from "@notejam/client";
import type { Fetch } from "@notejam/client/send";
import type { Written } from "@notejam/core/note/fields";
import type { Note } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { createAccount, openSession, PASSWORD } from "./accounts.ts";
import { KeptContext, TIMEOUT_MS, WatchedContext } from "./watched-context.ts";

/** A user who is signed out, in a browser with its own cookies. */
export interface AnonymousUser {
  context: BrowserContext;
  page: Page;
  origin: string;
  newTab(): Promise<Page>;
  /** Requests to other sites. */
  foreignRequests: string[];
  /** From here on, answers with these statuses are no errors. */
  allowStatus(...statuses: number[]): void;
  /** From here on, requests that fail are no errors. */
  allowNetworkErrors(): void;
  /** From here on, such a message in the console is no error. */
  allowMessage(pattern: RegExp): void;
}

/** A user who is signed in, and can also use the API. */
export interface User extends AnonymousUser {
  email: string;
  /** The API with this browser's session. Pages do not notice its calls. */
  api: Api;
  createNote(note?: Partial<Written & Pick<Note, "id">>): Promise<Note>;
  /** So many notes of different names. */
  createNotes(count: number, note?: { text?: string }): Promise<Note[]>;
  createPad(name: string): Promise<Pad>;
  readNote(id: string): Promise<Note>;
  /** Saves a note as another device would. */
  saveNote(note: Note, change: Partial<Written>): Promise<Note>;
  deleteNote(id: string): Promise<void>;
  /** Ends this browser's session. Its pages do not notice. */
  loseSession(): Promise<void>;
  /** Signs this browser in as `email`. Its pages do not notice. */
  openSession(email: string): Promise<void>;
}

interface Fixtures {
  browser: Browser;
  /** What the tests of a worker use one after the other. */
  kept: KeptContext;
  keptPhone: KeptContext;
  anonymousUser: AnonymousUser;
  user: User;
  /** As `user`, on a phone's screen and with touch. */
  phoneUser: User;
}

export const it = test.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs
    async ({}, use) => {
      const browser = await chromium.launch({
        executablePath: process.env.NOTEJAM_CHROMIUM as string,
        args: ["--no-sandbox", "--disable-background-networking"],
      });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  kept: [
    async ({ browser }, use) => {
      await use(new KeptContext(() => WatchedContext.open(browser)));
    },
    { scope: "worker" },
  ],
  keptPhone: [
    async ({ browser }, use) => {
      await use(new KeptContext(() => WatchedContext.open(browser, PHONE)));
    },
    { scope: "worker" },
  ],
  anonymousUser: async ({ kept }, use) => {
    await kept.lend(async (watched) => {
      await use(userOf(watched));
    });
  },
  user: async ({ anonymousUser }, use) => {
    await use(await newUser(anonymousUser));
  },
  phoneUser: async ({ keptPhone }, use) => {
    await keptPhone.lend(async (watched) => {
      await use(await newUser(userOf(watched)));
    });
  },
});

/** As `it`, for tests that leave traces in their browser, or need one without any. */
export const itInNewContext = it.extend<Pick<Fixtures, "anonymousUser">>({
  anonymousUser: async ({ browser }, use) => {
    const watched = await WatchedContext.open(browser);
    await use(userOf(watched));
    await watched.context.close();
    watched.expectNothing();
  },
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function newUser(anonymousUser: AnonymousUser): Promise<User> {
  return await signedIn(anonymousUser, await createAccount());
}

function userOf(watched: WatchedContext): AnonymousUser {
  const { context, page, origin, foreignRequests } = watched;
  return {
    context,
    page,
    origin,
    newTab: () => context.newPage(),
    foreignRequests,
    allowStatus: (...statuses) =>
      watched.allow(...statuses.map((status) => new RegExp(`status of ${status} `))),
    allowNetworkErrors: () => watched.allow(/net::ERR_/),
    allowMessage: (pattern) => watched.allow(pattern),
  };
}

async function signedIn(anonymousUser: AnonymousUser, email: string): Promise<User> {
  const { context, origin } = anonymousUser;
  const api = connect({ origin, fetch: fetchOf(context, origin) });
  await openSessionIn(context, origin, email);
  const createNote: User["createNote"] = async (note = {}) => {
    const json = { name: "A note", text: "Some text", ...note };
    return (await (await api.notes.$post({ json })).json()).note;
  };
  return {
    ...anonymousUser,
    email,
    api,
    openSession: (email) => openSessionIn(context, origin, email),
    createNote,
    async createNotes(count, note = {}) {
      const AT_ONCE = 20;
      const notes: Note[] = [];
      while (notes.length < count) {
        const names = Array.from(
          { length: Math.min(AT_ONCE, count - notes.length) },
          (_, i) => `Note ${notes.length + i}`,
        );
        notes.push(...(await Promise.all(names.map((name) => createNote({ ...note, name })))));
      }
      return notes;
    },
    async createPad(name) {
      return (await (await api.pads.$post({ json: { name } })).json()).pad;
    },
    async readNote(id) {
      return (await (await api.notes[":id"].$get({ param: { id } })).json()).note;
    },
    async saveNote({ id, version }, json) {
      const response = await api.notes[":id"].$patch({ param: { id }, header: ifMatch(version), json });
      return (await response.json()).note;
    },
    async deleteNote(id) {
      await api.notes[":id"].$delete({ param: { id } });
    },
    async loseSession() {
      await api.session.$delete();
      await context.clearCookies();
    },
  };
}

const SESSION_COOKIE = "notejam";

async function openSessionIn(context: BrowserContext, url: string, email: string): Promise<void> {
  const value = await openSession(email);
  await context.addCookies([{ name: SESSION_COOKIE, value, url, httpOnly: true, sameSite: "Lax" }]);
}

/** `fetch` with the session of a browser. */
function fetchOf(context: BrowserContext, origin: string): Fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const session = (await context.cookies(origin)).find(({ name }) => name === SESSION_COOKIE);
    if (session) headers.set("cookie", `${SESSION_COOKIE}=${session.value}`);
    return await fetch(input, { ...init, headers });
  };
}

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

/** The mails sent to `address`, newest first. */
export async function mailsTo(address: string): Promise<Mail[]> {
  const response = await fetch(inject("outbox"), { headers: { accept: "application/json" } });
  const { mails } = (await response.json()) as { mails: Mail[] };
  return mails.filter((mail) => mail.to.includes(address));
}

// --- what tests wait for --------------------------------------------------------------------------------------------

/** Waits until `read` returns `expected`. The last difference is the failure. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  await expect.poll(read, { timeout: TIMEOUT_MS, interval: 50 }).toEqual(expected);
}

/** Waits for the page with this title. */
export async function waitForPage(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
}

/** Waits for the list with this title and number of notes, of a search too, and for its rows, which are drawn a frame later. */
export async function waitForList(page: Page, title: string, count: number): Promise<void> {
  await waitForPage(page, title);
  await page.locator(".list .count", { hasText: new RegExp(`^${count}( found)?$`) }).waitFor();
  if (count > 0) await page.locator(".list .note").first().waitFor();
}

/** Asks for shorter pages of a list than the app would, so that it has many of them with few rows. */
export async function shortenPages(page: Page, path: string): Promise<void> {
  await page.route(`**${path}?*`, (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set("limit", "20");
    return route.continue({ url: url.href });
  });
}

/** The names of the notes in a list, in order, as far as they are in the document. */
export function noteNames(page: Page): Promise<string[]> {
  return page.locator(".list .note b").allInnerTexts();
}

/** The field for a note's text. */
export function textField(page: Page): Locator {
  return page.getByRole("textbox", { name: "Text" });
}

/** What the field for a note's text has. It shows less: of a link its name only. */
export async function textWritten(page: Page): Promise<string> {
  return await textField(page).evaluate((field) => {
    // CodeMirror keeps what an element is drawn from with it.
    const { cmTile } = field as unknown as { cmTile: { view: { state: { doc: object } } } };
    return String(cmTile.view.state.doc);
  });
}

/** What the field for a note's text shows, line by line. */
export async function textShown(page: Page): Promise<string> {
  return (await textField(page).locator(".cm-line").allTextContents()).join("\n");
}

/** Waits until the editor says so, to begin with: `Saved`, `Offline`, `Not saved`. */
export async function waitForState(page: Page, words: string): Promise<void> {
  // A text alone would be found anywhere and in any case: `Saved` in `Not saved`.
  await page.locator(".state", { hasText: new RegExp(`^${words.replace(/[.()]/g, "\\$&")}`) }).waitFor();
}

/** Saves without the pause after writing, as when the network comes back. */
export async function saveNow(page: Page): Promise<void> {
  await page.evaluate(() => void window.dispatchEvent(new Event("online")));
}

/**
 * From here on, no page that is opened can save: there is no answer, or `refusal`, a problem of the service. Routes do not refuse
 * what a page sends as it goes: it outlives the page.
 * @returns what lets pages save again, and tells one of it as the network does
 */
export async function refuseSaves(
  { context, origin }: User,
  refusal?: { status: number; code: string },
): Promise<(page?: Page) => Promise<void>> {
  const name = "saves";
  const value = encodeURIComponent(JSON.stringify(refusal ?? null));
  await context.addCookies([{ name, value, url: origin }]);
  // It stays for the tests that come after this one. They have no cookie.
  await context.addInitScript(() => {
    const { fetch } = window;
    window.fetch = async (input, init) => {
      const isSave = init?.method === "PATCH" || init?.method === "POST";
      const refused = /\bsaves=([^;]*)/.exec(document.cookie)?.[1];
      if (!isSave || !refused || !String(input).includes("/api/notes")) return await fetch(input, init);
      const answer = JSON.parse(decodeURIComponent(refused)) as { status: number } | null;
      if (!answer) throw new TypeError("Failed to fetch");
      const headers = { "Content-Type": "application/problem+json" };
      return new Response(JSON.stringify(answer), { status: answer.status, headers });
    };
  });
  return async (page) => {
    await context.clearCookies({ name });
    if (page) await saveNow(page);
  };
}

/** Ends the page's process, and the page: unlike one that is left, it saves nothing. */
export async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  await page.goto("chrome://crash").catch(() => {});
  await crashed;
  await page.close();
}

/** Fills in the sign-in form on the page and submits it. */
export async function submitSignIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The accessible name of the focused element. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    return (
      element.getAttribute("aria-label") ??
      element.labels?.[0]?.textContent ??
      element.textContent ??
      ""
    ).trim();
  });
}

/** Goes to the element of this name by the keyboard. */
export async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const TABS_MAX = 30;
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press(key);
  }
  expect.fail(`The keyboard can't reach “${name}”.`);
}
