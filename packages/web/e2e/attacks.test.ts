// What a note's text, a name or a tag can't do, however it is written.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { eventually, it, itInNewContext, textField, type User, waitForPage } from "./fixtures.ts";
import { PAYLOADS, type Payload } from "./payloads.ts";

describe("A text that attacks", () => {
  itInNewContext("does nothing where a note is read, and its words are all there", async ({ user }) => {
    const watch = await watched(user);
    const { page } = user;
    expect(PAYLOADS.length).toBeGreaterThan(1000);
    const notes = notesOf(PAYLOADS);
    for (const { name, text } of [...notes].reverse()) await user.createNote({ name, text });
    await page.goto("/");
    for (const { name, isAlone } of notes) {
      const [number] = name.split(" ");
      const row = page.locator(".note", { has: page.locator("b", { hasText: new RegExp(`^${number} `) }) });
      await row.press("Enter");
      await waitForPage(page, name);
      await page.locator('.reader .prose[aria-busy="false"]').waitFor({ state: "attached" });
      // One that is not alone leaves the others as they are.
      if (!isAlone) expect(await page.locator(".reader pre.plain").count(), name).toBe(0);
      expect(await strangers(page, ".reader .prose"), name).toEqual([]);
      expect(await watch.seen(), name).toEqual([]);
    }
  });

  itInNewContext("does nothing in the preview", async ({ user }) => {
    const watch = await watched(user);
    const { page } = user;
    for (const { name, text } of notesOf(PAYLOADS.filter(({ isAlone }) => !isAlone))) {
      const note = await user.createNote({ name, text });
      await page.goto(`/notes/${note.id}/edit`);
      await textField(page).waitFor();
      await page.getByRole("button", { name: "Read" }).click();
      await page.locator('.preview .prose[aria-busy="false"]').waitFor({ state: "attached" });
      expect(await page.locator(".preview pre.plain").count(), name).toBe(0);
      expect(await strangers(page, ".preview .prose"), name).toEqual([]);
      expect(await strangers(page, ".cm-content"), name).toEqual([]);
      expect(await watch.seen(), name).toEqual([]);
    }
  });

  itInNewContext("is text in names, excerpts, titles, tags and what was found", async ({ user }) => {
    const watch = await watched(user);
    const { page } = user;
    const short = PAYLOADS.filter(
      ({ text }, i) => i % 10 === 0 && text.length <= NAME_MAX && text.trim() === text,
    );
    const names = short.map(({ text }) => text.replaceAll(/\s+/g, " "));
    expect(names.length).toBeGreaterThan(80);
    for (const [i, text] of names.entries()) {
      const pad = i < PADS && text.length <= NAME_MAX ? await user.createPad(text) : null;
      await user.createNote({ name: text, text: `${text} #tag/${i} #${text}`, padId: pad?.id ?? null });
    }
    await page.goto("/?order=updated_at");
    await page.locator(".note").first().waitFor();
    const missing = new Set(names);
    await eventually(async () => {
      for (const name of await page.locator(".list .note b").allTextContents()) missing.delete(name);
      await page
        .locator(".list .scroll")
        .evaluate((element) => element.scrollBy(0, element.clientHeight / 2));
      return [...missing];
    }, []);
    expect(await strangers(page, "body")).toEqual([]);

    await page
      .locator(".note", { hasText: names.at(-1) ?? "" })
      .last()
      .click();
    await waitForPage(page, names.at(-1) ?? "");
    expect(await page.title()).toContain(names.at(-1));

    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox");
    for (const query of [
      "attacked",
      "<script",
      "javascript:",
      "onerror=",
      '"',
      "&#",
      "<",
      "elsewhere.example",
    ]) {
      await input.fill(query);
      await page.locator("[role=option] mark").first().waitFor();
      expect(await strangers(page, "dialog[open]"), query).toEqual([]);
    }
    await page.keyboard.press("Escape");
    expect(await watch.seen()).toEqual([]);
  });
});

/** Characters in a name. */
const NAME_MAX = 100;
const PADS = 30;
/** Payloads in a note. */
const TOGETHER = 250;
/** Which of those that need a note each are read. With NOTEJAM_LONG_TESTS=1, which takes a minute, all of them. */
const ALONE_STEP = process.env.NOTEJAM_LONG_TESTS ? 1 : 10;

