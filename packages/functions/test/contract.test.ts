// The contract's rules for pads, notes, revisions, the trash and sessions, beyond the original's test list.
import { randomUUID } from "node:crypto";
import { EXCERPT_CHARACTERS, QUERY_MAX } from "@notejam/core/note/limits";
import { PADS_MAX } from "@notejam/core/pad/limits";
import { NO_SUCH_PAD } from "@notejam/core/pad/schema";
import { TRASH_DAYS } from "@notejam/core/trash/schema";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { USER_AGENT_MAX } from "../src/api/http/device.ts";
import { Browser, newNote, newPad, newUser, type Service, startService } from "./service.ts";

const DAY_MS = 86_400_000;

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  browser = await newUser(service);
});
afterAll(() => service?.close());

describe("a list of notes", () => {
  test.each([
    ["order=up", "order"],
    ["order=", "order"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=1.5", "limit"],
    ["limit=", "limit"],
    ["pad=mine", "pad"],
    ["pad=", "pad"],
    ["cursor=", "cursor"],
    ["cursor=%22", "cursor"],
    ["cursor=abcdef", "cursor"],
    [`q=${"x".repeat(QUERY_MAX + 1)}`, "q"],
    ["q=a%00b", "q"],
    ["q=%ed%a0%80", "q"],
  ])("refuses %s by its name", async (query, name) => {
    const { status, body } = await browser.get(`/api/notes?${query}`);

    expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [name]]);
  });

  test("accepts a cursor only in the order that it was made for", async () => {
    for (const name of ["a", "b"]) await newNote(browser, { name });
    const { body: page } = await browser.get("/api/notes?order=name&limit=1");

    const { status, body } = await browser.get(`/api/notes?order=-name&cursor=${page.nextCursor}`);

    expect([status, Object.keys(body.fields ?? {})]).toEqual([422, ["cursor"]]);
  });

  test("finds parts of names and texts in any case, and takes signs literally", async () => {
    const found = await newNote(browser, { name: "100% MILK_shake", text: "cold" });
    const other = await newNote(browser, { name: "Bread", text: "Straße \\ Äpfel" });

    const ids = async (q: string) =>
      (await browser.get(`/api/notes?q=${encodeURIComponent(q)}`)).body.notes.map(({ id }) => id);

    expect(await ids("milk")).toEqual([found.id]);
    expect(await ids("COLD")).toEqual([found.id]);
    expect(await ids("äpfel")).toEqual([other.id]);
    for (const sign of ["%", "_"]) expect(await ids(sign)).toEqual([found.id]);
    expect(await ids("\\")).toEqual([other.id]);
    expect(await ids("🦉")).toEqual([]);
    expect(await ids("")).toHaveLength(2);
  });

  test("can be limited to one pad or to no pad, and counts only those notes", async () => {
    const pad = await newPad(browser);
    const inside = await newNote(browser, { padId: pad.id });
    const outside = await newNote(browser);

    const inPad = await browser.get(`/api/notes?pad=${pad.id.toUpperCase()}`);
    const inNone = await browser.get("/api/notes?pad=none");

    expect(inPad.body).toMatchObject({ total: 1, notes: [{ id: inside.id }] });
    expect(inNone.body).toMatchObject({ total: 1, notes: [{ id: outside.id }] });
    expect((await browser.get(`/api/notes?pad=${randomUUID()}`)).status).toBe(404);
  });

  test("shows the beginning of a text, in whole characters", async () => {
    const text = "🦉".repeat(EXCERPT_CHARACTERS + 1);
    await newNote(browser, { text });

    const { body } = await browser.get("/api/notes");

    expect(body.notes[0]?.excerpt).toBe("🦉".repeat(EXCERPT_CHARACTERS));
  });
});

