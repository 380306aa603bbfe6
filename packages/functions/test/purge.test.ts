// Deleting for ever: every state and every text is gone, what stays is that it was, and nothing brings it back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Browser, newNote, newPad, newUser, type Service, startService } from "./service.ts";

let service: Service;
let browser: Browser;
let password: string;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  browser = await newUser(service);
  password = browser.password;
});
afterEach(() => service.dataApi.faults.clear());
afterAll(() => service?.close());

/** How many rows of these tables hold the word, in any column. */
async function found(word: string): Promise<number> {
  let count = 0;
  for (const table of ["note", "revision", "pad", "pad_revision", "purged"]) {
    const rows = await service.statement(`select 1 from ${table} t where t::text like '%${word}%'`);
    count += rows.length;
  }
  return count;
}

/** The database does the next deletion for ever, and its answer is lost. */
function loseAnswer(): void {
  service.dataApi.faults.plan({ kind: "drop", when: "after", matching: /insert into purged/ });
}

/** CloudWatch takes no longer line. */
const LINE_BYTES_MAX = 256 * 1024;

async function counters(): Promise<unknown> {
  const [row] = await service.statement(`select notes, pads from account where email = '${browser.email}'`);
  return row;
}

describe("a note", () => {
  test("in the trash is deleted for ever, with all its states, and the log says so", async () => {
    const { id } = await newNote(browser, { name: "Wifi", text: "zebra-one" });
    await browser.patch(`/api/notes/${id}`, { text: "zebra-two" }, { version: 1 });
    await browser.delete(`/api/notes/${id}`);
    expect(await found("zebra")).toBe(3);

    const { status, line } = await browser.delete(`/api/trash/notes/${id}`, { password });

    expect([status, line.dataApiCalls]).toEqual([204, 2]);
    expect(line.audit).toMatchObject({
      who: expect.any(String),
      things: [{ thing: `note ${id}`, purged: true }],
    });
    expect(await found("zebra")).toBe(0);
    expect(await service.statement(`select kind from purged where id = '${id}'`)).toEqual([{ kind: "note" }]);
    expect(await counters()).toEqual({ notes: 0, pads: 0 });
    expect((await browser.get("/api/trash")).body).toMatchObject({ notes: [], total: 0 });
  });

  test("that went with its pad is deleted for ever, and the pad comes back without it", async () => {
    const pad = await newPad(browser);
    const { id } = await newNote(browser, { padId: pad.id });
    const kept = await newNote(browser, { padId: pad.id });
    await browser.delete(`/api/pads/${pad.id}`);

    expect((await browser.delete(`/api/trash/notes/${id}`, { password })).status).toBe(204);

    await browser.post(`/api/trash/pads/${pad.id}/restore`);
    const { body } = await browser.get(`/api/notes?pad=${pad.id}`);
    expect(body.notes.map(({ id }) => id)).toEqual([kept.id]);
  });

  test("that is live is not found, and stays", async () => {
    const { id } = await newNote(browser);
    expect((await browser.delete(`/api/trash/notes/${id}`, { password })).status).toBe(404);
    expect((await browser.get(`/api/notes/${id}`)).status).toBe(200);
  });

  test("needs the password: a wrong one deletes nothing, and too many are refused", async () => {
    const { id } = await newNote(browser);
    await browser.delete(`/api/notes/${id}`);

    const wrong = await browser.delete(`/api/trash/notes/${id}`, { password: "wrong" });
    const none = await browser.delete(`/api/trash/notes/${id}`, {});
    expect([wrong.status, wrong.body.code, wrong.body.fields]).toEqual([
      401,
      "wrong_credentials",
      { password: ["Password is not correct"] },
    ]);
    expect([none.status, Object.keys(none.body.fields ?? {})]).toEqual([422, ["password"]]);
    for (let i = 0; i < 9; i++) await browser.delete(`/api/trash/notes/${id}`, { password: "wrong" });
    const limited = await browser.delete(`/api/trash/notes/${id}`, { password });
    expect([limited.status, Number(limited.headers["retry-after"]) > 0]).toEqual([429, true]);
    expect((await browser.get("/api/trash")).body.notes).toHaveLength(1);
  });

  test("is deleted for ever twice with one answer, and the attempts are taken back", async () => {
    const { id } = await newNote(browser);
    await browser.delete(`/api/notes/${id}`);
    for (let i = 0; i < 15; i++) {
      expect((await browser.delete(`/api/trash/notes/${id}`, { password })).status).toBe(204);
    }
    expect(await counters()).toEqual({ notes: 0, pads: 0 });
  });

  test("is in the log if the first answer is lost, whether the SDK or the client repeats it", async () => {
    const { id } = await newNote(browser);
    await browser.delete(`/api/notes/${id}`);

    loseAnswer();
    const first = await browser.delete(`/api/trash/notes/${id}`, { password });
    const again = await browser.delete(`/api/trash/notes/${id}`, { password });

    for (const { status, line } of [first, again]) {
      expect(status).toBe(204);
      expect(line.audit?.things).toEqual([{ thing: `note ${id}`, purged: true }]);
    }
  });

  test("can't come back: restoring, saving and creating it again are refused, and say why", async () => {
    const { id } = await newNote(browser);
    await browser.delete(`/api/notes/${id}`);
    await browser.delete(`/api/trash/notes/${id}`, { password });

    const restored = await browser.post(`/api/trash/notes/${id}/restore`, {});
    const saved = await browser.patch(`/api/notes/${id}`, { text: "again" }, { version: 2 });
    const created = await browser.post("/api/notes", { id, name: "Again", text: "again" });

    expect([restored.status, restored.body.detail]).toEqual([404, "This note was deleted for ever."]);
    expect([saved.status, saved.body.detail]).toEqual([404, "This note was deleted for ever."]);
    expect([created.status, created.body.code, created.body.detail]).toEqual([
      409,
      "conflict",
      "This id belongs to a note that was deleted for ever.",
    ]);
    expect(await counters()).toEqual({ notes: 0, pads: 0 });
  });

  test("of another user is not found", async () => {
    const { id } = await newNote(browser);
    await browser.delete(`/api/notes/${id}`);
    const other = await newUser(service);
    expect((await other.delete(`/api/trash/notes/${id}`, { password: other.password })).status).toBe(404);
    expect((await browser.get("/api/trash")).body.notes).toHaveLength(1);
  });
});

