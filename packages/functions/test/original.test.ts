// The test list of the original Notejam, by its names, through HTTP. Tests about a repeated password are in the browser's
// tests only: the API has no second password.
import { randomUUID } from "node:crypto";
import { ORDERS } from "@notejam/core/note/limits";
import { NO_SUCH_PAD } from "@notejam/core/pad/schema";
import { RESET_LINK_DEAD, RESET_MINUTES } from "@notejam/core/password-reset/schema";
import { WRONG_CREDENTIALS } from "@notejam/core/session/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Browser,
  newNote,
  newPad,
  newUser,
  PASSWORD,
  type Service,
  SITE_ORIGIN,
  startService,
} from "./service.ts";

const NEW_PASSWORD = "another good password";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

describe("Sign up", () => {
  test("user can successfully sign up", async () => {
    const browser = new Browser(service);

    const { status, body } = await browser.signUp();

    expect(status).toBe(201);
    expect(body.user.email).toBe(browser.email);
    expect((await browser.get("/api/session")).body).toEqual(body);
    expect((await browser.elsewhere().signIn()).status).toBe(201);
  });

  test("can't if required fields are missing", async () => {
    const { status, body } = await new Browser(service).post("/api/users", {});

    expect(status).toBe(422);
    expect(body.fields).toEqual({ email: ["Email is required"], password: ["Password is required"] });
  });

  test("can't if email is invalid", async () => {
    const { status, body } = await new Browser(service).post("/api/users", {
      email: "me",
      password: PASSWORD,
    });

    expect(status).toBe(422);
    expect(body.fields).toEqual({ email: ["Invalid email"] });
  });

  test("can't if email already exists", async () => {
    const { email } = await newUser(service);

    const again = { email: ` ${email.toUpperCase()} `, password: NEW_PASSWORD };
    const { status, body } = await new Browser(service).post("/api/users", again);

    expect(status).toBe(409);
    expect(body.code).toBe("email_taken");
    expect(body.fields).toEqual({ email: ["User with this email is already signed up"] });
  });
});

