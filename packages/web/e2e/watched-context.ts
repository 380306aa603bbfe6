// A browser context whose pages are watched for what no page may do. Tests can use one after the other: a new context costs
// as much as two page loads, because each has processes of its own and an empty cache.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, inject } from "vitest";

/** Long enough for a busy machine. */
export const TIMEOUT_MS = 15_000;

/** A small file of the site. A page that rests there stays in its process, with what it has compiled. */
const RESTING_PLACE = "/favicon.svg";

/** What a page of a new context emulates. */
const MEDIA = {
  media: null,
  colorScheme: "light",
  reducedMotion: "no-preference",
  forcedColors: "none",
} as const;

/** The events that tests listen to. */
const EVENTS = ["request", "requestfailed", "dialog"] as const;

export class WatchedContext {
  readonly context: BrowserContext;
  readonly origin = inject("origin");
  readonly #viewport: { width: number; height: number };
  #errors: string[] = [];
  #allowed: RegExp[] = [];
  /** Requests to other sites. */
  foreignRequests: string[] = [];

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedContext> {
    const viewport = options.viewport ?? { width: 1280, height: 720 };
    const baseURL = inject("origin");
    const context = await browser.newContext({ baseURL, locale: "en-GB", ...options, viewport });
    await context.newPage();
    return new WatchedContext(context, viewport);
  }

  constructor(context: BrowserContext, viewport: { width: number; height: number }) {
    this.context = context;
    this.#viewport = viewport;
    this.begin();
    context.setDefaultTimeout(TIMEOUT_MS);
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      if (!this.#allowed.some((pattern) => pattern.test(message.text()))) this.#errors.push(message.text());
    });
    // Its method needs its object.
    context.on("weberror", (thrown) => this.#errors.push(String(thrown.error().stack ?? thrown.error())));
    context.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(this.origin) && !url.startsWith("data:")) this.foreignRequests.push(url);
    });
  }

  get page(): Page {
    const [page] = this.context.pages();
    if (!page) throw new Error("The context has no page.");
    return page;
  }

  /** From here on, such a message in the console is no error. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  /** Fails the test if a page logged an error, or asked another site. */
  expectNothing(): void {
    expect(this.#errors).toEqual([]);
    expect(this.foreignRequests).toEqual([]);
  }

  /** Leaves its page as a new one, for the next test. What it logged until then is still there. */
  async clear(): Promise<void> {
    const { context } = this;
    const [page = await context.newPage(), ...others] = context.pages();
    await Promise.all(others.map((other) => other.close()));
    for (const event of EVENTS) page.removeAllListeners(event);
    await context.setOffline(false);
    await page.goto(RESTING_PLACE);
    for (const routed of [context, page]) await routed.unrouteAll({ behavior: "ignoreErrors" });
    await page.evaluate(() => sessionStorage.clear());
    const inspector = await context.newCDPSession(page);
    await inspector.send("Storage.clearDataForOrigin", { origin: this.origin, storageTypes: "all" });
    await inspector.detach();
    await context.clearCookies();
    await page.emulateMedia(MEDIA);
    await page.setViewportSize(this.#viewport);
  }

  /** Begins to watch anew. */
  begin(): void {
    this.#errors = [];
    this.foreignRequests = [];
    // A page asks who is signed in. When nobody is, the answer is 401. An editor that opens far down measures its lines a few times
    // a frame and goes on in the next: CodeMirror remarks on that, and tests of places see that it comes to rest.
    this.#allowed = [/status of 401 /, /^Viewport failed to stabilize$/];
  }
}

/** A context for one test after the other. */
export class KeptContext {
  readonly #open: () => Promise<WatchedContext>;
  #kept: WatchedContext | undefined;

  constructor(open: () => Promise<WatchedContext>) {
    this.#open = open;
  }

  /** Lends it to a test. One that can't be cleared, because its page hangs, is replaced. */
  async lend(use: (watched: WatchedContext) => Promise<void>): Promise<void> {
    const watched = this.#kept ?? (await this.#open());
    this.#kept = undefined;
    watched.begin();
    await use(watched);
    try {
      await watched.clear();
      this.#kept = watched;
    } catch {
      await watched.context.close();
    }
    watched.expectNothing();
  }
}
