// What a search finds, in which order, and how it shows where.
import { FOUND_DEFAULT, FOUND_MAX, SNIPPET_CHARACTERS } from "@notejam/core/search/schema";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Browser, newNote, newPad, newUser, type Service, startService } from "./service.ts";

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  browser = await newUser(service);
});
afterAll(() => service?.close());

const search = async (query: Record<string, string>) => {
  const { status, body } = await browser.get(`/api/search?${new URLSearchParams(query)}`);
  expect([query, status]).toEqual([query, 200]);
  return body.found;
};
const names = async (query: Record<string, string>) => (await search(query)).map(({ name }) => name);
const parts = (text: string, ranges: [number, number][]) => ranges.map(([from, to]) => text.slice(from, to));

describe("a search", () => {
  test("finds names first, then texts, each the newest first", async () => {
    await newNote(browser, { name: "Bread", text: "rye" });
    await newNote(browser, { name: "Oven", text: "for bread" });
    await newNote(browser, { name: "Crispbread", text: "bread too" });
    await newNote(browser, { name: "Shopping", text: "BREAD, milk" });
    await newNote(browser, { name: "Other", text: "nothing" });
    await newNote(await newUser(service), { name: "Their bread" });

    expect(await names({ q: "bread" })).toEqual(["Crispbread", "Bread", "Shopping", "Oven"]);
    expect(await names({ q: "bread", limit: "1" })).toEqual(["Crispbread"]);
    expect(await names({ q: "bread", limit: "3" })).toEqual(["Crispbread", "Bread", "Shopping"]);
    expect(await names({ q: "breads" })).toEqual([]);
  });

  test("answers what lists show, a snippet in place of the excerpt, and where the hits are", async () => {
    const note = await newNote(browser, { name: "🦉 Über Owls", text: "An owl, OWLS, a 🦉owl." });
    const { text: _, tags: __, ...shown } = note;

    const [found, ...more] = await search({ q: "owl" });

    expect(more).toEqual([]);
    expect(found).toEqual({
      ...shown,
      snippet: "An owl, OWLS, a 🦉owl.",
      inName: [[8, 11]],
      inSnippet: [
        [3, 6],
        [8, 11],
        [18, 21],
      ],
    });
  });

  test.each([
    ["any case", "Äpfel und GRÜNE", "äPFEL", "Äpfel"],
    ["an umlaut in capitals", "in GRÖSSEN Schritten", "größen", "GRÖSSEN"],
    ["a final sigma", "ΟΔΟΣ και οδοσα", "οδος", "ΟΔΟΣ,οδοσ"],
    ["Chinese", "今天天气很好", "天气", "天气"],
    ["signs", "100% of a_b \\ c", "% of a_b \\", "% of a_b \\"],
    ["a dotted capital i", "x İSTANBUL y", "İst", "İST"],
    ["a dotless i", "IŞIK ışık", "ışı", "ışı"],
  ])("marks hits of %s", async (_, text, q, marked) => {
    await newNote(browser, { text });

    const [found] = await search({ q });

    expect(parts(found?.snippet ?? "", found?.inSnippet ?? []).join()).toBe(marked);
  });

  test("shows the text round its first hit, in whole words, and says where text is left out", async () => {
    const words = (word: string) => `${word} `.repeat(2000);
    await newNote(browser, {
      name: "middle",
      text: `${words("before")}here is the needle. ${words("after")}`,
    });
    await newNote(browser, { name: "start", text: `Needle ${words("after")}` });
    await newNote(browser, { name: "end", text: `${words("before")}needle` });

    const [end, start, middle] = await search({ q: "needle" });

    expect(end?.snippet).toMatch(/^…(before )+needle$/);
    expect(start?.snippet).toMatch(/^Needle( after)+…$/);
    expect(middle?.snippet).toMatch(/^…(before )+here is the needle\.( after)+…$/);
    for (const found of [end, start, middle]) {
      expect(
        parts(found?.snippet ?? "", found?.inSnippet ?? [])
          .join()
          .toLowerCase(),
      ).toBe("needle");
      expect(found?.snippet.length).toBeLessThanOrEqual(SNIPPET_CHARACTERS + 2);
    }
  });

  test("shows the beginning of a text if only its name has the hit", async () => {
    await newNote(browser, { name: "Needle", text: "word ".repeat(100) });

    const [found] = await search({ q: "needle" });

    expect(found).toMatchObject({ inName: [[0, 6]], inSnippet: [] });
    expect(found?.snippet).toMatch(/^(word ){30,31}word…$/);
  });

  test("marks a hit that is as long as a search may be", async () => {
    const q = "🦉".repeat(200);
    await newNote(browser, { text: `${"x".repeat(600)}${q}${"y".repeat(600)}` });

    const [found] = await search({ q });

    expect(parts(found?.snippet ?? "", found?.inSnippet ?? [])).toEqual([q]);
  });

  test("finds a far hit that only case folding finds", async () => {
    const text = `${"Straße und Maß ".repeat(3000)}GRÖSSE ${"Straße ".repeat(3000)}`;
    await newNote(browser, { text });

    const [found] = await search({ q: "größe" });

    expect(parts(found?.snippet ?? "", found?.inSnippet ?? [])).toEqual(["GRÖSSE"]);
  });

  test("can be filtered, and without words lists what the filters let through", async () => {
    const pad = await newPad(browser);
    await newNote(browser, { name: "one", text: "#a rye", padId: pad.id });
    const { id } = await newNote(browser, { name: "archived", text: "#a rye" });
    await newNote(browser, { name: "oats", text: "#a" });
    const last = await newNote(browser, { name: "last", text: "rye" });
    await browser.put(`/api/notes/${id}/marks`, { archived: true });

    expect(await names({ q: "rye" })).toEqual(["last", "archived", "one"]);
    expect(await names({ q: "rye", tag: "A" })).toEqual(["archived", "one"]);
    expect(await names({ q: "rye", archived: "false" })).toEqual(["last", "one"]);
    expect(await names({ q: "rye", pad: pad.id })).toEqual(["one"]);
    expect(await names({ q: "rye", pad: "none", archived: "true" })).toEqual(["archived"]);
    expect(await names({ q: "rye", updatedBefore: last.updatedAt })).toEqual(["archived", "one"]);
    expect(await names({ q: "rye", updatedAfter: last.updatedAt })).toEqual(["last"]);
    expect(await names({ tag: "a" })).toEqual(["oats", "archived", "one"]);
    expect(await search({ q: "", tag: "a", archived: "true" })).toMatchObject([
      { name: "archived", snippet: "#a rye", inName: [], inSnippet: [] },
    ]);
  });

  test("finds twenty notes unless told, and at most fifty", async () => {
    await service.statement(`insert into note
        (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
      select a.id, gen_random_uuid(), 'Note ' || i, repeat(chr(1), 5000), 1, 'create', '', now(), now(), now()
      from account a, generate_series(1, 60) i where a.email = '${browser.email}'`);
    service.calls.splice(0);

    expect(await search({ q: "note" })).toHaveLength(FOUND_DEFAULT);
    expect(await search({ q: "\u0001", limit: String(FOUND_MAX) })).toHaveLength(FOUND_MAX);
    expect(service.calls).toHaveLength(2);
    for (const { largestRowBytes, responseBytes } of service.calls) {
      expect(largestRowBytes).toBeLessThan(64 * 1024);
      expect(responseBytes).toBeLessThan(1024 * 1024);
    }
  });

  test("in a pad that is not live, or not the user's, is not found", async () => {
    const pad = await newPad(browser);
    await browser.delete(`/api/pads/${pad.id}`);
    const theirs = await newPad(await newUser(service));

    for (const { id } of [pad, theirs]) {
      expect((await browser.get(`/api/search?q=a&pad=${id}`)).status).toBe(404);
    }
  });

  test.each([
    ["", "q", "required"],
    ["q=", "q", "required"],
    ["q=&limit=1", "q", "required"],
    [`q=${"x".repeat(201)}`, "q", "too_long"],
    ["q=a%00", "q", "unstorable"],
    ["q=a&limit=51", "limit", "invalid"],
    ["q=a&limit=0", "limit", "invalid"],
    ["q=a&tag=a%20b", "tag", "invalid"],
    ["q=a&archived=1", "archived", "invalid"],
    ["q=a&updatedAfter=2026", "updatedAfter", "invalid"],
    ["q=a&cursor=x", "cursor", "unknown"],
    ["q=a&order=name", "order", "unknown"],
  ])("refuses %s by the name of what is wrong", async (query, field, code) => {
    const { status, body, line } = await browser.get(`/api/search?${query}`);

    expect([status, body.codes, line.dataApiCalls]).toEqual([422, { [field]: [code] }, 0]);
  });
});
