// What lists, the sidebar and back-links show of tags, links and marks.
import { randomUUID } from "node:crypto";
import { LINKED_FROM_MAX, type NoteSummary } from "@notejam/core/note/schema";
import { PADS_MAX } from "@notejam/core/pad/limits";
import { TAGS_LISTED_MAX } from "@notejam/core/places/schema";
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

const mark = (id: string, marks: object) => browser.put(`/api/notes/${id}/marks`, marks);

/** The names of the notes that a list has, on all its pages. */
async function names(query: string, limit = 100): Promise<string[]> {
  const found: NoteSummary[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { status, body } = await browser.get(
      `/api/notes?limit=${limit}&${query}${cursor && `&cursor=${cursor}`}`,
    );
    expect([query, status]).toEqual([query, 200]);
    found.push(...body.notes);
    cursor = body.nextCursor;
  }
  return found.map(({ name }) => name);
}

describe("a list", () => {
  test("can be of the notes with a tag, written in any way", async () => {
    await newNote(browser, { name: "one", text: "#Café and #work/now" });
    await newNote(browser, { name: "two", text: "`#café` #cafés #work" });
    await newNote(browser, { name: "three", text: "#cafe\u0301" });

    for (const tag of ["café", "CAFÉ", "cafe\u0301"]) {
      expect(await names(`tag=${encodeURIComponent(tag)}`)).toEqual(["three", "one"]);
    }
    expect(await names("tag=work")).toEqual(["two", "one"]);
    expect(await names("tag=work/now")).toEqual(["one"]);
    expect(await names("tag=none")).toEqual([]);
    expect((await browser.get("/api/notes?tag=work")).body.total).toBe(2);
  });

  test("follows a text that is saved, and one that it goes back to", async () => {
    const { id } = await newNote(browser, { text: "#a" });
    await browser.patch(`/api/notes/${id}`, { text: "#b" }, { version: 1 });
    expect([await names("tag=a"), await names("tag=b")]).toEqual([[], ["Milk"]]);

    await browser.post(`/api/notes/${id}/revisions/1/restore`);

    expect([await names("tag=a"), await names("tag=b")]).toEqual([["Milk"], []]);
  });

  test("can leave out archived or pinned notes, or all others", async () => {
    for (const name of ["plain", "pinned", "archived", "both"]) {
      const { id } = await newNote(browser, { name });
      await mark(id, { pinned: /pinned|both/.test(name), archived: /archived|both/.test(name) });
    }

    expect(await names("")).toEqual(["both", "archived", "pinned", "plain"]);
    expect(await names("archived=true")).toEqual(["both", "archived"]);
    expect(await names("archived=false")).toEqual(["pinned", "plain"]);
    expect(await names("pinned=true")).toEqual(["both", "pinned"]);
    expect(await names("pinned=false&archived=false")).toEqual(["plain"]);
    expect(await names("pinned=first")).toEqual(["both", "pinned", "archived", "plain"]);
    expect((await browser.get("/api/notes?archived=false")).body.total).toBe(2);
  });

  test.each(["name", "-name", "updated_at", "-updated_at"])(
    "by %s with the pinned notes first pages through each once, with any length of page",
    async (order) => {
      for (const name of ["d", "B", "e", "a", "C", "f", "b"]) {
        const { id } = await newNote(browser, { name });
        if ("Bef".includes(name)) await mark(id, { pinned: true });
      }
      const pinned = await names(`order=${order}&pinned=true`);
      const others = await names(`order=${order}&pinned=false`);
      expect([pinned.length, others.length]).toEqual([3, 4]);

      for (let limit = 1; limit <= 8; limit++) {
        expect(await names(`order=${order}&pinned=first`, limit)).toEqual([...pinned, ...others]);
      }
    },
  );

  test("accepts the cursor of another list neither with nor without the pinned notes first", async () => {
    for (const name of ["a", "b"]) await newNote(browser, { name });
    const { body: plain } = await browser.get("/api/notes?limit=1");
    const { body: first } = await browser.get("/api/notes?limit=1&pinned=first");

    const mixed = [
      await browser.get(`/api/notes?pinned=first&cursor=${plain.nextCursor}`),
      await browser.get(`/api/notes?cursor=${first.nextCursor}`),
    ];

    expect(mixed.map(({ status, body }) => [status, Object.keys(body.fields ?? {})])).toEqual([
      [422, ["cursor"]],
      [422, ["cursor"]],
    ]);
  });

  test("can be limited to a time, which begins with the one and ends before the other", async () => {
    const [one, two, three] = [
      await newNote(browser, { name: "one" }),
      await newNote(browser, { name: "two" }),
      await newNote(browser, { name: "three" }),
    ];

    expect(await names(`updatedAfter=${two.updatedAt}`)).toEqual(["three", "two"]);
    expect(await names(`updatedBefore=${two.updatedAt}`)).toEqual(["one"]);
    expect(await names(`updatedAfter=${one.updatedAt}&updatedBefore=${three.updatedAt}`)).toEqual([
      "two",
      "one",
    ]);
  });

  test("combines its filters, also with a search", async () => {
    const pad = await newPad(browser);
    for (const [name, text] of [
      ["yes", "#a rye"],
      ["tagless", "rye"],
      ["other", "#a oats"],
    ]) {
      await newNote(browser, { name, text, padId: pad.id });
    }
    const { id } = await newNote(browser, { name: "archived", text: "#a rye", padId: pad.id });
    await mark(id, { archived: true });
    await newNote(browser, { name: "outside", text: "#a rye" });

    expect(await names(`q=RYE&tag=a&archived=false&pad=${pad.id}&pinned=first`)).toEqual(["yes"]);
  });

  test("tells its length on its first page only", async () => {
    for (const name of ["a", "b", "c"]) await newNote(browser, { name });

    for (const query of ["", "&pinned=first", "&q=Buy"]) {
      const { body: first } = await browser.get(`/api/notes?limit=2${query}`);
      const { body: rest } = await browser.get(`/api/notes?limit=2${query}&cursor=${first.nextCursor}`);

      expect([first.total, rest.total, rest.notes.length]).toEqual([3, null, 1]);
    }
  });

  test("of 10,000 notes is read in 100 calls, none of which counts but the first", async () => {
    await service.statement(`insert into note
        (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at, pinned_at)
      select a.id, gen_random_uuid(), 'Note ' || i, 'text', 1, 'create', '', now(), now() + i * interval '1 ms', now(),
        case when i % 50 = 0 then now() end
      from account a, generate_series(1, 10000) i where a.email = '${browser.email}'`);
    service.calls.splice(0);

    const found = await names("pinned=first&archived=false");

    expect(new Set(found).size).toBe(10_000);
    expect(found.slice(0, 2)).toEqual(["Note 10000", "Note 9950"]);
    expect(service.calls).toHaveLength(100);
    expect(service.calls.filter(({ sql }) => sql?.includes("count(*)"))).toHaveLength(1);
  });

  test.each([
    "tag=",
    "tag=%23a",
    "tag=-%20-",
    `tag=${"x".repeat(51)}`,
    "tag=a%00",
    "archived=yes",
    "archived=",
    "pinned=1",
    "updatedAfter=2026-11-24",
    "updatedAfter=2026-02-30T00:00:00.000Z",
    "updatedBefore=0000-01-01T00:00:00.000Z",
    "updatedBefore=now",
  ])("refuses %s by its name", async (query) => {
    const { status, body, line } = await browser.get(`/api/notes?${query}`);

    expect([status, Object.keys(body.fields ?? {}), line.dataApiCalls]).toEqual([
      422,
      [query.split("=")[0]],
      0,
    ]);
  });
});