describe("a creation", () => {
  test.each(["notes", "pads"])(
    "of %s with an id from the client is recognised when it is sent again",
    async (things) => {
      const sent = {
        id: randomUUID().toUpperCase(),
        name: "Milk",
        ...(things === "notes" && { text: "Buy some." }),
      };

      const first = await browser.post(`/api/${things}`, sent);
      const again = await browser.post(`/api/${things}`, sent);
      const other = await browser.post(`/api/${things}`, { ...sent, name: "Bread" });
      const elsewhere = await (await newUser(service)).post(`/api/${things}`, { ...sent, name: "Theirs" });

      expect([first.status, again.status, other.status, elsewhere.status]).toEqual([201, 200, 409, 201]);
      expect(again.body).toEqual(first.body);
      expect(other.body.code).toBe("conflict");
      expect((first.body.note ?? first.body.pad).id).toBe(sent.id.toLowerCase());
    },
  );

  test.each(["notes", "pads"])("of %s with the id of one in the trash conflicts", async (things) => {
    const sent = { id: randomUUID(), name: "Milk", ...(things === "notes" && { text: "Buy some." }) };
    await browser.post(`/api/${things}`, sent);
    await browser.delete(`/api/${things}/${sent.id}`);

    const { status, body } = await browser.post(`/api/${things}`, sent);

    expect([status, body.code]).toEqual([409, "conflict"]);
  });

  test("of a note that is sent again answers with the note as it is now", async () => {
    const sent = { id: randomUUID(), name: "Milk", text: "Buy some." };
    await browser.post("/api/notes", sent);
    const saved = await browser.patch(`/api/notes/${sent.id}`, { text: "Buy two." }, { version: 1 });

    const again = await browser.post("/api/notes", sent);

    expect([again.status, again.body]).toEqual([200, saved.body]);
  });

  test("of one note too many is refused, notes in the trash count, and a repetition is not refused", async () => {
    const last = { id: randomUUID(), name: "The last one", text: "Fits." };
    await service.statement(`update account set notes = 99999 where email = '${browser.email}'`);
    const created = await browser.post("/api/notes", last);
    const one = await browser.post("/api/notes", { name: "One too many", text: "Does not fit." });
    const again = await browser.post("/api/notes", last);
    await browser.delete(`/api/notes/${last.id}`);
    const afterDeletion = await browser.post("/api/notes", { name: "Another", text: "Does not fit either." });

    expect([created.status, one.status, again.status, afterDeletion.status]).toEqual([201, 409, 200, 409]);
    expect([one.body.code, one.body.detail]).toEqual([
      "quota_exceeded",
      "An account can have at most 100000 notes, including those in the trash.",
    ]);
    expect((await browser.get("/api/notes")).body.total).toBe(0);
  });

  test("of one pad too many is refused, and pads in the trash count", async () => {
    const pad = await newPad(browser);
    await browser.delete(`/api/pads/${pad.id}`);
    await service.statement(`update account set pads = ${PADS_MAX} where email = '${browser.email}'`);

    const { status, body } = await browser.post("/api/pads", { name: "One too many" });

    expect([status, body.code]).toEqual([409, "too_many_pads"]);
    expect((await browser.get("/api/pads")).body.pads).toEqual([]);
  });
});