describe("Sign in", () => {
  test("user can successfully sign in", async () => {
    const browser = new Browser(service);
    await browser.signUp();

    const { status, body, cookies } = await browser.signIn();

    expect(status).toBe(201);
    expect(cookies).toEqual([
      expect.stringMatching(
        /^__Host-notejam=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
      expect.stringMatching(/^__Host-notejam-device=[\w-]{43}\.[\w-]{43}; Max-Age=31536000; /),
    ]);
    expect((await browser.get("/api/session")).body).toEqual(body);
  });

  test("can't if required fields are missing", async () => {
    const { status, body } = await new Browser(service).post("/api/session", { email: "" });

    expect(status).toBe(422);
    expect(body.fields).toEqual({ email: ["Email is required"], password: ["Password is required"] });
  });

  test("can't if credentials are wrong", async () => {
    const browser = (await newUser(service)).elsewhere();
    browser.password = NEW_PASSWORD;

    const { status, body, cookies } = await browser.signIn();

    expect(status).toBe(401);
    expect(body).toMatchObject({ code: "wrong_credentials", detail: WRONG_CREDENTIALS });
    expect(cookies).toEqual([]);
    expect((await browser.get("/api/session")).status).toBe(401);
  });
});

describe("Settings", () => {
  test("password can be changed", async () => {
    const browser = await newUser(service);
    const elsewhere = browser.elsewhere();
    await elsewhere.signIn();

    const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const { status } = await browser.put("/api/user/password", passwords);

    expect(status).toBe(204);
    expect((await browser.get("/api/session")).status).toBe(200);
    expect((await elsewhere.get("/api/session")).status).toBe(401);
    expect((await browser.elsewhere().signIn()).status).toBe(401);
    browser.password = NEW_PASSWORD;
    expect((await browser.elsewhere().signIn()).status).toBe(201);
  });

  test("can't if required fields are missing", async () => {
    const browser = await newUser(service);

    const { status, body } = await browser.put("/api/user/password", { newPassword: "" });

    expect(status).toBe(422);
    expect(body.fields).toEqual({
      currentPassword: ["Password is required"],
      newPassword: ["Password is required"],
    });
  });

  test("can't if current password is wrong", async () => {
    const browser = await newUser(service);

    const passwords = { currentPassword: `not ${PASSWORD}`, newPassword: NEW_PASSWORD };
    const { status, body } = await browser.put("/api/user/password", passwords);

    expect(status).toBe(401);
    expect(body).toMatchObject({
      code: "wrong_credentials",
      fields: { currentPassword: ["Current password is not correct"] },
    });
    expect((await browser.elsewhere().signIn()).status).toBe(201);
  });
});

/** Asks for a link, and reads its token from the mail. */
async function mailedToken(browser: Browser): Promise<string> {
  await browser.elsewhere().post("/api/password-resets", { email: browser.email });
  await service.mailsSent();
  const mail = service.mails.findLast(({ to }) => to === browser.email);
  return mail?.text.match(/#([\w-]+)/)?.[1] ?? "";
}

describe("Forgot password", () => {
  test("link is sent to a registered email", async () => {
    const browser = await newUser(service);

    const { status } = await browser.elsewhere().post("/api/password-resets", { email: browser.email });
    await service.mailsSent();

    expect(status).toBe(202);
    const mails = service.mails.filter(({ to }) => to === browser.email);
    expect(mails).toHaveLength(1);
    const link = new RegExp(`${SITE_ORIGIN}/reset-password#[\\w-]{43}`);
    expect(mails[0]).toMatchObject({ text: expect.stringMatching(link), html: expect.stringMatching(link) });
    expect(mails[0]?.text).toContain(`${RESET_MINUTES} minutes`);
  });

  test("same answer for an unregistered email", async () => {
    const known = await newUser(service);
    const unknown = new Browser(service);

    const answers = [];
    for (const browser of [known, unknown]) {
      const { status, text, headers, line } = await unknown.post("/api/password-resets", {
        email: browser.email,
      });
      answers.push({ status, text, headers: Object.keys(headers), calls: line.dataApiCalls });
    }
    await service.mailsSent();

    expect(answers[0]).toEqual(answers[1]);
    expect(service.mails.some(({ to }) => to === unknown.email)).toBe(false);
  });

  test("can't if email is invalid", async () => {
    const { status, body } = await new Browser(service).post("/api/password-resets", { email: "me@" });

    expect(status).toBe(422);
    expect(body.fields).toEqual({ email: ["Invalid email"] });
  });

  test("link works once", async () => {
    const browser = await newUser(service);
    const token = await mailedToken(browser);
    const visitor = new Browser(service);

    const first = await visitor.put("/api/password-resets", { token, password: NEW_PASSWORD });
    const second = await visitor.put("/api/password-resets", { token, password: `${NEW_PASSWORD} 2` });

    expect(first.status).toBe(204);
    expect(second.status).toBe(422);
    expect(second.body.fields).toEqual({ token: [RESET_LINK_DEAD] });
    expect((await browser.get("/api/session")).status).toBe(401);
    browser.password = NEW_PASSWORD;
    expect((await browser.signIn()).status).toBe(201);
  });

  test("link expires", async () => {
    const browser = await newUser(service);
    const token = await mailedToken(browser);
    await service.statement(
      `update password_reset set expires_at = expires_at - interval '${RESET_MINUTES} minutes'`,
    );

    const { status, body } = await new Browser(service).put("/api/password-resets", {
      token,
      password: NEW_PASSWORD,
    });

    expect(status).toBe(422);
    expect(body.fields).toEqual({ token: [RESET_LINK_DEAD] });
    expect((await browser.elsewhere().signIn()).status).toBe(201);
  });
});

describe("Notes", () => {
  test("note can be successfully created", async () => {
    const browser = await newUser(service);
    const pad = await newPad(browser);

    const { status, body, headers } = await browser.post("/api/notes", {
      name: " Milk ",
      text: " Buy some.\n",
      padId: pad.id,
    });

    expect(status).toBe(201);
    expect(body.note).toMatchObject({ name: "Milk", text: " Buy some.\n", padId: pad.id, version: 1 });
    expect(headers.etag).toBe('"1"');
    expect((await browser.get(`/api/notes/${body.note.id}`)).body.note).toEqual(body.note);
  });

  test("can't be created by anonymous user", async () => {
    const { status, body } = await new Browser(service).post("/api/notes", {
      name: "Milk",
      text: "Buy some.",
    });

    expect(status).toBe(401);
    expect(body.code).toBe("unauthenticated");
  });

  test("can't be created if required fields are missing", async () => {
    const browser = await newUser(service);

    const { status, body } = await browser.post("/api/notes", { name: "  " });

    expect(status).toBe(422);
    expect(body.fields).toEqual({ name: ["Name is required"], text: ["Text is required"] });
  });

  test("can be edited by its owner", async () => {
    const browser = await newUser(service);
    const note = await newNote(browser);

    const changes = { name: "Oat milk", text: "Buy two." };
    const { status, body, headers } = await browser.patch(`/api/notes/${note.id}`, changes, { version: 1 });

    expect(status).toBe(200);
    expect(body.note).toMatchObject({ ...changes, version: 2 });
    expect(headers.etag).toBe('"2"');
    expect((await browser.get(`/api/notes/${note.id}`)).body.note).toEqual(body.note);
  });

  test("can't be edited if required fields are missing", async () => {
    const browser = await newUser(service);
    const note = await newNote(browser);

    const { status, body } = await browser.patch(
      `/api/notes/${note.id}`,
      { name: "", text: "" },
      { version: 1 },
    );

    expect(status).toBe(422);
    expect(body.fields).toEqual({ name: ["Name is required"] });
    expect(body.codes).toEqual({ name: ["required"] });
  });

  test("can be cleared, though a new note needs a text", async () => {
    const browser = await newUser(service);
    const note = await newNote(browser);

    const cleared = await browser.patch(`/api/notes/${note.id}`, { text: "" }, { version: 1 });
    const created = await browser.post("/api/notes", { name: "Empty", text: "" });

    expect([cleared.status, cleared.body.note.text, cleared.body.note.version]).toEqual([200, "", 2]);
    expect((await browser.get(`/api/notes/${note.id}`)).body.note.text).toBe("");
    expect([created.status, created.body.codes]).toEqual([422, { text: ["required"] }]);
  });

  test("can't be edited by not an owner", async () => {
    const owner = await newUser(service);
    const note = await newNote(owner);
    const other = await newUser(service);

    const { status } = await other.patch(`/api/notes/${note.id}`, { text: "Mine!" }, { version: 1 });

    expect(status).toBe(404);
    expect((await owner.get(`/api/notes/${note.id}`)).body.note).toEqual(note);
  });

  test("can't be added into another's user pad, on create and on edit", async () => {
    const { id: padId } = await newPad(await newUser(service));
    const browser = await newUser(service);
    const note = await newNote(browser);

    const created = await browser.post("/api/notes", { name: "Milk", text: "Buy some.", padId });
    const edited = await browser.patch(`/api/notes/${note.id}`, { padId }, { version: 1 });

    for (const { status, body } of [created, edited]) {
      expect(status).toBe(422);
      expect(body.fields).toEqual({ padId: [NO_SUCH_PAD] });
    }
    expect((await browser.get("/api/notes")).body.notes).toHaveLength(1);
    expect((await browser.get(`/api/notes/${note.id}`)).body.note).toEqual(note);
  });

  test("can be viewed by its owner", async () => {
    const browser = await newUser(service);
    const note = await newNote(browser);

    const { status, body, headers } = await browser.get(`/api/notes/${note.id.toUpperCase()}`);

    expect(status).toBe(200);
    expect(body.note).toEqual(note);
    expect(headers.etag).toBe('"1"');
  });

  test("can't be viewed by not an owner", async () => {
    const note = await newNote(await newUser(service));
    const other = await newUser(service);

    const { status, body } = await other.get(`/api/notes/${note.id}`);

    expect(status).toBe(404);
    const nowhere = await other.get(`/api/notes/${randomUUID()}`);
    expect({ ...body, requestId: "" }).toEqual({ ...nowhere.body, requestId: "" });
  });

  test("can be deleted by its owner", async () => {
    const browser = await newUser(service);
    const note = await newNote(browser);

    const { status } = await browser.delete(`/api/notes/${note.id}`);

    expect(status).toBe(204);
    expect((await browser.get(`/api/notes/${note.id}`)).status).toBe(404);
    expect((await browser.get("/api/notes")).body).toEqual({ notes: [], total: 0, nextCursor: null });
    expect((await browser.get("/api/trash")).body.notes).toMatchObject([{ id: note.id }]);
  });

  test("can't be deleted by not an owner", async () => {
    const owner = await newUser(service);
    const note = await newNote(owner);

    const { status } = await (await newUser(service)).delete(`/api/notes/${note.id}`);

    expect(status).toBe(404);
    expect((await owner.get(`/api/notes/${note.id}`)).status).toBe(200);
  });

  test("list shows own notes only", async () => {
    await newNote(await newUser(service), { name: "Another's" });
    const browser = await newUser(service);
    const { text, tags: _, ...rest } = await newNote(browser);

    const { body } = await browser.get("/api/notes");

    expect(body).toEqual({ notes: [{ ...rest, excerpt: text }], total: 1, nextCursor: null });
  });

  test("list sorts four ways", async () => {
    const browser = await newUser(service);
    const [second, first, third] = [
      await newNote(browser, { name: "beta" }),
      await newNote(browser, { name: "Alpha" }),
      await newNote(browser, { name: "gamma" }),
    ];
    await browser.patch(`/api/notes/${second.id}`, { text: "Changed last." }, { version: 1 });

    const ids = async (order: string) =>
      (await browser.get(`/api/notes?order=${order}`)).body.notes.map(({ id }) => id);

    const byName = [first.id, second.id, third.id];
    const byTime = [first.id, third.id, second.id];
    const expected = {
      name: byName,
      "-name": byName.toReversed(),
      updated_at: byTime,
      "-updated_at": byTime.toReversed(),
    };
    for (const order of ORDERS) expect(await ids(order), order).toEqual(expected[order]);
    const { body } = await browser.get("/api/notes");
    expect(body.notes.map(({ id }) => id)).toEqual(expected["-updated_at"]);
  });

  test("list pages through everything once", async () => {
    const browser = await newUser(service);
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await newNote(browser)).id);

    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body }: { body: { total: number | null; nextCursor: string | null; notes: { id: string }[] } } =
        await browser.get(`/api/notes?order=name&limit=3${cursor && `&cursor=${cursor}`}`);
      expect(body.total).toBe(cursor === "" ? made.length : null);
      seen.push(...body.notes.map(({ id }) => id));
      cursor = body.nextCursor;
    }

    expect(seen).toHaveLength(made.length);
    expect(seen.sort()).toEqual(made.sort());
  });
});

