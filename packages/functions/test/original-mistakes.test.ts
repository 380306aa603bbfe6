// The mistakes in the original's twelve implementations. Each test shows that this implementation does not make one.
import { randomUUID } from "node:crypto";
import { SESSION_DAYS } from "@notejam/core/session/schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operations } from "../src/api/app.ts";
import { Browser, newNote, newPad, newUser, PASSWORD, type Service, startService } from "./service.ts";

const NEW_PASSWORD = "another good password";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

test("a change of password is saved: the new password signs in, and the old one doesn't", async () => {
  const browser = await newUser(service);

  await browser.put("/api/user/password", { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });

  expect((await browser.signIn()).status).toBe(401);
  browser.password = NEW_PASSWORD;
  expect((await browser.signIn()).status).toBe(201);
});

test("an owner or another unknown field in the body is refused", async () => {
  const browser = await newUser(service);
  const { body } = await (await newUser(service)).get("/api/session");
  const note = await newNote(browser);

  const userId = body.user.id;
  const created = await browser.post("/api/notes", { name: "Milk", text: "Buy some.", userId });
  const moved = await browser.patch(`/api/notes/${note.id}`, { id: randomUUID(), userId }, { version: 1 });
  const signedUp = await new Browser(service).post("/api/users", {
    email: "a@example.com",
    password: PASSWORD,
    id: userId,
  });

  expect(created.body.fields).toEqual({ userId: ["Unknown field"] });
  expect(moved.body.fields).toEqual({ id: ["Unknown field"], userId: ["Unknown field"] });
  expect(signedUp.body.fields).toEqual({ id: ["Unknown field"] });
});

test("a session lasts its 30 days, in the browser and on the server", async () => {
  const browser = await newUser(service);

  const { cookies } = await browser.signIn();

  const { body } = await browser.get("/api/sessions");
  const session = body.sessions.find(({ current }) => current);
  const days = (Date.parse(session?.expiresAt ?? "") - Date.parse(session?.createdAt ?? "")) / 86_400_000;
  expect(days).toBe(SESSION_DAYS);
  expect(cookies[0]).toContain(`Max-Age=${SESSION_DAYS * 86_400};`);
});

test("settings are closed to anonymous users", async () => {
  const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

  const { status } = await new Browser(service).put("/api/user/password", passwords);

  expect(status).toBe(401);
});

test("another user's note can't be read, edited, deleted or restored by its id", async () => {
  const owner = await newUser(service);
  const note = await newNote(owner);
  const other = await newUser(service);

  const answers = [
    await other.patch(`/api/notes/${note.id}`, { text: "Mine!" }, { version: 1 }),
    await other.delete(`/api/notes/${note.id}`),
    await other.get(`/api/notes/${note.id}/revisions`),
    await other.get(`/api/notes/${note.id}/revisions/1`),
    await other.post(`/api/notes/${note.id}/revisions/1/restore`),
    await other.post(`/api/trash/notes/${note.id}/restore`),
  ];

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  expect((await owner.get(`/api/notes/${note.id}`)).body.note).toEqual(note);
});

test("a note can't be moved or restored into another user's pad", async () => {
  const pad = await newPad(await newUser(service));
  const browser = await newUser(service);
  const note = await newNote(browser);

  const saved = await browser.patch(`/api/notes/${note.id}`, { padId: pad.id }, { version: 1 });
  await browser.delete(`/api/notes/${note.id}`);
  const restored = await browser.post(`/api/trash/notes/${note.id}/restore`, { padId: pad.id });

  expect([saved.status, restored.status]).toEqual([422, 422]);
});

test("a password does not change if the current one is wrong", async () => {
  const browser = await newUser(service);

  await browser.put("/api/user/password", { currentPassword: "wrong", newPassword: NEW_PASSWORD });

  expect((await browser.signIn()).status).toBe(201);
  browser.password = NEW_PASSWORD;
  expect((await browser.signIn()).status).toBe(401);
});

test("the token of a reset is random, and the mail has no password", async () => {
  const browser = await newUser(service);
  for (let i = 0; i < 2; i++) await browser.post("/api/password-resets", { email: browser.email });
  await service.mailsSent();

  const mails = service.mails.filter(({ to }) => to === browser.email);
  const tokens = mails.map(({ text }) => /#([\w-]{43})/.exec(text)?.[1] ?? "");
  expect(new Set(tokens).size).toBe(2);
  // 256 random bits: of two tokens for one email on one day, about half the bits differ.
  const [a = [], b = []] = tokens.map((token) => [...Buffer.from(token, "base64url")]);
  const differing = a.reduce(
    (sum, byte, i) => sum + (byte ^ (b[i] ?? 0)).toString(2).replaceAll("0", "").length,
    0,
  );
  expect(a).toHaveLength(32);
  expect(differing).toBeGreaterThan(64);
  expect(mails.every(({ text, html }) => !text.includes(PASSWORD) && !html.includes(PASSWORD))).toBe(true);
});

test("a GET changes and deletes nothing", async () => {
  const browser = await newUser(service);
  const pad = await newPad(browser);
  const note = await newNote(browser, { padId: pad.id });

  for (const { method, path } of operations()) {
    if (method !== "GET")
      await browser.get(
        path.replace(":id", path.includes("pads") ? pad.id : note.id).replace(":version", "1"),
      );
  }

  expect((await browser.get(`/api/notes/${note.id}`)).body.note).toEqual(note);
  expect((await browser.get(`/api/pads/${pad.id}`)).body.pad).toEqual({ ...pad, noteCount: 1 });
  expect((await browser.get("/api/session")).status).toBe(200);
});

test("signing in and asking for a reset don't show which emails have accounts", async () => {
  const known = await newUser(service);
  const browser = new Browser(service);

  const answers = [];
  for (const email of [known.email, browser.email]) {
    for (const answer of [
      await browser.post("/api/session", { email, password: NEW_PASSWORD }),
      await browser.post("/api/password-resets", { email }),
    ]) {
      const { requestId: _, ...rest } = answer.body ?? {};
      answers.push({ status: answer.status, rest, cookies: answer.cookies, calls: answer.line.dataApiCalls });
    }
  }

  expect(answers.slice(0, 2)).toEqual(answers.slice(2));
});

test("deleting a note deletes only that note", async () => {
  const browser = await newUser(service);
  const pad = await newPad(browser);
  const note = await newNote(browser, { padId: pad.id });

  await browser.delete(`/api/notes/${note.id}`);
  const asPad = await browser.delete(`/api/pads/${note.id}`);

  expect(asPad.status).toBe(404);
  const { body } = await browser.get("/api/trash");
  expect(body.notes.map(({ id }) => id)).toEqual([note.id]);
  expect(body.pads).toEqual([]);
  expect((await browser.get("/api/pads")).body.pads).toEqual([pad]);
});