describe("a pad", () => {
  test("in the trash is deleted for ever with the notes that went with it; those deleted before stay in the trash", async () => {
    const pad = await newPad(browser, "zebra pad");
    await newNote(browser, { text: "zebra went along", padId: pad.id });
    const before = await newNote(browser, { text: "deleted before", padId: pad.id });
    await browser.delete(`/api/notes/${before.id}`);
    await browser.patch(`/api/pads/${pad.id}`, { name: "zebra" }, { version: 1 });
    await browser.delete(`/api/pads/${pad.id}`);

    const { status, line } = await browser.delete(`/api/trash/pads/${pad.id}`, { password });

    expect([status, line.dataApiCalls]).toEqual([204, 2]);
    const things = line.audit?.things ?? [];
    expect(things.every(({ purged }) => purged)).toBe(true);
    expect(things.map(({ thing }) => thing.split(" ")[0]).sort()).toEqual(["note", "pad"]);
    expect(await found("zebra")).toBe(0);
    expect(await counters()).toEqual({ notes: 1, pads: 0 });
    const trash = await browser.get("/api/trash");
    expect(trash.body).toMatchObject({ notes: [{ id: before.id }], pads: [], total: 1 });
    expect((await browser.get("/api/places")).body.trash).toBe(1);
    expect((await browser.delete(`/api/trash/pads/${pad.id}`, { password })).status).toBe(204);

    const restored = await browser.post(`/api/trash/pads/${pad.id}/restore`);
    expect([restored.status, restored.body.detail]).toEqual([404, "This pad was deleted for ever."]);
    expect((await browser.post(`/api/trash/notes/${before.id}/restore`, {})).status).toBe(409);
    expect((await browser.post(`/api/trash/notes/${before.id}/restore`, { padId: null })).status).toBe(200);
    const verified = await browser.get("/api/history/verify");
    expect(verified.body.differs).toBeNull();
  });

  test("is in the log with its notes if the first answer is lost, and again if it is asked for again", async () => {
    const pad = await newPad(browser);
    const notes = [await newNote(browser, { padId: pad.id }), await newNote(browser, { padId: pad.id })];
    await browser.delete(`/api/pads/${pad.id}`);

    loseAnswer();
    const first = await browser.delete(`/api/trash/pads/${pad.id}`, { password });
    const again = await browser.delete(`/api/trash/pads/${pad.id}`, { password });
    const wrong = await browser.delete(`/api/trash/pads/${pad.id}`, { password: "wrong" });

    const all = [...notes.map(({ id }) => `note ${id}`), `pad ${pad.id}`].sort();
    for (const { status, line } of [first, again]) {
      expect(status).toBe(204);
      expect(line.audit?.things?.map(({ thing, purged }) => purged && thing).sort()).toEqual(all);
    }
    expect(wrong.line.audit?.things).toBeUndefined();
  });

  /** A pad in the trash, with so many notes. */
  async function trashedPad(notes: number) {
    const pad = await newPad(browser);
    const [user] = await service.statement(`select id from account where email = '${browser.email}'`);
    await service.statement(
      `insert into note (user_id, id, pad_id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
        select '${user?.id}', gen_random_uuid(), '${pad.id}', 'Note', 'text', 1, 'create', '', now(), now(), now()
        from generate_series(1, ${notes})`,
    );
    await service.statement(`update account set notes = ${notes} where id = '${user?.id}'`);
    await browser.delete(`/api/pads/${pad.id}`);
    return pad;
  }

  test("of over 1,000 notes is deleted in several requests, each of which says how many are left", async () => {
    const pad = await trashedPad(2050);
    const purge = () => browser.delete(`/api/trash/pads/${pad.id}`, { password });

    const answers = [await purge(), await purge(), await purge()];

    expect(answers.map(({ status, body }) => [status, body?.remaining])).toEqual([
      [202, 1050],
      [202, 50],
      [204, undefined],
    ]);
    expect(await counters()).toEqual({ notes: 0, pads: 0 });
  });

  test("of over 1,000 notes is in the log wholly if each first answer is lost, in lines that CloudWatch takes", async () => {
    const pad = await trashedPad(2050);
    const lines = [];
    for (let status = 202; status === 202; ) {
      loseAnswer();
      const answer = await browser.delete(`/api/trash/pads/${pad.id}`, { password });
      status = answer.status;
      lines.push(answer.line);
    }

    const logged = new Set(lines.flatMap(({ audit }) => audit?.things?.map(({ thing }) => thing) ?? []));
    const kept = await service.statement(
      `select kind || ' ' || id thing from purged where pad_id = '${pad.id}' or id = '${pad.id}'`,
    );
    expect([...logged].sort()).toEqual(kept.map(({ thing }) => thing).sort());
    expect(logged.size).toBe(2051);
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(LINE_BYTES_MAX);
  });
});

test("the trash is searched in names and texts", async () => {
  const pad = await newPad(browser, "Garden");
  await newNote(browser, { name: "Beds", text: "tulips", padId: pad.id });
  await browser.delete(`/api/pads/${pad.id}`);
  for (const [name, text] of [
    ["Letter", "about TULIPS"],
    ["Tulip", "a flower"],
    ["Menu", "beans"],
  ]) {
    const { id } = await newNote(browser, { name: name ?? "", text: text ?? "" });
    await browser.delete(`/api/notes/${id}`);
  }
  const search = async (query: string) => {
    const { body } = await browser.get(`/api/trash?${query}`);
    return [...body.notes, ...body.pads].map(({ name }) => name).concat(String(body.total));
  };

  expect(await search("q=tulip")).toEqual(["Tulip", "Letter", "2"]);
  expect(await search("q=gard")).toEqual(["Garden", "1"]);
  expect(await search(`q=tul&pad=${pad.id}`)).toEqual(["Beds", "1"]);
  expect(await search("q=%25")).toEqual(["0"]);
});
