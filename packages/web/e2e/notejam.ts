// What the browser tests stand on: one service and one Chromium for all of them, and for each test a visitor, or a
// reader with an account of their own. A page that complains in its console, or breaks its content security policy,
// fails the test.
import { randomUUID } from "node:crypto";
import type { Note } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { type APIResponse, type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Service, startService } from "./service.ts";

export const PASSWORD = "correct horse";
/** Long enough for a machine that does much else. */
const PATIENCE_MS = 15_000;

let service: Service;
let browser: Browser;

/** Starts what all tests use; once, at the top of the suite. */
export function useNotejam(): void {
  beforeAll(async () => {
    [service, browser] = await Promise.all([
      startService(),
      chromium.launch({
        executablePath: process.env.NOTEJAM_CHROMIUM as string,
        args: ["--no-sandbox", "--disable-background-networking"],
      }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([service?.stop(), browser?.close()]);
  });
}

/** A browser with cookies of its own. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  origin: string;
  /** Another tab. */
  newTab(): Promise<Page>;
  /** Requests that left for anywhere but this service. */
  strangers: string[];
  /** From here on an answer with this status is part of the test, and the console's line about it no complaint. */
  expectStatus(...statuses: number[]): void;
  /** From here on requests that fail are part of the test. */
  expectFailures(): void;
  /** From here on such a message in the console is part of the test. */
  expectMessage(pattern: RegExp): void;
  mailsTo: Service["mailsTo"];
}

/** A visitor who is signed in, and can also write through the API. */
export interface Reader extends Visitor {
  email: string;
  createNote(note?: Partial<Pick<Note, "id" | "name" | "text" | "padId">>): Promise<Note>;
  createPad(name: string): Promise<Pad>;
  readNote(id: string): Promise<Note>;
  /** As another device would. */
  saveNote(note: Note, change: Partial<Pick<Note, "name" | "text" | "padId">>): Promise<Note>;
  deleteNote(id: string): Promise<void>;
  /** Ends the session of this browser without its pages knowing. */
  loseSession(): Promise<void>;
  /** Signs this browser in, as `email`, without its pages knowing. */
  signInUnseen(email: string): Promise<void>;
}

interface Fixtures {
  visitor: Visitor;
  reader: Reader;
}

export const it = test.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures this one needs
  visitor: async ({}, use) => {
    const visit = await openBrowser();
    await use(visit.visitor);
    await visit.close();
  },
  reader: async ({ visitor }, use) => {
    const email = `${randomUUID()}@example.com`;
    await signUp(email);
    await use(await signedIn(visitor, email));
  },
});

/** An account with `PASSWORD`. */
export async function signUp(email: string): Promise<void> {
  const response = await fetch(`${service.origin}/api/users`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  expect(response.status).toBe(201);
}

async function openBrowser(): Promise<{ visitor: Visitor; close: () => Promise<void> }> {
  const context = await browser.newContext({ baseURL: service.origin, locale: "en-GB" });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const strangers: string[] = [];
  // A visitor's page asks who is there, and is told that nobody is.
  const expected = [/status of 401 /];

  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (!expected.some((pattern) => pattern.test(message.text()))) complaints.push(message.text());
  });
  context.on("weberror", ({ error }) => complaints.push(String(error().stack ?? error())));
  context.on("request", (request) => {
    if (!request.url().startsWith(service.origin) && !request.url().startsWith("data:"))
      strangers.push(request.url());
  });

  const visitor: Visitor = {
    context,
    page: await context.newPage(),
    origin: service.origin,
    newTab: () => context.newPage(),
    strangers,
    expectStatus: (...statuses) =>
      void expected.push(...statuses.map((status) => new RegExp(`status of ${status} `))),
    expectFailures: () => void expected.push(/net::ERR_/),
    expectMessage: (pattern) => void expected.push(pattern),
    mailsTo: service.mailsTo,
  };
  return {
    visitor,
    async close() {
      await context.close();
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
    },
  };
}

async function signedIn(visitor: Visitor, email: string): Promise<Reader> {
  const { request } = visitor.context;
  const signInUnseen = async (email: string) => {
    await succeeded(await request.post("/api/session", { data: { email, password: PASSWORD } }));
  };
  await signInUnseen(email);
  return {
    ...visitor,
    email,
    signInUnseen,
    async createNote(note = {}) {
      const data = { name: "A note", text: "Some text", ...note };
      return (await succeeded<{ note: Note }>(await request.post("/api/notes", { data }))).note;
    },
    async createPad(name) {
      return (await succeeded<{ pad: Pad }>(await request.post("/api/pads", { data: { name } }))).pad;
    },
    async readNote(id) {
      return (await succeeded<{ note: Note }>(await request.get(`/api/notes/${id}`))).note;
    },
    async saveNote(note, data) {
      const headers = { "If-Match": `"${note.version}"` };
      return (
        await succeeded<{ note: Note }>(await request.patch(`/api/notes/${note.id}`, { data, headers }))
      ).note;
    },
    async deleteNote(id) {
      await succeeded(await request.delete(`/api/notes/${id}`));
    },
    async loseSession() {
      await succeeded(await request.delete("/api/session"));
    },
  };
}

async function succeeded<Body>(response: APIResponse): Promise<Body> {
  expect(response.ok(), `${response.status()} ${await response.text()}`).toBe(true);
  return response.status() === 204 ? (undefined as Body) : await response.json();
}

// --- what tests wait for --------------------------------------------------------------------------------------------

/** Waits until `read` gives what is expected; the last difference is the failure. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  await expect.poll(read, { timeout: PATIENCE_MS, interval: 50 }).toEqual(expected);
}

/** The page's title, where the page of that title is there. */
export async function arriveAt(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
}

/** The names of the notes that a list shows, in order. */
export function namesIn(page: Page): Promise<string[]> {
  return page.locator("table.notes td.name a").allInnerTexts();
}

/** Signs in by the form that is on the page. */
export async function signInBy(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