describe("the places", () => {
  test("count live notes, pinned, archived and deleted ones, pads and tags", async () => {
    const [home, work, deleted] = [
      await newPad(browser, "home"),
      await newPad(browser, "Work"),
      await newPad(browser, "Deleted"),
    ];
    await newNote(browser, { padId: home.id, text: "#a #b" });
    const pinned = await newNote(browser, { padId: home.id, text: "#b" });
    const archived = await newNote(browser, { text: "#c" });
    const both = await newNote(browser, { text: "#c" });
    const gone = await newNote(browser, { text: "#d" });
    await newNote(browser, { padId: deleted.id, text: "#d" });
    await mark(pinned.id, { pinned: true });
    await mark(archived.id, { archived: true });
    await mark(both.id, { pinned: true, archived: true });
    await browser.delete(`/api/notes/${gone.id}`);
    await browser.delete(`/api/pads/${deleted.id}`);

    const { status, body } = await browser.get("/api/places");

    const { pads } = (await browser.get("/api/pads")).body;
    expect([status, body]).toEqual([
      200,
      {
        notes: 2,
        pinned: 1,
        archived: 2,
        trash: 2,
        pads,
        tags: [
          { name: "b", noteCount: 2 },
          { name: "a", noteCount: 1 },
        ],
      },
    ]);
    expect(pads.map(({ name, noteCount }) => [name, noteCount])).toEqual([
      ["home", 2],
      ["Work", 0],
    ]);
    expect(pads[1]?.id).toBe(work.id);
  });

  test("list what tags are under as well, where each note counts once, and its list has them all", async () => {
    const tagged = (text: string) => newNote(browser, { name: text, text });
    await tagged("#work/meeting #work/project/sql #work");
    await tagged("#Work/Meeting");
    await tagged("#work/project/web #work/project/sql");
    await tagged("#workshop #2026/trip #/x");
    const archived = await tagged("#work/old");
    await mark(archived.id, { archived: true });

    const { tags } = (await browser.get("/api/places")).body;
    expect(Object.fromEntries(tags.map(({ name, noteCount }) => [name, noteCount]))).toEqual({
      work: 3,
      "work/meeting": 2,
      "work/project": 2,
      "work/project/sql": 2,
      "work/project/web": 1,
      workshop: 1,
      "2026": 1,
      "2026/trip": 1,
      "/x": 1,
    });
    for (const { name, noteCount } of tags) {
      const { total } = (await browser.get(`/api/notes?archived=false&tag=${encodeURIComponent(name)}`)).body;
      expect([name, total]).toEqual([name, noteCount]);
    }
  });

  test("of a new user are empty, and are the user's own", async () => {
    await newNote(await newUser(service), { text: "#theirs" });

    expect((await browser.get("/api/places")).body).toEqual({
      notes: 0,
      pinned: 0,
      archived: 0,
      trash: 0,
      pads: [],
      tags: [],
    });
  });

  test.each([
    ["letters of four bytes", "𝒜"],
    ["control characters", "\u0001"],
    ["quotes", '"'],
  ])(
    "of as many pads as there may be, with the longest names of %s, and of the longest tags, fit into one answer",
    async (_, unit) => {
      const letter = "𝒜";
      await service.statement(`insert into pad
          (user_id, id, name, version, kind, create_hash, created_at, updated_at, changed_at)
        select a.id, gen_random_uuid(), convert_from('\\x${Buffer.from(unit.repeat(100)).toString("hex")}', 'UTF8'),
          2147483647, 'create', '', now(), now(), now()
        from account a, generate_series(1, ${PADS_MAX}) where a.email = '${browser.email}'`);
      for (let i = 0; i < 6; i++) {
        const tags = Array.from(
          { length: 100 },
          (_, j) => `#${letter.repeat(47)}${String(100 * i + j).padStart(3, "0")}`,
        );
        await newNote(browser, { text: tags.join(" ") });
      }
      service.calls.splice(0);

      const { status, body } = await browser.get("/api/places");

      expect([status, body.pads.length, body.tags.length]).toEqual([200, PADS_MAX, TAGS_LISTED_MAX]);
      const [call] = service.calls;
      expect(call?.largestRowBytes).toBeLessThan(64 * 1024);
      expect(call?.responseBytes).toBeLessThan(1024 * 1024);
    },
  );
});