describe("a save", () => {
  test("on an older version is refused, and the answer has the note as it is now", async () => {
    const note = await newNote(browser);
    const path = `/api/notes/${note.id}`;
    const { body: now } = await browser.patch(path, { text: "Mine." }, { version: 1 });

    const { status, body } = await browser.patch(path, { text: "Theirs." }, { version: 1 });

    expect([status, body.code, body.current]).toEqual([412, "version_mismatch", now.note]);
    expect((await browser.get(path)).body.note).toEqual(now.note);
  });

  test("on a version that does not exist is refused likewise", async () => {
    const note = await newNote(browser);

    const { status, body } = await browser.patch(`/api/notes/${note.id}`, { text: "Mine." }, { version: 2 });

    expect([status, body.current]).toEqual([412, note]);
  });

  test("that is sent again has the same answer, and makes no further version", async () => {
    const note = await newNote(browser);
    const path = `/api/notes/${note.id}`;

    const first = await browser.patch(path, { text: "Mine." }, { version: 1 });
    const again = await browser.patch(path, { text: "Mine." }, { version: 1 });

    expect([again.status, again.body, again.headers.etag]).toEqual([200, first.body, '"2"']);
  });

  test.each([{}, { name: "Milk" }, { text: "Buy some.", padId: null }])(
    "of equal content makes no new version: %j",
    async (same) => {
      const note = await newNote(browser);

      const { status, body } = await browser.patch(`/api/notes/${note.id}`, same, { version: 1 });

      expect([status, body.note]).toEqual([200, note]);
    },
  );

  test("moves a note into a pad and out of it, and other fields stay, also when it was changed", async () => {
    const [from, to] = [await newPad(browser, "From"), await newPad(browser, "To")];
    const note = await newNote(browser, { padId: from.id });
    const path = `/api/notes/${note.id}`;

    const moved = await browser.patch(path, { padId: to.id }, { version: 1 });
    const out = await browser.patch(path, { padId: null }, { version: 2 });

    expect(moved.body.note).toMatchObject({ name: note.name, text: note.text, padId: to.id, version: 2 });
    expect(out.body.note).toMatchObject({ padId: null, version: 3 });
    expect([moved.body.note.updatedAt, out.body.note.updatedAt]).toEqual([note.updatedAt, note.updatedAt]);
  });

  test("raises the time of the change with the name or the text, also together with a move", async () => {
    const pad = await newPad(browser);
    const note = await newNote(browser);
    const path = `/api/notes/${note.id}`;

    const renamed = await browser.patch(path, { name: "Oats" }, { version: 1 });
    const both = await browser.patch(path, { text: "Much.", padId: pad.id }, { version: 2 });
    await browser.put(`${path}/marks`, { pinned: true, archived: true });
    await browser.delete(path);
    await browser.post(`/api/trash/notes/${note.id}/restore`, { padId: null });

    const times = [note.updatedAt, renamed.body.note.updatedAt, both.body.note.updatedAt];
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual(times.toSorted());
    const { body } = await browser.get(path);
    expect(body.note).toMatchObject({ padId: null, updatedAt: both.body.note.updatedAt });
  });

  test("into a pad in the trash is refused by its field", async () => {
    const pad = await newPad(browser);
    const note = await newNote(browser);
    await browser.delete(`/api/pads/${pad.id}`);

    const { status, body } = await browser.patch(`/api/notes/${note.id}`, { padId: pad.id }, { version: 1 });

    expect([status, body.fields]).toEqual([422, { padId: [NO_SUCH_PAD] }]);
  });

  test("of a pad on an older version is refused, and the answer has the pad as it is now", async () => {
    const pad = await newPad(browser);
    const { body: now } = await browser.patch(`/api/pads/${pad.id}`, { name: "Mine" }, { version: 1 });

    const { status, body } = await browser.patch(`/api/pads/${pad.id}`, { name: "Theirs" }, { version: 1 });

    expect([status, body.current]).toEqual([412, now.pad]);
  });
});

