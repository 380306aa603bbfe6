// What was: the timeline of a note, the chain of its states, and the account as it stood at a time.
import { createHash, randomUUID } from "node:crypto";
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

const sha256 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A number in 8 bytes, the highest first. */
function int8(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

const uuid = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");
const present = (bytes: Uint8Array) => Buffer.concat([Buffer.of(1), bytes]);
const absent = (bytes: number) => Buffer.alloc(bytes + 1);

/** Saves a text, over any version. */
async function save(id: string, text: string, fields: Record<string, unknown> = {}) {
  const { headers } = await browser.get(`/api/notes/${id}`);
  return browser.patch(
    `/api/notes/${id}`,
    { text, ...fields },
    { version: Number(headers.etag?.slice(1, -1)) },
  );
}

/** A time at which what was done is over, and what comes is not begun. */
async function now(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 3));
  const [row] = await service.statement(
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') now`,
  );
  await new Promise((resolve) => setTimeout(resolve, 3));
  return String(row?.now);
}

describe("a note's timeline", () => {
  test("says where each state was made, how, and how many words it changed", async () => {
    const { id } = await newNote(browser, { text: "one two", words: { added: 2, removed: 0 } });
    await save(id, "one three four", { words: { added: 2, removed: 1 } });
    await save(id, "merged", { kind: "merge" });
    await save(id, "chosen", { kind: "conflict" });
    await browser.post(`/api/notes/${id}/revisions/1/restore`);

    const { body } = await browser.get(`/api/notes/${id}/revisions`);

    expect(body.revisions.map(({ version, kind, device, words }) => [version, kind, device, words])).toEqual([
      [5, "revert", "Firefox on Linux", null],
      [4, "conflict", "Firefox on Linux", null],
      [3, "merge", "Firefox on Linux", null],
      [2, "save", "Firefox on Linux", { added: 2, removed: 1 }],
      [1, "create", "Firefox on Linux", { added: 2, removed: 0 }],
    ]);
    expect(body.total).toBe(5);
    const second = await browser.get(`/api/notes/${id}/revisions?limit=2`);
    expect(second.body.total).toBe(5);
    const third = await browser.get(`/api/notes/${id}/revisions?limit=2&cursor=${second.body.nextCursor}`);
    expect([third.body.total, third.body.revisions.length]).toEqual([null, 2]);
  });

  test("tells two browsers of one name apart, by ids that last as long as the browser is known", async () => {
    const idOf = async (of: Browser) => {
      const { body } = await of.get("/api/sessions");
      return body.sessions.find(({ current }) => current)?.deviceId;
    };
    const elsewhere = browser.elsewhere();
    await elsewhere.signIn();
    const ids = [await idOf(browser), await idOf(elsewhere)];
    const { id } = await newNote(browser);
    await elsewhere.patch(`/api/notes/${id}`, { text: "second" }, { version: 1 });
    await browser.delete("/api/session");
    await browser.signIn();
    await save(id, "third");
    await browser.delete(`/api/notes/${id}`);
    await browser.post(`/api/trash/notes/${id}/restore`, {});

    const { body } = await browser.get(`/api/notes/${id}/revisions`);

    expect(new Set(body.revisions.map(({ device }) => device)).size).toBe(1);
    const [here, there] = ids;
    expect(here).not.toBe(there);
    expect(body.revisions.map(({ deviceId }) => deviceId)).toEqual([here, here, here, there, here]);
    expect((await browser.get(`/api/notes/${id}`)).body.note.deviceId).toBe(here);
  });

  test("has no device of a state from before that was kept, and the chain does not need it", async () => {
    const { id } = await newNote(browser);
    await save(id, "second");
    await service.statement("update revision set device_id = null");

    const { body } = await browser.get(`/api/notes/${id}/revisions`);

    expect(body.revisions.map(({ deviceId }) => typeof deviceId)).toEqual(["string", "object"]);
    expect((await browser.get(`/api/notes/${id}/verify`)).body.differs).toBeNull();
  });

  test("leaves out states whose content is no longer kept, and they can't be read or restored", async () => {
    const { id } = await newNote(browser, { text: "first" });
    await save(id, "second");
    await save(id, "third");
    await thinned(id, 2);

    const { body } = await browser.get(`/api/notes/${id}/revisions`);
    const read = await browser.get(`/api/notes/${id}/revisions/2`);
    const restored = await browser.post(`/api/notes/${id}/revisions/2/restore`);

    expect(body.revisions.map(({ version }) => version)).toEqual([3, 1]);
    expect(body.total).toBe(2);
    expect([read.status, restored.status]).toEqual([404, 404]);
    expect((await browser.get(`/api/notes/${id}`)).body.note.text).toBe("third");
  });

  test.each([
    [{ kind: "create" }, "kind"],
    [{ kind: null }, "kind"],
    [{ words: 3 }, "words"],
    [{ words: { added: -1, removed: 0 } }, "words"],
    [{ words: { added: 1.5, removed: 0 } }, "words"],
    [{ words: { added: 1 } }, "words"],
  ])("a save with %j is refused, and names the field", async (fields, name) => {
    const { id } = await newNote(browser);
    const { status, body } = await browser.patch(
      `/api/notes/${id}`,
      { text: "new", ...fields },
      { version: 1 },
    );
    expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [name]]);
  });
});

