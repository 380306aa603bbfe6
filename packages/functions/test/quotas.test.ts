// How much text an account may have, and write in an hour: through the API, on the real database engine.
import { randomUUID } from "node:crypto";
import { ENV } from "@notejam/core/config";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Browser, newNote, newUser, type Service, startService } from "./service.ts";

const MEGABYTE = 1024 * 1024;
const HALF = "x".repeat(TEXT_MAX_BYTES);

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());
beforeEach(async () => {
  browser = await newUser(service);
});

const forget = (name: string) => {
  delete process.env[name];
};

describe("an account that has written a megabyte, where that is the budget of an hour", () => {
  let full: { id: string; version: number };
  beforeAll(() => {
    process.env[ENV.textMegabytesPerHour] = "1";
  });
  afterAll(() => forget(ENV.textMegabytesPerHour));
  beforeEach(async () => {
    full = await newNote(browser, { name: "Full", text: HALF });
    const saved = await browser.patch(`/api/notes/${full.id}`, { name: "Fuller" }, { version: 1 });
    full = saved.body.note;
  });

  test("is told to wait until the next hour, by each request that would write more", async () => {
    const refused = [
      await browser.post("/api/notes", { name: "One more", text: "x" }),
      await browser.patch(`/api/notes/${full.id}`, { text: `${HALF.slice(1)}y` }, full),
      await browser.patch(`/api/notes/${full.id}`, { name: "Fullest" }, full),
      await browser.post(`/api/notes/${full.id}/revisions/1/restore`),
      await browser.post("/api/history/restore", { at: new Date().toISOString(), ids: [full.id] }),
    ];
    const later = 3600 - (Math.floor(Date.now() / 1000) % 3600);

    // The last one changes nothing.
    expect(refused.map(({ status }) => status)).toEqual([429, 429, 429, 429, 200]);
    for (const { body, headers } of refused.slice(0, 4)) {
      expect(body).toMatchObject({
        code: "rate_limited",
        detail:
          "An account can write at most 1 MB of text in an hour, with its earlier states. Try again in the next hour.",
        codes: { text: ["limit_reached"] },
      });
      expect(Math.abs(Number(headers["retry-after"]) - later) % 3600).toBeLessThanOrEqual(60);
    }
    expect((await browser.get(`/api/notes/${full.id}`)).body.note).toMatchObject({ ...full, text: HALF });
    expect((await browser.get(`/api/notes/${full.id}/revisions`)).body.total).toBe(2);
  });

  test("moves none of several notes, and restores none", async () => {
    const { notes } = (await browser.get("/api/notes")).body;
    const { body } = await browser.post("/api/pads", { name: "Elsewhere" });
    const moved = await browser.post("/api/notes/move", {
      notes: notes.map(({ id }) => ({ id, padId: body.pad.id })),
    });
    await browser.delete(`/api/notes/${full.id}`);
    const restored = await browser.post(`/api/trash/notes/${full.id}/restore`, {});

    expect([moved.status, restored.status]).toEqual([429, 429]);
    expect((await browser.get("/api/trash")).body.notes).toMatchObject([{ id: full.id }]);
  });

  test("reads, finds, marks and deletes what it has, and writes again in the next hour", async () => {
    const answers = [
      await browser.get(`/api/notes/${full.id}`),
      await browser.get("/api/notes?q=full"),
      await browser.put(`/api/notes/${full.id}/marks`, { pinned: true }),
      await browser.patch(`/api/notes/${full.id}`, { name: "Fuller" }, full),
      await browser.post("/api/pads", { name: "A pad" }),
      await browser.delete(`/api/notes/${full.id}`),
    ];
    await service.statement("update written set hour = hour - interval '1 hour'");
    const later = await browser.post(`/api/trash/notes/${full.id}/restore`, {});

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 201, 204]);
    expect(later.status).toBe(200);
  });

  test("gets the note that it has created if it sends the creation again", async () => {
    const sent = { id: randomUUID(), name: "Last", text: "x" };
    await service.statement("update written set bytes = 0");
    await browser.post("/api/notes", sent);
    await service.statement(`update written set bytes = ${MEGABYTE}`);

    expect((await browser.post("/api/notes", sent)).status).toBe(200);
  });

  test("leaves other accounts alone", async () => {
    const other = await newUser(service);

    expect((await other.post("/api/notes", { name: "Mine", text: HALF })).status).toBe(201);
  });
});

test("what a note's states have is counted, each once, whatever makes them, and a deletion is not what was written in the hour", async () => {
  const counted = async () => {
    const [row] = await service.statement(`select sum(total)::int total, sum(bytes)::int bytes from written
      where user_id = (select id from account where email = '${browser.email}')`);
    return row;
  };
  const sent = { id: randomUUID(), name: "Counted", text: "é".repeat(50) };
  await browser.post("/api/notes", sent);
  await browser.post("/api/notes", sent);
  await browser.patch(`/api/notes/${sent.id}`, { text: "x".repeat(10) }, { version: 1 });
  await browser.patch(`/api/notes/${sent.id}`, { text: "x".repeat(10) }, { version: 1 });
  await browser.patch(`/api/notes/${sent.id}`, { text: "x".repeat(10) }, { version: 2 });
  await browser.patch(`/api/notes/${sent.id}`, { text: "lost" }, { version: 1 });
  await browser.put(`/api/notes/${sent.id}/marks`, { pinned: true });
  await browser.post(`/api/notes/${sent.id}/revisions/1/restore`);
  await browser.delete(`/api/notes/${sent.id}`);
  await browser.delete(`/api/notes/${sent.id}`);

  expect(await counted()).toEqual({ total: 100 + 10 + 100 + 100, bytes: 100 + 10 + 100 });
});

describe("an account that may have a megabyte of text", () => {
  beforeAll(() => {
    process.env[ENV.textMegabytesPerAccount] = "1";
  });
  afterAll(() => forget(ENV.textMegabytesPerAccount));

  test("is refused more as soon as it has written it, before any job has measured it", async () => {
    const { id } = await newNote(browser, { text: HALF });
    for (let version = 1; version <= 2; version++)
      await browser.patch(`/api/notes/${id}`, { text: `${HALF.slice(1)}${version}` }, { version });

    const created = await browser.post("/api/notes", { name: "More", text: "x" });
    const shorter = await browser.patch(`/api/notes/${id}`, { text: "short" }, { version: 3 });
    const longer = await browser.patch(`/api/notes/${id}`, { text: "longer" }, { version: 4 });

    expect([created.status, shorter.status, longer.status]).toEqual([409, 200, 409]);
    expect(created.body).toMatchObject({ code: "quota_exceeded", codes: { text: ["limit_reached"] } });
  });
});
