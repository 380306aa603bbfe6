// Marks, and changes of several notes at once: each note is judged by itself, and the answer says what happened.
import { randomUUID } from "node:crypto";
import { SELECTED_MAX } from "@notejam/core/note/limits";
import { NO_SUCH_PAD } from "@notejam/core/pad/schema";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Browser, newNote, newPad, newUser, type Service, startService } from "./service.ts";

let service: Service;
let browser: Browser;
/** A note of another user. */
let theirs: string;
beforeAll(async () => {
  service = await startService();
  theirs = (await newNote(await newUser(service))).id;
});
beforeEach(async () => {
  browser = await newUser(service);
});
afterAll(() => service?.close());

async function trashed(fields: Parameters<typeof newNote>[1] = {}): Promise<string> {
  const { id } = await newNote(browser, fields);
  await browser.delete(`/api/notes/${id}`);
  return id;
}

const versionsOf = async (id: string) =>
  (await browser.get(`/api/notes/${id}/revisions`)).body.revisions.map(({ version, kind }) => [
    version,
    kind,
  ]);

describe("marks", () => {
  test("pin and archive a note, and change neither its version nor its time", async () => {
    const note = await newNote(browser);
    const path = `/api/notes/${note.id}`;

    const pinned = await browser.put(`${path}/marks`, { pinned: true });
    const archived = await browser.put(`${path}/marks`, { archived: true });
    const again = await browser.put(`${path}/marks`, { pinned: true, archived: true });
    const read = await browser.get(path);

    expect(pinned.body.note).toEqual({ id: note.id, pinnedAt: expect.any(String), archivedAt: null });
    expect(archived.body.note).toEqual({
      id: note.id,
      pinnedAt: pinned.body.note.pinnedAt,
      archivedAt: expect.any(String),
    });
    expect(again.body).toEqual(archived.body);
    expect(read.body.note).toEqual({ ...note, ...archived.body.note });
    expect(read.headers.etag).toBe('"1"');
    expect(await versionsOf(note.id)).toEqual([[1, "create"]]);

    const bare = await browser.put(`${path}/marks`, { pinned: false, archived: false });

    expect(bare.body.note).toEqual({ id: note.id, pinnedAt: null, archivedAt: null });
    expect((await browser.get(path)).body.note).toEqual(note);
  });

  test("stay when the note is saved, deleted and restored", async () => {
    const { id } = await newNote(browser);
    await browser.put(`/api/notes/${id}/marks`, { pinned: true, archived: true });

    await browser.patch(`/api/notes/${id}`, { text: "New." }, { version: 1 });
    await browser.delete(`/api/notes/${id}`);
    const { body } = await browser.post(`/api/trash/notes/${id}/restore`);

    expect(body.note).toMatchObject({ pinnedAt: expect.any(String), archivedAt: expect.any(String) });
  });

  test("are put on several notes, in the order of the request, and others are left out", async () => {
    const [one, two] = [await newNote(browser), await newNote(browser)];
    await browser.put(`/api/notes/${one.id}/marks`, { archived: true });
    const ids = [two.id.toUpperCase(), await trashed(), randomUUID(), theirs, one.id];

    const { status, body } = await browser.put("/api/notes/marks", { ids, pinned: true });

    expect([status, body.notes]).toEqual([
      200,
      [
        { id: two.id, pinnedAt: expect.any(String), archivedAt: null },
        { id: one.id, pinnedAt: expect.any(String), archivedAt: expect.any(String) },
      ],
    ]);
  });

  test("of a note that is in the trash, in a deleted pad or not there are not found", async () => {
    const pad = await newPad(browser);
    const inPad = await newNote(browser, { padId: pad.id });
    await browser.delete(`/api/pads/${pad.id}`);

    for (const id of [await trashed(), inPad.id, randomUUID(), theirs]) {
      expect((await browser.put(`/api/notes/${id}/marks`, { pinned: true })).status).toBe(404);
    }
  });

  test("must be named", async () => {
    const { id } = await newNote(browser);
    const none = [
      await browser.put(`/api/notes/${id}/marks`, {}),
      await browser.put("/api/notes/marks", { ids: [id] }),
    ];

    for (const { status, body } of none) {
      expect([status, body.fields, body.codes]).toEqual([
        422,
        { pinned: ["pinned or archived is required"] },
        { pinned: ["required"] },
      ]);
    }
  });
});

describe("a move", () => {
  test("puts each note into its pad, and leaves out what can't be moved", async () => {
    const [from, to] = [await newPad(browser, "From"), await newPad(browser, "To")];
    const [one, two, there] = [
      await newNote(browser, { padId: from.id }),
      await newNote(browser),
      await newNote(browser, { padId: to.id }),
    ];
    const gone = await trashed({ padId: from.id });
    const notes = [
      { id: one.id, padId: null },
      ...[two.id, there.id, gone, randomUUID(), theirs].map((id) => ({ id, padId: to.id })),
    ];

    const { status, body } = await browser.post("/api/notes/move", { notes });

    expect([status, body.notes]).toEqual([
      200,
      [
        { id: one.id, padId: null, version: 2, updatedAt: one.updatedAt },
        { id: two.id, padId: to.id, version: 2, updatedAt: two.updatedAt },
        { id: there.id, padId: to.id, version: 1, updatedAt: there.updatedAt },
      ],
    ]);
    expect(await versionsOf(two.id)).toEqual([
      [2, "save"],
      [1, "create"],
    ]);
    expect((await browser.get("/api/trash")).body.notes.map(({ padId }) => padId)).toEqual([from.id]);
  });

  test("into a pad that is not live moves nothing, and names each such pad", async () => {
    const [to, deleted] = [await newPad(browser, "To"), await newPad(browser, "Deleted")];
    const theirPad = (await newPad(await newUser(service))).id;
    await browser.delete(`/api/pads/${deleted.id}`);
    const notes = await Promise.all(
      [to.id, deleted.id, randomUUID(), theirPad].map(async (padId) => ({
        id: (await newNote(browser)).id,
        padId,
      })),
    );

    const { status, body } = await browser.post("/api/notes/move", { notes });

    expect([status, body.fields]).toEqual([
      422,
      {
        "notes.1.padId": [NO_SUCH_PAD],
        "notes.2.padId": [NO_SUCH_PAD],
        "notes.3.padId": [NO_SUCH_PAD],
      },
    ]);
    expect((await browser.get("/api/notes?pad=none")).body.total).toBe(4);
  });
});