/** Empties a state's content, as retention does. */
async function thinned(id: string, version: number): Promise<void> {
  await service.statement(
    `update revision set thinned_at = now(), due_at = null, name = '', text = '', tags = '[]', links = '[]', pad_id = null
      where note_id = '${id}' and version = ${version}`,
  );
}

describe("the chain of a note's states", () => {
  test("can be computed by hand, and its newest link is in the log line of the request that made it", async () => {
    const pad = await newPad(browser);
    const { id } = await newNote(browser, { name: "Bread", text: "Rye. #food", padId: pad.id });
    const saved = await save(id, "Žluťoučký kůň");
    const deleted = await browser.delete(`/api/notes/${id}`);
    const columns = "version, kind, device, pad_id, name, named, text, digest, link";
    const times = ["changed_at", "deleted_at"].map(
      (time) => `(extract(epoch from ${time}) * 1000)::int8 ${time}`,
    );
    const states = await service.statement(
      `select ${columns}, ${times} from revision where note_id = '${id}' union all
        select ${columns}, ${times} from note where id = '${id}' order by version`,
    );
    expect(states.map(({ kind }) => kind)).toEqual(["create", "save", "delete"]);

    let link = Buffer.alloc(0);
    for (const state of states) {
      const digest = sha256(
        uuid(id),
        int8(Number(state.version)),
        int8(Number(state.changed_at)),
        state.deleted_at === null ? absent(8) : present(int8(Number(state.deleted_at))),
        sha256(String(state.kind)),
        present(sha256(String(state.device))),
        state.pad_id === null ? absent(16) : present(uuid(String(state.pad_id))),
        sha256(String(state.name)),
        Buffer.of(0, 0, 0, state.named ? 1 : 0),
        sha256(String(state.text)),
      );
      link = sha256(link, digest);
      expect(
        [state.digest, state.link].map((bytes) => Buffer.from(bytes as Uint8Array).toString("hex")),
      ).toEqual([digest.toString("hex"), link.toString("hex")]);
    }

    expect(saved.line.audit?.things).toEqual([{ thing: `note ${id}`, version: 2, link: expect.any(String) }]);
    expect(deleted.line.audit?.things).toEqual([
      { thing: `note ${id}`, version: 3, link: link.toString("hex") },
    ]);
    const { body } = await browser.get(`/api/notes/${id}/verify`);
    expect(body).toEqual({
      states: 3,
      thinned: 0,
      unlinked: 0,
      differs: null,
      newest: { version: 3, link: link.toString("hex") },
      nextCursor: null,
    });
  });

  test("has its newest link in the log also if the answer to a call is lost", async () => {
    const lose = () => service.dataApi.faults.plan({ kind: "drop", when: "after", matching: /insert into/ });
    const id = randomUUID();
    lose();
    const created = await browser.post("/api/notes", { id, name: "Milk", text: "Buy some." });
    lose();
    const saved = await browser.patch(`/api/notes/${id}`, { text: "Buy more." }, { version: 1 });
    service.dataApi.faults.plan({ kind: "statement-timeout", when: "after", matching: /insert into/ });
    const unavailable = await browser.delete(`/api/notes/${id}`);
    const deleted = await browser.delete(`/api/notes/${id}`);

    const { newest } = await (
      await browser.api.notes[":id"].verify.$get({ param: { id }, query: {} })
    ).json();
    expect([created, saved, unavailable, deleted].map(({ status }) => status)).toEqual([200, 200, 503, 204]);
    expect([created, saved].map(({ line }) => line.audit?.things?.[0]?.version)).toEqual([1, 2]);
    expect(deleted.line.audit?.things).toEqual([{ thing: `note ${id}`, ...newest }]);
    expect(newest?.version).toBe(3);
  });

  /** A note of six states, of which the third is thinned. */
  async function noteOfSix(): Promise<string> {
    const { id } = await newNote(browser, { text: "state 1" });
    for (let version = 2; version <= 6; version++) await save(id, `state ${version}`);
    await thinned(id, 3);
    return id;
  }

  const revision = (version: number) =>
    `update revision set`.concat(` %s where note_id = ':id' and version = ${version}`);
  test.each([
    ["an earlier text is edited", revision(2).replace("%s", "text = 'forged'"), 2, "content"],
    ["the present text is edited", "update note set text = 'forged' where id = ':id'", 6, "content"],
    ["the kind of a state is edited", revision(4).replace("%s", "kind = 'merge'"), 4, "content"],
    [
      "the time of a state is edited",
      revision(4).replace("%s", "changed_at = changed_at + interval '1 ms'"),
      4,
      "content",
    ],
    ["the device of a state is edited", revision(4).replace("%s", "device = null"), 4, "content"],
    ["a state is removed", "delete from revision where note_id = ':id' and version = 4", 4, "missing"],
    [
      "the first state is removed",
      "delete from revision where note_id = ':id' and version = 1",
      1,
      "missing",
    ],
    [
      "the states before the present one are removed",
      "delete from revision where note_id = ':id' and version = 5",
      5,
      "missing",
    ],
    ["a state loses its link", revision(4).replace("%s", "link = null, digest = null"), 4, "unlinked"],
    [
      "a thinned state gets another digest",
      revision(3).replace("%s", "digest = sha256('forged')"),
      3,
      "link",
    ],
    [
      "a text and its digest are exchanged",
      "update revision r set text = o.text, digest = o.digest from revision o where r.note_id = ':id' and o.note_id = ':id' and r.version = 2 and o.version = 4",
      2,
      "content",
    ],
    [
      "two states are exchanged",
      "update revision set version = 6 - version where note_id = ':id' and version in (2, 4)",
      2,
      "content",
    ],
  ])("names the first state that differs if %s", async (_, statement, version, problem) => {
    const id = await noteOfSix();
    expect((await browser.get(`/api/notes/${id}/verify`)).body).toMatchObject({
      states: 6,
      thinned: 1,
      differs: null,
    });

    // Versions are exchanged by way of others, because each is there once.
    if (statement.includes("6 - version")) {
      await service.statement(
        `update revision set version = version + 100 where note_id = '${id}' and version in (2, 4)`,
      );
      await service.statement(
        `update revision set version = 106 - version where note_id = '${id}' and version > 100`,
      );
    } else await service.statement(statement.replaceAll(":id", id));

    const differs = { kind: "note", id, version, problem };
    expect((await browser.get(`/api/notes/${id}/verify`)).body).toMatchObject({ differs, nextCursor: null });
    const account = await pagesOf("/api/history/verify");
    expect(account.at(-1)).toMatchObject({ differs, nextCursor: null });
  });

  test("of a pad is checked with the account's", async () => {
    const pad = await newPad(browser);
    await browser.patch(`/api/pads/${pad.id}`, { name: "Food" }, { version: 1 });
    await browser.delete(`/api/pads/${pad.id}`);
    expect((await pagesOf("/api/history/verify")).map(({ differs }) => differs)).toEqual([null, null]);

    await service.statement(
      `update pad_revision set name = 'forged' where pad_id = '${pad.id}' and version = 2`,
    );

    const differs = { kind: "pad", id: pad.id, version: 2, problem: "content" };
    expect((await pagesOf("/api/history/verify")).at(-1)).toMatchObject({ differs });
  });

  test("begins with the first state that has a link, and a long one is checked by pages", async () => {
    const { id } = await newNote(browser, { text: "state 1" });
    for (let version = 2; version <= 5; version++) await save(id, `state ${version}`);
    await service.statement(
      `update revision set link = null, digest = null where note_id = '${id}' and version < 5`,
    );
    await service.statement(`update note set link = null, digest = null where id = '${id}'`);
    for (let version = 6; version <= 260; version++)
      await browser.post(`/api/notes/${id}/revisions/${4 - (version % 2)}/restore`);

    const pages = await pagesOf(`/api/notes/${id}/verify`);

    expect(pages.map(({ states }) => states)).toEqual([250, 10]);
    expect(pages.map(({ unlinked }) => unlinked)).toEqual([5, 0]);
    expect(pages.at(-1)).toMatchObject({ newest: { version: 260 }, differs: null });

    await service.statement(`delete from revision where note_id = '${id}' and version = 251`);
    expect((await pagesOf(`/api/notes/${id}/verify`)).at(-1)).toMatchObject({
      differs: { version: 251, problem: "missing" },
    });
  });

  test("of long texts is checked by pages of 8 MiB", async () => {
    const text = (version: number) => `${version}`.padEnd(512 * 1024, "x");
    const { id } = await newNote(browser, { text: text(1) });
    for (let version = 2; version <= 20; version++) await save(id, text(version));

    const pages = await pagesOf(`/api/notes/${id}/verify`);

    expect(pages.map(({ states, differs }) => [states, differs])).toEqual([
      [16, null],
      [4, null],
    ]);
    await service.statement(`update revision set text = 'forged' where note_id = '${id}' and version = 18`);
    expect((await pagesOf(`/api/notes/${id}/verify`)).at(-1)).toMatchObject({
      differs: { version: 18, problem: "content" },
    });
  });
});

