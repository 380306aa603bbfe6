// The longest notes come back exactly, even with characters that are hard to transport, and stay below the Data API's limits
// of 64 KB a row and 1 MiB an answer.
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, newUser, type Service, startService } from "./service.ts";

const ROW_MAX_BYTES = 64 * 1024;
const ANSWER_MAX_BYTES = 1024 * 1024;

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
  browser = await newUser(service);
});
afterAll(() => service?.close());

/** Units that can be repeated to exactly 512 KiB of UTF-8. */
const UNITS = {
  ASCII: "a",
  "four-byte emoji": "🦉",
  quotes: '"',
  backslashes: "\\",
  "U+0001": "\u0001",
  "right-to-left marks": "\u200Fא\u200F",
  "line ends of three kinds": "\r\n\u0085",
};

test.each(Object.entries(UNITS))(
  "512 KiB of %s come back exactly from each route that answers a note",
  async (name, unit) => {
    const text = unit.repeat(TEXT_MAX_BYTES / Buffer.byteLength(unit));
    const shorter = text.slice(2);
    service.calls.splice(0);

    const created = await browser.post("/api/notes", { name, text });
    const path = `/api/notes/${created.body.note.id}`;
    const read = await browser.get(path);
    const saved = await browser.patch(path, { text: shorter }, { version: 1 });
    const savedAgain = await browser.patch(path, { text }, { version: 2 });
    const mismatch = await browser.patch(path, { text: "Too late." }, { version: 1 });
    const revision = await browser.get(`${path}/revisions/1`);
    const reverted = await browser.post(`${path}/revisions/2/restore`);
    const revertedAgain = await browser.post(`${path}/revisions/3/restore`);
    await browser.delete(path);
    const restored = await browser.post(`/api/trash/notes/${created.body.note.id}/restore`);

    const answers = [created, read, saved, savedAgain, mismatch, revision, reverted, revertedAgain, restored];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 412, 200, 200, 200, 200]);
    // Compared as booleans, because a failure would print half a megabyte.
    for (const { body } of [created, read, savedAgain, revertedAgain, restored]) {
      expect(body.note.text === text, "the text").toBe(true);
    }
    for (const { body } of [saved, reverted])
      expect(body.note.text === shorter, "the shorter text").toBe(true);
    expect((mismatch.body.current as { text: string }).text === text, "the text in a 412").toBe(true);
    expect(revision.body.revision.text === text, "the text of a revision").toBe(true);

    expect(service.calls.length).toBeGreaterThan(answers.length);
    for (const { largestRowBytes, responseBytes } of service.calls) {
      expect(largestRowBytes).toBeLessThan(ROW_MAX_BYTES);
      expect(responseBytes).toBeLessThan(ANSWER_MAX_BYTES);
    }
  },
);

test("512 KiB of the longest tags and of links stay below the limits in each answer, alone and among a hundred", async () => {
  const mentions = Array.from({ length: 250 }, (_, i) => {
    const tag = `#${"𝒜".repeat(47)}${100 + i}`;
    return `${tag} [a](/notes/7f3a2c1e-0000-4000-8000-000000000${100 + i})`;
  }).join(" ");
  const text = mentions + "#a ".repeat((TEXT_MAX_BYTES - Buffer.byteLength(mentions)) / 3);
  const other = await newUser(service);
  const { id } = (await other.post("/api/notes", { name: "Many", text })).body.note;
  await service.statement(`insert into note (user_id, id, name, text, tags, links, version, kind, create_hash,
      created_at, updated_at, changed_at)
    select n.user_id, gen_random_uuid(), n.name, n.excerpt, n.tags, n.links, 1, 'create', '', now(), now(), now()
    from note n, generate_series(1, 99) where n.id = '${id}'`);
  service.calls.splice(0);

  const list = await other.get("/api/notes?limit=100");
  const ids = list.body.notes.map((note) => note.id);
  const answers = [
    await other.get(`/api/notes/${id}`),
    await other.patch(`/api/notes/${id}`, { name: "Renamed" }, { version: 1 }),
    await other.get("/api/notes/7f3a2c1e-0000-4000-8000-000000000100"),
    await other.get("/api/places"),
    await other.get(`/api/search?limit=50&q=${encodeURIComponent("𝒜")}`),
    await other.put("/api/notes/marks", { ids, pinned: true }),
    await other.post("/api/notes/delete", { ids }),
    await other.post("/api/notes/restore", { ids }),
    await other.post(`/api/notes/${id}/revisions/1/restore`),
  ];

  expect(ids).toHaveLength(100);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 200, 200, 200, 200, 200, 200]);
  expect(answers[0]?.body.note.text === text, "the text").toBe(true);
  expect(answers[0]?.body.note.tags).toHaveLength(100);
  expect(answers[3]?.body.tags[0]?.noteCount).toBe(100);
  for (const { largestRowBytes, responseBytes } of service.calls) {
    expect(largestRowBytes).toBeLessThan(ROW_MAX_BYTES);
    expect(responseBytes).toBeLessThan(ANSWER_MAX_BYTES);
  }
});

test("characters of every kind come back exactly, sent as text or as bytes", async () => {
  const text = fc
    .oneof(
      fc.string({ minLength: 1, unit: "binary" }),
      fc.constant("\u202Eא\u200F \uFFFF \u2028 e\u0301 👩‍👩‍👧 \r\n\t\u0085"),
    )
    .filter((text) => text.isWellFormed() && !text.includes("\0"));

  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (text, asBytes) => {
      const json = JSON.stringify({ name: "Milk", text });

      const { body } = await browser.post("/api/notes", undefined, {
        raw: asBytes ? Buffer.from(json) : json,
      });

      expect((await browser.get(`/api/notes/${body.note.id}`)).body.note.text).toBe(text);
    }),
  );
});

describe("a text that is too long", () => {
  test.each(["a", "🦉"])("by one character, of %s, is refused", async (unit) => {
    const text = `${unit.repeat(TEXT_MAX_BYTES / Buffer.byteLength(unit))}${unit}`;

    const { status, body } = await browser.post("/api/notes", { name: "Long", text });

    expect([status, body.fields]).toEqual([422, { text: ["Text is too long (512 KiB at most)"] }]);
  });
});