/** Notes that hold them, each alone or with others. The name says which ones. */
function notesOf(payloads: readonly Payload[]): (Payload & { name: string })[] {
  const notes = payloads.filter(({ isAlone }) => isAlone).filter((_, i) => i % ALONE_STEP === 0);
  const others = payloads.filter(({ isAlone }) => !isAlone);
  for (let from = 0; from < others.length; from += TOGETHER) {
    const some = others.slice(from, from + TOGETHER);
    const text = some.map(({ text, name }) => `${text}\n\nThat was: \`${name}\`\n`).join("\n");
    notes.push({ name: `${some[0]?.name} and more`, text, isAlone: false });
  }
  return notes.map((note, i) => ({
    ...note,
    name: `${i} ${note.name.replaceAll(/\s+/g, " ")}`.slice(0, NAME_MAX),
  }));
}

/** Watches what a payload could do. */
async function watched(user: User): Promise<{ seen: () => Promise<string[]> }> {
  const { context, page } = user;
  const seen: string[] = [];
  await context.exposeFunction("attacked", (number: number) => {
    seen.push(`ran: ${PAYLOADS[number]?.name ?? number}`);
  });
  await context.exposeFunction("refused", (what: string) => {
    seen.push(`refused by the policy: ${what}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { target, violatedDirective, blockedURI, sample } = event;
      const element = target instanceof Element ? target.outerHTML.slice(0, 200) : "";
      (window as unknown as { refused: (what: string) => void }).refused(
        `${violatedDirective} ${blockedURI} ${sample} ${element}`,
      );
    });
  });
  context.on("page", (opened) => void seen.push(`opened ${opened.url()}`));
  page.on("dialog", (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("download", (download) => void seen.push(`download ${download.url()}`));
  page.on("framenavigated", (frame) => {
    if (!frame.url().startsWith(user.origin)) seen.push(`went to ${frame.url()}`);
  });
  return {
    async seen() {
      // What was asked for or begun has happened by then.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
      return [...seen, ...user.foreignRequests];
    },
  };
}

/** What neither the app nor a note may have put there: by its HTML. */
function strangers(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .first()
    .evaluate((place) => {
      const own = new URL(location.href).origin;
      const isNoteOrPage = (address: string) =>
        /^(https?:|mailto:)/.test(address) || address.startsWith("#") || address.startsWith("/");
      return [...place.querySelectorAll("*")]
        .filter((element) => {
          if (
            /^(script|style|link|meta|base|iframe|frame|object|embed|math|template|portal)$/i.test(
              element.tagName,
            )
          )
            return element.closest("#app, body > dialog") !== null;
          return [...element.attributes].some(
            ({ name, value }) =>
              /^on|^srcdoc$|^formaction$|^ping$|^background$|^is$/i.test(name) ||
              (name === "action" && !new URL(value, location.href).href.startsWith(own)) ||
              (name === "href" && !isNoteOrPage(value)) ||
              (/^(src|srcset|poster|data|xlink:href)$/.test(name) && !/^data:image\//.test(value)),
          );
        })
        .map((element) => element.outerHTML.slice(0, 300));
    });
}

describe("Trusted Types", () => {
  it("let no string become elements, code or a worker's address, and nobody make another policy", async ({
    anonymousUser: { page, allowMessage },
  }) => {
    allowMessage(/Trusted|trusted-types/);
    const answer = await page.goto("/signin");
    await waitForPage(page, "Sign in");
    expect(await answer?.headerValue("content-security-policy")).toContain(
      "require-trusted-types-for 'script'",
    );

    const thrown = await page.evaluate(() => {
      const html = "<b>bold</b>";
      const attempts = {
        innerHTML: () => {
          document.createElement("p").innerHTML = html;
        },
        insertAdjacentHTML: () => document.body.insertAdjacentHTML("beforeend", html),
        DOMParser: () => new DOMParser().parseFromString(html, "text/html"),
        srcdoc: () => {
          document.createElement("iframe").srcdoc = html;
        },
        src: () => {
          document.createElement("script").src = "/theme.js";
        },
        onclick: () => document.createElement("p").setAttribute("onclick", "alert(1)"),
        Worker: () => new Worker("/theme.js"),
        "a policy of another name": () => window.trustedTypes?.createPolicy("own", {}),
        "a default policy": () =>
          window.trustedTypes?.createPolicy("default", { createHTML: (html) => html }),
        "a policy of a name that is taken": () => window.trustedTypes?.createPolicy("solid", {}),
      };
      return Object.entries(attempts).map(([name, attempt]) => {
        try {
          attempt();
          return `${name} passes`;
        } catch (error) {
          return error instanceof TypeError ? `${name} throws` : `${name}: ${error}`;
        }
      });
    });
    expect(thrown.filter((line) => !line.endsWith(" throws"))).toEqual([]);
  });
});

// --- texts, searches and addresses that are hard to show ----------------------------------------------------------------

/** What the service stores at most, with some room. */
const LARGEST = 500 * 1024;

/** How long most of these texts are. With NOTEJAM_LONG_TESTS=1, as long as can be. */
const LONG = process.env.NOTEJAM_LONG_TESTS ? LARGEST : LARGEST / 8;

function filled(part: string, length = LONG): string {
  return part.repeat(Math.ceil(length / part.length)).slice(0, length);
}

describe("A text that is hard to show", () => {
  it("like a list of tens of thousands of rows, is shown whole in short tasks, between which the page does other things", async ({
    user,
  }) => {
    const { page } = user;
    const ROWS = process.env.NOTEJAM_LONG_TESTS ? 90_000 : 30_000;
    const note = await user.createNote({ name: "Long list", text: "- a\n".repeat(ROWS) });
    await user.createNote({ name: "Another" });
    await page.goto("/");
    await page.locator(".note").first().waitFor();
    await page.evaluate(() => {
      const tasks: { added: number; timers: number }[] = [];
      let timers = 0;
      setInterval(() => timers++, 1);
      new MutationObserver((changes) => {
        const rows = changes
          .flatMap(({ addedNodes }) => [...addedNodes])
          .map((node) => (node instanceof Element ? node.querySelectorAll("li").length : 0));
        const added = rows.reduce((sum, count) => sum + count, 0);
        if (added > 0) tasks.push({ added, timers });
      }).observe(document.querySelector("main, #app") as Element, { childList: true, subtree: true });
      Object.assign(window, { tasks });
    });
    await page.getByRole("link", { name: "Long list" }).click();
    await page.locator('.prose[aria-busy="false"]').waitFor({ state: "attached" });
    expect(await page.locator(".prose li").count()).toBe(ROWS);
    const tasks = await page.evaluate(
      () => (window as unknown as { tasks: { added: number; timers: number }[] }).tasks,
    );
    expect(tasks.reduce((sum, { added }) => sum + added, 0)).toBe(ROWS);
    expect(Math.max(...tasks.map(({ added }) => added))).toBeLessThan(2000);
    const timers = (tasks.at(-1)?.timers ?? 0) - (tasks[0]?.timers ?? 0);
    expect(timers).toBeGreaterThan(tasks.length / 2);

    // What is out of view is not laid out, but all is printed.
    const skipped = () =>
      page
        .locator(".piece")
        .evaluateAll(
          (pieces) => pieces.filter((piece) => getComputedStyle(piece).contentVisibility === "auto").length,
        );
    expect(await skipped()).toBeGreaterThan(10);
    await page.emulateMedia({ media: "print" });
    expect(await skipped()).toBe(0);
    await page.emulateMedia({ media: "screen" });
    await page.getByRole("link", { name: "Another" }).click();
    await waitForPage(page, "Another");
    expect((await user.readNote(note.id)).text).toHaveLength(4 * ROWS);
  });

  const HARD = [
    ["10,000 nested quotes", ">".repeat(10_000), "plain"],
    ["one line", filled("words ", LARGEST), "prose"],
    ["one word", filled("x", LARGEST), "prose"],
    ["brackets", filled("["), "prose"],
    ["stars", filled("*"), "prose"],
    ["less than", filled("<"), "prose"],
    ["backticks", filled("`"), "prose"],
    ["ampersands", filled("&"), "prose"],
    ["headings", filled("# a\n"), "prose"],
    ["links in one paragraph", filled("[a](https://a.example) ", LARGEST), "plain"],
    ["links one by one", filled("[a](https://a.example)\n\n"), "prose"],
    ["a long table", `|a|b|\n|-|-|\n${filled("|1|2|\n")}`, "prose"],
    ["a wide table", `|${"a|".repeat(50_000)}\n|${"-|".repeat(50_000)}\n`, "plain"],
    [
      "formats without an end",
      `${Array.from({ length: 4000 }, (_, i) => `<b title=${i}>`).join("")}\n\n${"<p>x".repeat(2000)}`,
      "prose",
    ],
  ] as const;

  // One page for all of them, as somebody reads one note after the other.
  it("like each of these, leaves the page usable", { timeout: 180_000 }, async ({ user }) => {
    const { page } = user;
    for (const [name, text] of HARD) await user.createNote({ name, text });
    await user.createNote({ name: "Another" });
    // All rows of the list are in view.
    await page.setViewportSize({ width: 1280, height: 1600 });
    await page.goto("/");
    for (const [name, text, face] of HARD) {
      await page.locator(".note", { has: page.locator("b", { hasText: new RegExp(`^${name}$`) }) }).click();
      await waitForPage(page, name);
      await page.locator('.reader .prose[aria-busy="false"]').waitFor({ state: "attached" });
      expect(await page.locator("pre.plain").count(), name).toBe(face === "plain" ? 1 : 0);
      if (face === "plain") expect((await page.locator("pre.plain").textContent()) === text, name).toBe(true);
      else expect(await page.locator(".reader .prose > *").count(), name).toBeGreaterThan(0);
      await page.getByRole("link", { name: "Another" }).click();
      await waitForPage(page, "Another");
    }
  });
});

describe("Odd input", () => {
  const QUERIES = [
    "\"'()&|!:*<>~-".repeat(20).slice(0, 200),
    "%_\\%".repeat(50),
    "AND OR NOT ".repeat(20).slice(0, 200),
    "\u202e\u200b٪🎉".repeat(40),
    "#".repeat(200),
    "before: after: #",
  ];

  it("searches of odd characters or operators find nothing, in the list and in the palette", async ({
    user,
  }) => {
    const { page } = user;
    await user.createNote({ name: "A note" });
    await page.goto("/");
    for (const query of QUERIES) {
      await page.getByRole("searchbox", { name: "Search notes" }).fill(query);
      await page.getByRole("heading", { name: /^No notes match/ }).waitFor();
    }
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Find, go to, do" });
    for (const query of QUERIES) {
      await palette.getByRole("combobox").fill(query);
      // By its sign, it is asked for tags.
      if (!query.startsWith("#")) await palette.getByText(/^Nothing for/).waitFor();
      const found = palette.locator('[role=group]:not([aria-label="Anywhere"]) [role=option]');
      await eventually(() => found.count(), 0);
    }
    await page.keyboard.press("Escape");
    await page.goto("/");
    await page.getByRole("link", { name: "A note" }).waitFor();
  });

  it("a note that links to itself, and to one that is gone, is read, and the link says so", async ({
    user,
  }) => {
    const { page } = user;
    user.allowStatus(404);
    const gone = await user.createNote({ name: "Gone" });
    const note = await user.createNote({ name: "Links" });
    await user.saveNote(note, { text: `[me](/notes/${note.id}) [gone](/notes/${gone.id})` });
    await user.deleteNote(gone.id);
    await page.goto(`/notes/${note.id}`);
    await page.locator(".prose").getByRole("link", { name: "me" }).click();
    await waitForPage(page, "Links");
    await page.locator(".prose").getByRole("link", { name: "gone" }).click();
    await waitForPage(page, "This note is not here");
    await page.goBack();
    await waitForPage(page, "Links");
  });

  it("two notes of one name are two rows, each with its own text", async ({ user }) => {
    const { page } = user;
    await user.createNote({ name: "Same", text: "the first" });
    await user.createNote({ name: "Same", text: "the second" });
    await page.goto("/");
    for (const text of ["the first", "the second"]) {
      await page.locator(".note", { hasText: text }).click();
      await page.locator(".prose", { hasText: text }).waitFor();
    }
  });

  it("a tag of 200 characters is text, and no place", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Tagged", text: `#${"t".repeat(200)} #short` });
    await page.goto(`/notes/${note.id}`);
    await page.locator(".prose", { hasText: "t".repeat(200) }).waitFor();
    await eventually(() => page.locator(".tags a").allInnerTexts(), ["#short"]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });

  it("an address with a wrong id says what is not there", async ({ user }) => {
    const { page } = user;
    user.allowStatus(404);
    for (const id of ["1", "%00", "%E0%A4%A", "<img src=x onerror=alert(1)>", "x".repeat(2000)]) {
      await page.goto(`/notes/${id}`);
      await waitForPage(page, "This note is not here");
    }
    for (const id of ["1", "<svg onload=alert(1)>"]) {
      await page.goto(`/pads/${id}`);
      await page.getByRole("heading", { name: "This pad is not here" }).first().waitFor();
    }
  });
});