describe("a note", () => {
  const link = (id: string) => `See [it](/notes/${id}#part).`;

  test("has the notes that link to it, the newest first, without itself", async () => {
    const id = randomUUID();
    await newNote(browser, { id, name: "Target", text: link(id) });
    await newNote(browser, { name: "first", text: link(id.toUpperCase()) });
    const deleted = await newNote(browser, { name: "deleted", text: link(id) });
    const archived = await newNote(browser, { name: "archived", text: link(id) });
    const changed = await newNote(browser, { name: "changed", text: link(id) });
    const pad = await newPad(browser);
    await newNote(browser, { name: "in a deleted pad", text: link(id), padId: pad.id });
    const stranger = await newUser(service);
    await newNote(stranger, { name: "theirs", text: link(id) });
    await mark(archived.id, { archived: true });
    await browser.delete(`/api/notes/${deleted.id}`);
    await browser.patch(`/api/notes/${changed.id}`, { text: "No more." }, { version: 1 });
    await browser.delete(`/api/pads/${pad.id}`);

    const { body } = await browser.get(`/api/notes/${id}`);

    expect(body.linkedFrom.map(({ name }) => name)).toEqual(["archived", "first"]);
    expect(body.linkedFrom[0]).toEqual({ id: archived.id, name: "archived" });
  });

  test("of the longest text comes with the newest fifty that link to it, within the limits of an answer", async () => {
    const id = randomUUID();
    const text = "\u0001".repeat(512 * 1024);
    await newNote(browser, { id, text });
    await service.statement(`insert into note
        (user_id, id, name, text, links, version, kind, create_hash, created_at, updated_at, changed_at)
      select a.id, gen_random_uuid(), i || repeat(chr(1), 97), 'text', '["${id}"]', 1, 'create', '',
        now(), now() + i * interval '1 s', now()
      from account a, generate_series(100, 199) i where a.email = '${browser.email}'`);
    service.calls.splice(0);

    const { body } = await browser.get(`/api/notes/${id}`);

    expect(body.note.text === text, "the text").toBe(true);
    expect(body.linkedFrom).toHaveLength(LINKED_FROM_MAX);
    expect(body.linkedFrom.map(({ name }) => name.slice(0, 3)).join()).toBe(
      Array.from({ length: LINKED_FROM_MAX }, (_, i) => 199 - i).join(),
    );
    expect(service.calls).toHaveLength(1);
    expect(service.calls[0]?.largestRowBytes).toBeLessThan(64 * 1024);
    expect(service.calls[0]?.responseBytes).toBeLessThan(1024 * 1024);
  });
});