describe("a name", () => {
  test("is a given one unless the client says that it is the text's first line", async () => {
    const given = await newNote(browser);
    const derived = await newNote(browser, { named: false });
    const path = `/api/notes/${derived.id}`;

    const saved = await browser.patch(path, { name: "Bread", named: true }, { version: 1 });
    const same = await browser.patch(path, { named: true }, { version: 2 });
    const back = await browser.post(`${path}/revisions/1/restore`);

    expect([given.named, derived.named]).toEqual([true, false]);
    expect(saved.body.note).toMatchObject({ name: "Bread", named: true, version: 2 });
    expect(same.body).toEqual(saved.body);
    expect(back.body.note).toMatchObject({ name: "Milk", named: false, version: 3 });
    expect((await browser.get("/api/notes")).body.notes.map(({ named }) => named)).toEqual([false, true]);
    expect((await browser.get(`${path}/revisions`)).body.revisions.map(({ named }) => named)).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe("tags", () => {
  test("are those of the text, as it was created, saved and gone back to", async () => {
    const { id, tags } = await newNote(browser, { text: "#Work on the #garden, `#code`" });
    const path = `/api/notes/${id}`;

    const saved = await browser.patch(path, { text: "Only the #house" }, { version: 1 });
    const renamed = await browser.patch(path, { name: "#not a tag" }, { version: 2 });
    const back = await browser.post(`${path}/revisions/1/restore`);

    expect(tags).toEqual(["work", "garden"]);
    expect([saved, renamed, back].map(({ body }) => body.note.tags)).toEqual([
      ["house"],
      ["house"],
      ["work", "garden"],
    ]);
    expect((await browser.get(path)).body.note.tags).toEqual(["work", "garden"]);
  });

  test("can't be sent, and neither can links and marks", async () => {
    const { id } = await newNote(browser);
    const fields = { tags: ["a"], links: [], pinnedAt: null, archivedAt: null };

    const created = await browser.post("/api/notes", { name: "Milk", text: "Buy some.", ...fields });
    const saved = await browser.patch(`/api/notes/${id}`, fields, { version: 1 });

    for (const { status, body } of [created, saved]) {
      expect([status, Object.keys(body.fields ?? {}).sort()]).toEqual([422, Object.keys(fields).sort()]);
    }
  });
});

describe("revisions", () => {
  test("begin with the present state, say when each began, and each can be read", async () => {
    const note = await newNote(browser);
    const path = `/api/notes/${note.id}`;
    const { body: saved } = await browser.patch(path, { name: "Oat milk", text: "Äpfel" }, { version: 1 });

    const { body } = await browser.get(`${path}/revisions`);
    const first = await browser.get(`${path}/revisions/1`);
    const second = await browser.get(`${path}/revisions/2`);

    expect(body.revisions).toMatchObject([
      { version: 2, kind: "save", name: "Oat milk", bytes: 6, changedAt: saved.note.updatedAt },
      { version: 1, kind: "create", name: "Milk", bytes: 9, changedAt: note.updatedAt },
    ]);
    expect(first.body.revision).toEqual({ ...body.revisions[1], text: "Buy some." });
    expect(second.body.revision).toEqual({ ...body.revisions[0], text: "Äpfel" });
    expect((await browser.get(`${path}/revisions/3`)).status).toBe(404);
  });

  test("of a move begin when the note was moved", async () => {
    const pad = await newPad(browser);
    const note = await newNote(browser);
    await browser.patch(`/api/notes/${note.id}`, { padId: pad.id }, { version: 1 });

    const { body } = await browser.get(`/api/notes/${note.id}/revisions`);

    const [moved, created] = body.revisions.map(({ changedAt }) => changedAt);
    expect(created).toBe(note.updatedAt);
    expect(String(moved) > String(created)).toBe(true);
  });

  test("are each on one page", async () => {
    const { id } = await newNote(browser);
    for (let version = 1; version < 5; version++) {
      await browser.patch(`/api/notes/${id}`, { text: `Text ${version}` }, { version });
    }

    const { body: first } = await browser.get(`/api/notes/${id}/revisions?limit=3`);
    const { body: rest } = await browser.get(`/api/notes/${id}/revisions?limit=3&cursor=${first.nextCursor}`);

    const versions = [...first.revisions, ...rest.revisions].map(({ version }) => version);
    expect(versions).toEqual([5, 4, 3, 2, 1]);
    expect(rest.nextCursor).toBeNull();
  });

  test("are restored as a new version, and the pad stays", async () => {
    const pad = await newPad(browser);
    const note = await newNote(browser);
    const path = `/api/notes/${note.id}`;
    await browser.patch(path, { name: "Bread", text: "Rye.", padId: pad.id }, { version: 1 });

    const { status, body, headers } = await browser.post(`${path}/revisions/1/restore`);

    expect([status, headers.etag]).toEqual([200, '"3"']);
    expect(body.note).toMatchObject({ name: "Milk", text: "Buy some.", padId: pad.id, version: 3 });
    expect((await browser.get(`${path}/revisions`)).body.revisions[0]?.kind).toBe("revert");
    expect((await browser.post(`${path}/revisions/9/restore`)).status).toBe(404);
  });
});

describe("the trash", () => {
  test("has deleted pads and notes for three years, newest first, in one sequence", async () => {
    const pad = await newPad(browser);
    await newNote(browser, { padId: pad.id });
    const note = await newNote(browser);
    await browser.delete(`/api/pads/${pad.id}`);
    await browser.delete(`/api/notes/${note.id}`);

    const { body } = await browser.get("/api/trash");
    const { body: first } = await browser.get("/api/trash?limit=1");
    const { body: second } = await browser.get(`/api/trash?limit=1&cursor=${first.nextCursor}`);

    expect(body.notes).toMatchObject([{ id: note.id, excerpt: "Buy some." }]);
    expect(body.pads).toMatchObject([{ id: pad.id, noteCount: 1 }]);
    for (const { deletedAt, recoverableUntil } of [...body.notes, ...body.pads]) {
      expect((Date.parse(recoverableUntil) - Date.parse(deletedAt)) / DAY_MS).toBe(TRASH_DAYS);
    }
    expect(first).toMatchObject({ notes: [{ id: note.id }], pads: [] });
    expect(second).toMatchObject({ notes: [], pads: [{ id: pad.id }], nextCursor: null });
  });

  test("lists the notes that come back with a pad, and restores them with it", async () => {
    const pad = await newPad(browser);
    const inside = await newNote(browser, { padId: pad.id });
    const before = await newNote(browser, { padId: pad.id });
    await browser.delete(`/api/notes/${before.id}`);
    await browser.delete(`/api/pads/${pad.id}`);

    const { body: list } = await browser.get(`/api/trash?pad=${pad.id}`);
    const { status, body } = await browser.post(`/api/trash/pads/${pad.id}/restore`);
    const again = await browser.post(`/api/trash/pads/${pad.id}/restore`);

    expect(list.notes.map(({ id }) => id)).toEqual([inside.id]);
    expect([status, body.pad.noteCount]).toEqual([200, 1]);
    expect([again.status, again.body]).toEqual([200, body]);
    expect((await browser.get(`/api/notes/${inside.id}`)).status).toBe(200);
    expect((await browser.get(`/api/notes/${before.id}`)).status).toBe(404);
    expect((await browser.get(`/api/trash?pad=${pad.id}`)).status).toBe(404);
  });

  test("restores a note, and restoring it again has the same answer", async () => {
    const note = await newNote(browser);
    await browser.delete(`/api/notes/${note.id}`);

    const { status, body } = await browser.post(`/api/trash/notes/${note.id}/restore`);
    const again = await browser.post(`/api/trash/notes/${note.id}/restore`, { padId: null });

    expect([status, body.note.text]).toEqual([200, note.text]);
    expect([again.status, again.body]).toEqual([200, body]);
    expect((await browser.get("/api/trash")).body.notes).toEqual([]);
  });

  test("restores a note whose pad was deleted only if the request names another pad", async () => {
    const pad = await newPad(browser);
    const other = await newPad(browser, "Other");
    const note = await newNote(browser, { padId: pad.id });
    await browser.delete(`/api/notes/${note.id}`);
    await browser.delete(`/api/pads/${pad.id}`);
    const restore = `/api/trash/notes/${note.id}/restore`;

    const asked = await browser.post(restore, {});
    const dead = await browser.post(restore, { padId: pad.id });
    const named = await browser.post(restore, { padId: other.id });

    expect([asked.status, asked.body.code]).toEqual([409, "conflict"]);
    expect([dead.status, dead.body.fields]).toEqual([422, { padId: [NO_SUCH_PAD] }]);
    expect([named.status, named.body.note.padId]).toEqual([200, other.id]);
  });

  test("restores a note of a pad that stays in the trash", async () => {
    const pad = await newPad(browser);
    const note = await newNote(browser, { padId: pad.id });
    await browser.delete(`/api/pads/${pad.id}`);

    const { status, body } = await browser.post(`/api/trash/notes/${note.id}/restore`, { padId: null });

    expect([status, body.note.padId]).toEqual([200, null]);
    expect((await browser.get("/api/trash")).body.pads).toMatchObject([{ id: pad.id, noteCount: 0 }]);
  });

  test("does not change when something in it is deleted again", async () => {
    const pad = await newPad(browser);
    const note = await newNote(browser, { padId: pad.id });
    await browser.delete(`/api/pads/${pad.id}`);
    const { body: before } = await browser.get("/api/trash");

    const answers = [
      await browser.delete(`/api/pads/${pad.id}`),
      await browser.delete(`/api/notes/${note.id}`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect((await browser.get("/api/trash")).body).toEqual(before);
  });
});

describe("sessions", () => {
  test("are listed with the device, and can be ended", async () => {
    const elsewhere = browser.elsewhere();
    await elsewhere.signIn();

    const { body } = await browser.get("/api/sessions");
    const other = body.sessions.find(({ current }) => !current);
    const ended = await browser.delete(`/api/sessions/${other?.id}`);

    expect(body.sessions.map(({ current }) => current).sort()).toEqual([false, true]);
    expect(other?.device).toBe("Firefox on Linux");
    expect(ended.status).toBe(204);
    expect((await elsewhere.get("/api/session")).status).toBe(401);
    expect((await browser.get("/api/session")).status).toBe(200);
  });

  test("have the device that the beginning of the User-Agent names; the rest is not read", async () => {
    const beginning = "-".repeat(USER_AGENT_MAX - "Firefox/".length);
    for (const userAgent of [`${beginning}Firefox/143.0`, `${beginning}-Firefox/143.0`]) {
      const { email, password, ...elsewhere } = browser.elsewhere();
      await elsewhere.post("/api/session", { email, password }, { headers: { "User-Agent": userAgent } });
    }

    const { body } = await browser.get("/api/sessions");

    expect(body.sessions.map(({ device }) => device).sort()).toEqual([
      "Firefox",
      "Firefox on Linux",
      "Unknown device",
    ]);
  });

  test("signing out ends the session and clears the cookie, and can be repeated", async () => {
    const [[name, token] = []] = browser.cookies;

    const { status, cookies } = await browser.delete("/api/session");
    const again = await browser.delete("/api/session");

    expect([status, again.status]).toEqual([204, 204]);
    expect(cookies).toEqual([expect.stringMatching(/^__Host-notejam=; Max-Age=0; /)]);
    expect(again.line.dataApiCalls).toBe(0);
    browser.cookies.set(name ?? "", token ?? "");
    expect((await browser.get("/api/session")).status).toBe(401);
    expect((await browser.delete("/api/session")).status).toBe(204);
  });
});

describe("a database that does not answer", () => {
  test("is 503 with Retry-After if it fails three times, and the request can be sent again", async () => {
    const sent = { id: randomUUID(), name: "Milk", text: "Buy some." };
    service.dataApi.faults.plan({ kind: "status", status: 503, when: "before", times: 3 });

    const failed = await browser.post("/api/notes", sent);
    const again = await browser.post("/api/notes", sent);

    expect([failed.status, failed.body.code]).toEqual([503, "unavailable"]);
    expect(Number(failed.headers["retry-after"])).toBeGreaterThan(0);
    expect(failed.line).toMatchObject({ level: "error", error: { name: "ServiceUnavailableError" } });
    expect(again.status).toBe(201);
  });

  test("is waited for while it resumes", async () => {
    service.dataApi.faults.resuming({ calls: 2 });

    expect((await browser.get("/api/notes")).status).toBe(200);
  });
});

test("health makes no call to the database", async () => {
  const { status, body, line } = await new Browser(service).get("/api/health");

  expect([status, body, line.dataApiCalls]).toEqual([200, { status: "ok" }, 0]);
});
