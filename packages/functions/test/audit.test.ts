// The audit trail: the line of each change says who did what to which thing. What is archived of it, and for how long, is in
// stacks/app/watching/audit.ts.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bodyFor, ROUTES, send, thingsOfNewUser } from "./routes.ts";
import { Browser, newNote, newPad, newUser, PASSWORD, type Service, startService } from "./service.ts";

let service: Service;
let browser: Browser;
/** The id of the user of `browser`. */
let me: string;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  browser = await newUser(service);
  me = (await browser.get("/api/session")).body.user.id;
});
afterAll(() => service?.close());

const linked = (kind: string, id: string, version: number) => ({
  thing: `${kind} ${id}`,
  version,
  link: expect.stringMatching(/^[\da-f]{64}$/),
});

describe("the line of a change", () => {
  test("says who did what to which note, with its version and its newest link", async () => {
    const { id } = await newNote(browser);
    const pad = await newPad(browser);

    const saved = await browser.patch(`/api/notes/${id}`, { text: "later" }, { version: 1 });
    const moved = await browser.post("/api/notes/move", { notes: [{ id, padId: pad.id }] });
    const marked = await browser.put("/api/notes/marks", { ids: [id, randomUUID()], pinned: true });
    const renamed = await browser.patch(`/api/pads/${pad.id}`, { name: "Other" }, { version: 1 });
    const reverted = await browser.post(`/api/notes/${id}/revisions/1/restore`);
    const deleted = await browser.post("/api/notes/delete", { ids: [id] });

    const [first] = await service.statement(`select created_at from note where id = '${id}'`);
    const at = new Date(String(first?.created_at)).toISOString();
    const returned = await browser.post("/api/history/restore", { at, ids: [id] });
    expect(returned.status).toBe(200);
    expect(
      [saved, moved, marked, renamed, reverted, deleted, returned].map(({ line }) => line.audit),
    ).toEqual([
      { what: "PATCH /api/notes/:id", who: me, things: [linked("note", id, 2)] },
      { what: "POST /api/notes/move", who: me, things: [linked("note", id, 3)] },
      // Marks make no version, and what is not there is not named.
      { what: "PUT /api/notes/marks", who: me, things: [{ thing: `note ${id}` }] },
      { what: "PATCH /api/pads/:id", who: me, things: [linked("pad", pad.id, 2)] },
      { what: "POST /api/notes/:id/revisions/:version/restore", who: me, things: [linked("note", id, 4)] },
      { what: "POST /api/notes/delete", who: me, things: [linked("note", id, 5)] },
      { what: "POST /api/history/restore", who: me, things: [linked("note", id, 6)] },
    ]);
  });

  test("names the user whose session asks, and never the owner of another's note", async () => {
    const { id } = await newNote(browser);
    const other = await newUser(service);
    const { id: otherId } = (await other.get("/api/session")).body.user;

    const { status, line } = await other.delete(`/api/notes/${id}`);

    expect([status, line.audit]).toEqual([404, { what: "DELETE /api/notes/:id", who: otherId }]);
  });

  test("is there too if the change was refused, and who asked", async () => {
    const { id } = await newNote(browser);
    await browser.patch(`/api/notes/${id}`, { text: "later" }, { version: 1 });

    const { status, line } = await browser.patch(`/api/notes/${id}`, { text: "mine" }, { version: 1 });

    expect([status, line.audit]).toEqual([
      412,
      { what: "PATCH /api/notes/:id", who: me, things: [linked("note", id, 2)] },
    ]);
  });

  test.each(ROUTES)("has an audit where it changes something: $name", async (route) => {
    const things = await thingsOfNewUser(service);

    const { line } = await send(route, things, { body: bodyFor(route) });

    if (route.method === "GET") expect(line).not.toHaveProperty("audit");
    else expect(line.audit?.what).toBe(route.name);
  });
});

describe("the line of an act on an account", () => {
  const auditOf = (line: { audit?: unknown }) => line.audit;

  test("names who signs up, in, and out", async () => {
    const newcomer = new Browser(service);

    const up = await newcomer.signUp();
    const { id } = up.body.user;
    const taken = await newcomer.signUp();
    const signedIn = await newcomer.signIn();
    const out = await newcomer.delete("/api/session");
    const again = await newcomer.delete("/api/session");

    expect([up, taken, signedIn, out, again].map(({ line }) => auditOf(line))).toEqual([
      { what: "POST /api/users", who: id },
      { what: "POST /api/users", who: null },
      { what: "POST /api/session", who: id, things: [{ thing: `user ${id}` }] },
      { what: "DELETE /api/session", who: id },
      { what: "DELETE /api/session", who: null },
    ]);
  });

  test("names the account that a refused sign-in tried, and not as who asks", async () => {
    browser.password = "wrong";

    const refused = await browser.elsewhere().signIn();
    const unknown = await new Browser(service).signIn();

    expect(auditOf(refused.line)).toEqual({
      what: "POST /api/session",
      who: null,
      things: [{ thing: `user ${me}` }],
    });
    expect(auditOf(unknown.line)).toEqual({ what: "POST /api/session", who: null });
  });

  test("names the session that was ended", async () => {
    const elsewhere = browser.elsewhere();
    await elsewhere.signIn();
    const { sessions } = (await elsewhere.get("/api/sessions")).body;
    const ended = sessions.find(({ current }) => !current)?.id;

    const { line } = await elsewhere.delete(`/api/sessions/${ended}`);

    expect(auditOf(line)).toEqual({
      what: "DELETE /api/sessions/:id",
      who: me,
      things: [{ thing: `session ${ended}` }],
    });
  });

  test("names who changes a password, also with a wrong one", async () => {
    const passwords = { currentPassword: PASSWORD, newPassword: `new ${PASSWORD}` };

    const changed = await browser.put("/api/user/password", passwords);
    const wrong = await browser.put("/api/user/password", { ...passwords, currentPassword: "wrong" });

    expect([changed.status, wrong.status]).toEqual([204, 401]);
    for (const { line } of [changed, wrong]) {
      expect(auditOf(line)).toEqual({ what: "PUT /api/user/password", who: me });
    }
  });

  test("tells a reset that was asked, mailed and done apart, and knows the account only after the mail", async () => {
    const { email } = browser;
    const asked = await browser.post("/api/password-resets", { email });
    await service.mailsSent();
    const mailed = service.log
      .map((line) => JSON.parse(line))
      .findLast(({ message }) => message === "reset mail");
    const token = /#([\w-]+)/.exec(service.mails[0]?.text ?? "")?.[1];
    const redeem = (with_: string | undefined) =>
      new Browser(service).put("/api/password-resets", { token: with_, password: `new ${PASSWORD}` });

    const forged = await redeem("x".repeat(43));
    const done = await redeem(token);

    const thing = { thing: `user ${me}` };
    expect([asked.line, mailed, forged.line, done.line].map(auditOf)).toEqual([
      { what: "POST /api/password-resets", who: null },
      { what: "reset mail", who: null, things: [thing] },
      { what: "PUT /api/password-resets", who: null },
      { what: "PUT /api/password-resets", who: me, things: [thing] },
    ]);
  });
});
