// Properties of notes, through the Data API on PGlite. The functions' tests cover single requests through HTTP.
import type { DataApiServer } from "@notejam/data-api";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { newUser, startDatabase } from "../../test/database.ts";
import { isStorable } from "../field/schema.ts";
import * as Pad from "../pad/index.ts";
import { cursorAt } from "../paging/index.ts";
import * as Revision from "../revision/index.ts";
import * as Trash from "../trash/index.ts";
import * as Note from "./index.ts";
import { ORDERS, type Order } from "./limits.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());
afterEach(() => vi.unstubAllEnvs());

/** Names and texts, usual and unusual ones. */
const text = fc
  .oneof(
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.string({ minLength: 1, unit: "binary" }),
    fc.constant("﷽🏳️‍🌈\u202Eabc\u0001'\"\\"),
  )
  .filter(isStorable);
const name = text.map((one) => [...one].slice(0, 100).join("").trim()).filter((one) => one !== "");

async function everyPage(
  read: (cursor: string | undefined) => Promise<{ nextCursor: string | null; ids: string[] }>,
) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    ids.push(...page.ids);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ids;
}

test("a text with any characters comes back as it was sent", async () => {
  const { viewer } = await newUser();

  await fc.assert(
    fc.asyncProperty(name, text, async (name, text) => {
      const { note } = await Note.create(viewer, { name, text });
      const saved = await Note.save(viewer, note.id, 1, { text: `${text}${text}` });

      expect(await Note.get(viewer, note.id)).toEqual({ note: saved, linkedFrom: [] });
      expect(await Revision.get(viewer, note.id, 1)).toMatchObject({ name, text, version: 1 });
    }),
    { numRuns: 40 },
  );
});

describe("a list", () => {
  test("pages through each note once, in each order, with any names and page length", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...ORDERS),
        async (names, limit, order: Order) => {
          const { viewer } = await newUser();
          const made = [];
          for (const name of names) made.push((await Note.create(viewer, { name, text: "text" })).note.id);

          const whole = await Note.list(viewer, { order, limit: 100 });
          const paged = await everyPage(async (cursor) => {
            const page = await Note.list(viewer, { order, limit, cursor });
            expect(page.total).toBe(cursor === undefined ? names.length : null);
            return { nextCursor: page.nextCursor, ids: page.notes.map((note) => note.id) };
          });

          expect(paged).toEqual(whole.notes.map((note) => note.id));
          expect([...paged].sort()).toEqual(made.sort());
        },
      ),
      { numRuns: 20 },
    );
  });

  test("has the database's times in whatever zone the process runs, and pages by them", async () => {
    vi.stubEnv("TZ", "America/St_Johns");
    expect(new Date(0).getTimezoneOffset()).toBe(210);
    const { viewer } = await newUser();
    const began = new Date(Date.now() - 60_000).toISOString();
    const { note } = await Note.create(viewer, { name: "Note", text: "text" });
    for (let i = 0; i < 4; i++) await Note.create(viewer, { name: `Note ${i}`, text: "text" });

    const whole = await Note.list(viewer, {
      updatedAfter: began,
      updatedBefore: new Date(Date.now() + 60_000).toISOString(),
    });
    const paged = await everyPage(async (cursor) => {
      const page = await Note.list(viewer, { limit: 2, cursor });
      return { nextCursor: page.nextCursor, ids: page.notes.map((one) => one.id) };
    });

    expect(paged).toHaveLength(5);
    expect(whole.notes.map((one) => one.id)).toEqual(paged);
    expect(whole.notes.at(-1)).toMatchObject({ createdAt: note.createdAt, updatedAt: note.updatedAt });
    expect(Math.abs(Date.parse(note.createdAt) - Date.now())).toBeLessThan(60_000);
  });

  test("sorts names as a reader expects, and descending order is the reverse of ascending order", async () => {
    const { viewer } = await newUser();
    for (const name of ["zebra", "Ärger", "apple", "Banana", "éclair", "10", "9"]) {
      await Note.create(viewer, { name, text: "text" });
    }

    const ascending = (await Note.list(viewer, { order: "name" })).notes.map((note) => note.name);
    const descending = (await Note.list(viewer, { order: "-name" })).notes.map((note) => note.name);

    expect(ascending).toEqual(["10", "9", "apple", "Ärger", "Banana", "éclair", "zebra"]);
    expect(descending).toEqual(ascending.toReversed());
  });

  test("finds a part of a name or text in any case and alphabet, and takes % and _ literally", async () => {
    const { viewer } = await newUser();
    await Note.create(viewer, { name: "Über uns", text: "ΚΑΛΗΜΕΡΑ" });
    await Note.create(viewer, { name: "100%", text: "under_score" });

    const found = async (q: string) => (await Note.list(viewer, { q })).notes.map((note) => note.name);

    expect(await found("über")).toEqual(["Über uns"]);
    expect(await found("καλημε")).toEqual(["Über uns"]);
    expect(await found("0%")).toEqual(["100%"]);
    expect(await found("r_s")).toEqual(["100%"]);
    expect(await found("_")).toEqual(["100%"]);
    expect(await found("\\")).toEqual([]);
  });

  test("finds a part of a word whose last letter has a special form", async () => {
    const { viewer } = await newUser();
    await Note.create(viewer, { name: "ΟΔΟΣΑ", text: "text" });

    expect((await Note.list(viewer, { q: "οδος" })).notes.map((note) => note.name)).toEqual(["ΟΔΟΣΑ"]);
  });

  test.each(["2026-02-30T00:00:00.000Z", "2026-13-45T99:99:99.999Z", "0000-01-01T00:00:00.000Z", "now"])(
    "refuses a cursor with the invalid time %s",
    async (time) => {
      const { viewer } = await newUser();
      const cursor = cursorAt(["-updated_at", time, crypto.randomUUID()]);

      await expect(Note.list(viewer, { cursor })).rejects.toMatchObject({
        code: "invalid_input",
        fields: { cursor: [{ code: "invalid", message: expect.any(String) }] },
      });
    },
  );
});