describe("Pads", () => {
  test("pad can be successfully created", async () => {
    const browser = await newUser(service);

    const { status, body, headers } = await browser.post("/api/pads", { name: " Shopping " });

    expect(status).toBe(201);
    expect(body.pad).toMatchObject({ name: "Shopping", noteCount: 0, version: 1 });
    expect(headers.etag).toBe('"1"');
    expect((await browser.get("/api/pads")).body).toEqual({ pads: [body.pad] });
  });

  test("can't be created if required fields are missing", async () => {
    const browser = await newUser(service);

    const { status, body } = await browser.post("/api/pads", {});

    expect(status).toBe(422);
    expect(body.fields).toEqual({ name: ["Name is required"] });
  });

  test("can be edited by its owner", async () => {
    const browser = await newUser(service);
    const pad = await newPad(browser);

    const { status, body } = await browser.patch(`/api/pads/${pad.id}`, { name: "Errands" }, { version: 1 });

    expect(status).toBe(200);
    expect(body.pad).toMatchObject({ id: pad.id, name: "Errands", version: 2 });
    expect((await browser.get(`/api/pads/${pad.id}`)).body).toEqual(body);
  });

  test("can't be edited if required fields are missing", async () => {
    const browser = await newUser(service);
    const pad = await newPad(browser);

    const { status, body } = await browser.patch(`/api/pads/${pad.id}`, {}, { version: 1 });

    expect(status).toBe(422);
    expect(body.fields).toEqual({ name: ["Name is required"] });
  });

  test("can't be edited by not an owner", async () => {
    const owner = await newUser(service);
    const pad = await newPad(owner);

    const other = await newUser(service);
    const { status } = await other.patch(`/api/pads/${pad.id}`, { name: "Mine!" }, { version: 1 });

    expect(status).toBe(404);
    expect((await owner.get(`/api/pads/${pad.id}`)).body.pad).toEqual(pad);
  });

  test("can be viewed by its owner", async () => {
    const browser = await newUser(service);
    const pad = await newPad(browser);
    await newNote(browser, { padId: pad.id });
    await newNote(browser);

    const { status, body } = await browser.get(`/api/pads/${pad.id}`);

    expect(status).toBe(200);
    expect(body.pad).toEqual({ ...pad, noteCount: 1 });
    const { body: list } = await browser.get(`/api/notes?pad=${pad.id}`);
    expect(list).toMatchObject({ total: 1, notes: [{ padId: pad.id }] });
  });

  test("can't be viewed by not an owner", async () => {
    const pad = await newPad(await newUser(service));
    const other = await newUser(service);

    expect((await other.get(`/api/pads/${pad.id}`)).status).toBe(404);
    expect((await other.get(`/api/notes?pad=${pad.id}`)).status).toBe(404);
  });

  test("can be deleted by its owner", async () => {
    const browser = await newUser(service);
    const pad = await newPad(browser);

    const { status } = await browser.delete(`/api/pads/${pad.id}`);

    expect(status).toBe(204);
    expect((await browser.get(`/api/pads/${pad.id}`)).status).toBe(404);
    expect((await browser.get("/api/pads")).body.pads).toEqual([]);
  });

  test("can't be deleted by not an owner", async () => {
    const owner = await newUser(service);
    const pad = await newPad(owner);

    const { status } = await (await newUser(service)).delete(`/api/pads/${pad.id}`);

    expect(status).toBe(404);
    expect((await owner.get(`/api/pads/${pad.id}`)).status).toBe(200);
  });

  test("deleting a pad takes its notes along", async () => {
    const browser = await newUser(service);
    const pad = await newPad(browser);
    const inside = await newNote(browser, { padId: pad.id });
    const outside = await newNote(browser);

    await browser.delete(`/api/pads/${pad.id}`);

    expect((await browser.get(`/api/notes/${inside.id}`)).status).toBe(404);
    expect((await browser.get("/api/notes")).body.notes).toMatchObject([{ id: outside.id }]);
  });
});