describe("a deletion of several notes", () => {
  test("moves them to the trash, also those that are there already, and can be undone", async () => {
    const pad = await newPad(browser);
    const [one, two] = [await newNote(browser, { padId: pad.id }), await newNote(browser)];
    const gone = await trashed();
    const ids = [one.id, gone, randomUUID(), theirs, two.id];

    const deleted = await browser.post("/api/notes/delete", { ids });
    const again = await browser.post("/api/notes/delete", { ids });
    const lists = [await browser.get("/api/notes"), await browser.get("/api/trash")];
    const restored = await browser.post("/api/notes/restore", { ids });
    const restoredAgain = await browser.post("/api/notes/restore", { ids });

    expect([deleted.status, deleted.body]).toEqual([
      200,
      {
        notes: [
          { id: one.id, version: 2 },
          { id: gone, version: 2 },
          { id: two.id, version: 2 },
        ],
      },
    ]);
    expect(again.body).toEqual(deleted.body);
    expect(lists.map(({ body }) => body.notes.length)).toEqual([0, 3]);
    expect([restored.status, restored.body.notes.map(({ version }) => version)]).toEqual([200, [3, 3, 3]]);
    expect(restoredAgain.body).toEqual(restored.body);
    expect((await browser.get(`/api/notes?pad=${pad.id}`)).body.notes.map(({ id }) => id)).toEqual([one.id]);
    expect(await versionsOf(one.id)).toEqual([
      [3, "restore"],
      [2, "delete"],
      [1, "create"],
    ]);
  });

  test("leaves notes in the trash whose pads are there too", async () => {
    const [pad, deleted] = [await newPad(browser), await newPad(browser)];
    const [stays, back, withPad] = [
      await trashed({ padId: deleted.id }),
      await trashed({ padId: pad.id }),
      (await newNote(browser, { padId: deleted.id })).id,
    ];
    await browser.delete(`/api/pads/${deleted.id}`);

    const { body } = await browser.post("/api/notes/restore", { ids: [stays, back, withPad] });

    expect(body.notes).toEqual([{ id: back, version: 3 }]);
    expect((await browser.get("/api/trash")).body.notes.map(({ id }) => id)).toEqual([stays]);
  });
});

describe.each([
  ["PUT", "/api/notes/marks", { pinned: true }],
  ["POST", "/api/notes/delete", {}],
  ["POST", "/api/notes/restore", {}],
  ["POST", "/api/notes/move", undefined],
])("%s %s", (method, path, more) => {
  /** The body that names these notes, and the name of its list. */
  const bodyOf = (ids: unknown) => {
    if (more) return { field: "ids", body: { ...more, ids } };
    const notes = Array.isArray(ids) ? ids.map((id) => ({ id, padId: null })) : ids;
    return { field: "notes", body: { notes } };
  };

  test("takes a hundred notes in one call of the database", async () => {
    const ids = Array.from({ length: SELECTED_MAX }, () => randomUUID());
    const { body: sent } = bodyOf(ids);
    await service.statement(`insert into note
        (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at, deleted_at)
      select a.id, i.id::uuid, 'Name', 'text', 1, 'create', '', now(), now(), now(),
        ${path.endsWith("restore") ? "now()" : "null"}
      from account a, jsonb_array_elements_text('${JSON.stringify(ids)}') i(id) where a.email = '${browser.email}'`);

    const { status, body, line } = await browser.request(method, path, sent, {
      raw: JSON.stringify(sent, null, 2),
    });

    expect([status, line.dataApiCalls]).toEqual([200, 1]);
    expect(body.notes.map(({ id }) => id)).toEqual(ids);
  });

  test.each<[string, unknown, string]>([
    ["none", [], "required"],
    ["too many", Array.from({ length: SELECTED_MAX + 1 }, () => randomUUID()), "too_long"],
    ["one twice", [theirs, "x"].map(() => "AAAAAAAA-0000-4000-8000-000000000001"), "duplicate"],
    [
      "one twice in another case",
      ["AAAAAAAA-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000001"],
      "duplicate",
    ],
    ["what is no id", ["x"], "invalid"],
    ["no list", 17, "wrong_type"],
    ["nothing", undefined, "required"],
  ])("refuses %s by the name of the list", async (_, ids, code) => {
    const { field, body: sent } = bodyOf(ids);

    const { status, body, line } = await browser.request(method, path, sent);

    expect([status, line.dataApiCalls, body.codes]).toEqual([422, 0, { [field]: [code] }]);
  });
});