test("the trash pages through pads and notes once, newest first", async () => {
  const { viewer } = await newUser();
  const gone: string[] = [];
  for (let i = 0; i < 7; i++) {
    const { note } = await Note.create(viewer, { name: `Note ${i}`, text: "text" });
    const { pad } = await Pad.create(viewer, { name: `Pad ${i}` });
    await Note.remove(viewer, note.id);
    await Pad.remove(viewer, pad.id);
    gone.unshift(pad.id, note.id);
  }

  const paged = await everyPage(async (cursor) => {
    const page = await Trash.list(viewer, { limit: 3, cursor });
    const items = [...page.notes, ...page.pads];
    expect(items.length).toBeLessThanOrEqual(3);
    return { nextCursor: page.nextCursor, ids: items.map((item) => item.id) };
  });

  expect([...paged].sort()).toEqual([...gone].sort());
});

test("the greatest version that If-Match can name is like any other", async () => {
  const { viewer } = await newUser();
  const { note } = await Note.create(viewer, { name: "Name", text: "text" });
  const { pad } = await Pad.create(viewer, { name: "Name" });

  const mismatch = { code: "version_mismatch" };
  await expect(Note.save(viewer, note.id, 2_147_483_647, { text: "new" })).rejects.toMatchObject(mismatch);
  await expect(Pad.rename(viewer, pad.id, 2_147_483_647, { name: "New" })).rejects.toMatchObject(mismatch);
});

test("a note's states are listed in order, and going back to one makes a new one", async () => {
  const { viewer } = await newUser();
  const { note } = await Note.create(viewer, { name: "Name", text: "one" });
  await Note.save(viewer, note.id, 1, { text: "two" });
  await Note.remove(viewer, note.id);
  await Trash.restoreNote(viewer, note.id, {});

  const reverted = await Revision.restore(viewer, note.id, 1);

  const { revisions } = await Revision.list(viewer, note.id, {});
  expect(reverted).toMatchObject({ text: "one", version: 5 });
  expect(revisions.map((one) => [one.version, one.kind])).toEqual([
    [5, "revert"],
    [4, "restore"],
    [3, "delete"],
    [2, "save"],
    [1, "create"],
  ]);
  expect(revisions[0]?.hash).toBe(revisions[4]?.hash);
});