async function pagesOf(path: string) {
  const pages: Awaited<ReturnType<Browser["get"]>>["body"][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await browser.get(cursor === "" ? path : `${path}?cursor=${cursor}`);
    pages.push(body);
    cursor = body.nextCursor;
  }
  return pages;
}

describe("the account at a time", () => {
  /** Names of the notes as they stood, newest first. */
  async function namesAt(at: string, more = ""): Promise<string[]> {
    const { body } = await browser.get(`/api/history?at=${at}${more}`);
    return body.notes.map(({ name }) => name);
  }

  /** Names of those that are others now. */
  async function differingAt(at: string): Promise<string[]> {
    const { body } = await browser.get(`/api/history?at=${at}`);
    return body.notes.filter(({ differs }) => differs).map(({ name }) => name);
  }

  test("has the notes, texts and pads of then, whatever was saved, moved, deleted or renamed since", async () => {
    const before = await now();
    const food = await newPad(browser, "Food");
    const bread = await newNote(browser, { name: "Bread", text: "Rye.", padId: food.id });
    const milk = await newNote(browser, { name: "Milk", text: "Oat." });
    const first = await now();
    await save(bread.id, "Wheat.", { name: "White bread", padId: null });
    await browser.delete(`/api/notes/${milk.id}`);
    await browser.patch(`/api/pads/${food.id}`, { name: "Kitchen" }, { version: 1 });
    const second = await now();
    await browser.post(`/api/trash/notes/${milk.id}/restore`);
    await browser.patch(`/api/notes/${milk.id}`, { padId: food.id }, { version: 3 });
    const third = await now();
    await browser.delete(`/api/pads/${food.id}`);
    const fourth = await now();

    expect(await namesAt(before)).toEqual([]);
    expect(await namesAt(first)).toEqual(["Milk", "Bread"]);
    expect(await namesAt(second)).toEqual(["White bread"]);
    // The move did not change it.
    expect(await namesAt(third)).toEqual(["White bread", "Milk"]);
    expect(await namesAt(fourth)).toEqual(["White bread"]);
    expect(await namesAt(first, `&pad=${food.id}`)).toEqual(["Bread"]);
    expect(await namesAt(third, `&pad=${food.id}`)).toEqual(["Milk"]);
    const { body } = await browser.get(`/api/history?at=${first}`);
    expect(body).toMatchObject({
      notes: [
        { id: milk.id, padId: null, excerpt: "Oat.", version: 1, differs: true },
        { id: bread.id, padId: food.id, excerpt: "Rye.", version: 1, differs: true },
      ],
      pads: [{ id: food.id, name: "Food" }],
      total: 2,
      nextCursor: null,
    });
    expect((await browser.get(`/api/history?at=${second}`)).body.notes).toMatchObject([{ differs: false }]);
    expect((await browser.get(`/api/history?at=${fourth}`)).body.pads).toEqual([]);
    const then = await browser.get(`/api/history/notes/${bread.id}?at=${first}`);
    expect(then.body.note).toMatchObject({ name: "Bread", text: "Rye.", padId: food.id, version: 1 });
    expect((await browser.get(`/api/history/notes/${milk.id}?at=${second}`)).status).toBe(404);
  });

  test("is read by pages, in one order", async () => {
    for (let i = 1; i <= 5; i++) await newNote(browser, { name: `Note ${i}` });
    const at = await now();
    await newNote(browser, { name: "Later" });

    const first = await browser.get(`/api/history?at=${at}&limit=2`);
    const second = await browser.get(`/api/history?at=${at}&limit=2&cursor=${first.body.nextCursor}`);
    const third = await browser.get(`/api/history?at=${at}&limit=2&cursor=${second.body.nextCursor}`);

    const pages = [first, second, third].map(({ body }) => body.notes.map(({ name }) => name));
    expect(pages).toEqual([["Note 5", "Note 4"], ["Note 3", "Note 2"], ["Note 1"]]);
    expect([first, second, third].map(({ body }) => body.total)).toEqual([5, null, null]);
    const other = await browser.get(`/api/history?at=${await now()}&cursor=${first.body.nextCursor}`);
    expect([other.status, Object.keys(other.body.fields ?? {})]).toEqual([422, ["cursor"]]);
  });

  test("where a state is no longer kept, has the one before it", async () => {
    const { id } = await newNote(browser, { name: "Bread", text: "one" });
    await save(id, "two");
    const at = await now();
    await save(id, "three");
    await thinned(id, 2);

    expect((await browser.get(`/api/history/notes/${id}?at=${at}`)).body.note).toMatchObject({
      text: "one",
      version: 1,
    });
  });

  test("has no note that was deleted then, also if the deletion's state is no longer kept", async () => {
    const { id } = await newNote(browser);
    await browser.delete(`/api/notes/${id}`);
    const at = await now();
    await browser.post(`/api/trash/notes/${id}/restore`);
    await thinned(id, 2);

    expect(await namesAt(at)).toEqual([]);
  });

  test("gives notes back as new states, out of the trash too, and into the pads that are live", async () => {
    const food = await newPad(browser, "Food");
    const gone = await newPad(browser, "Gone");
    const edited = await newNote(browser, { name: "Edited", text: "before", padId: food.id });
    const trashed = await newNote(browser, { name: "Trashed", text: "rescued" });
    const homeless = await newNote(browser, { name: "Homeless", text: "rescued", padId: gone.id });
    const same = await newNote(browser, { name: "Same" });
    const at = await now();
    await save(edited.id, "after", { padId: null });
    await browser.delete(`/api/notes/${trashed.id}`);
    await browser.delete(`/api/pads/${gone.id}`);
    const later = await newNote(browser, { name: "Later" });
    const ids = [edited, trashed, homeless, same, later].map(({ id }) => id);

    const { body, line } = await browser.post("/api/history/restore", { at, ids });

    expect(body.notes).toEqual([
      { id: edited.id, version: 3 },
      { id: trashed.id, version: 3 },
      { id: homeless.id, version: 2 },
      { id: same.id, version: 1 },
    ]);
    expect(line.dataApiCalls).toBe(1);
    const texts = await Promise.all(ids.map(async (id) => (await browser.get(`/api/notes/${id}`)).body.note));
    expect(texts.map(({ text, padId }) => [text, padId])).toEqual([
      ["before", food.id],
      ["rescued", null],
      ["rescued", null],
      ["Buy some.", null],
      ["Buy some.", null],
    ]);
    const { body: states } = await browser.get(`/api/notes/${edited.id}/revisions`);
    expect(states.revisions.map(({ kind }) => kind)).toEqual(["revert", "save", "create"]);
    // Nothing is left that would change by another restore.
    expect((await browser.post("/api/history/restore", { at, ids })).body.notes).toEqual(body.notes);
    expect(await differingAt(at)).toEqual([]);
    await browser.patch(`/api/notes/${edited.id}`, { padId: null }, { version: 3 });
    await save(same.id, "other");
    expect(await differingAt(at)).toEqual(["Same", "Edited"]);
    await save(same.id, "Buy some.");
    expect(await differingAt(at)).toEqual(["Edited"]);
    expect((await pagesOf("/api/history/verify")).map(({ differs }) => differs)).toEqual([null, null]);
  });

  test("a hundred of the longest notes come back in one statement", async () => {
    const text = "ž".repeat(256 * 1024);
    const { id } = await newNote(browser, { text });
    const copies = await service.statement(`insert into note
        (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
      select n.user_id, gen_random_uuid(), 'Copy ' || i, n.text, 1, 'create', '', now(), now(), now()
      from note n, generate_series(1, 99) i where n.id = '${id}' returning id`);
    const at = await now();
    const ids = [id, ...copies.map((copy) => String(copy.id))];
    await browser.post("/api/notes/delete", { ids });

    const { body, line } = await browser.post("/api/history/restore", { at, ids });

    expect([body.notes.length, line.dataApiCalls]).toEqual([100, 1]);
  });

  test.each([
    ["", "at", "at is required"],
    ["at=yesterday", "at", "at must be a time in UTC like 2026-11-24T09:00:00.000Z"],
    ["at=2026-11-24", "at", "at must be a time in UTC like 2026-11-24T09:00:00.000Z"],
    ["at=2999-01-01T00:00:00.000Z", "at", "at must not be in the future"],
  ])("%j is refused by its name", async (query, name, message) => {
    const { status, body } = await browser.get(`/api/history?${query}`);
    expect([status, body.fields]).toEqual([422, { [name]: [message] }]);
  });

  test("before the account was made is refused, and says from when it may be", async () => {
    const { status, body } = await browser.get("/api/history?at=2001-01-01T00:00:00.000Z");
    const [user] = await service.statement(`select created_at from account where email = '${browser.email}'`);
    const made = new Date(String(user?.created_at)).toISOString();
    expect([status, body.fields]).toEqual([
      422,
      { at: [`at must not be before ${made}, when the account was made`] },
    ]);
  });

  test("a pad of another user is not found", async () => {
    const theirs = await newPad(await newUser(service));
    expect((await browser.get(`/api/history?at=${await now()}&pad=${theirs.id}`)).status).toBe(404);
  });
});
