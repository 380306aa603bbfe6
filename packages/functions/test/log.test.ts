// The log has one line for each request, and no content of users.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Browser, newNote, newUser, type Service, startService } from "./service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

test("a request is one line: its id, route, status, milliseconds and Data API calls", async () => {
  const browser = await newUser(service);
  const { id } = await newNote(browser);
  service.log.splice(0);

  const { headers } = await browser.get(`/api/notes/${id}?limit=9`);

  expect(service.log).toHaveLength(1);
  expect(JSON.parse(service.log[0] ?? "")).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: "info",
    requestId: headers["x-request-id"],
    method: "GET",
    route: "/api/notes/:id",
    status: 422,
    code: "invalid_input",
    ms: expect.any(Number),
    dataApiCalls: 0,
  });
});

test("a request id from the client is ignored", async () => {
  const { headers } = await new Browser(service).get("/api/health", { headers: { "x-request-id": "mine" } });

  expect(headers["x-request-id"]).not.toContain("mine");
});

test("the log has no content of users, even if the database refuses it", async () => {
  const browser = await newUser(service);
  const secrets = {
    name: "secret-name",
    text: "secret-text",
    query: "secret-query",
    password: "secret-password",
  };
  const note = await newNote(browser, { name: secrets.name, text: secrets.text });
  const pad = (await browser.post("/api/pads", { name: secrets.name })).body.pad;
  await browser.get(`/api/notes?q=${secrets.query}&${secrets.query}=1`);
  await browser.get(`/api/${secrets.query}/${note.id}`);
  await browser.post("/api/notes", undefined, { raw: `{"text": "${secrets.text}` });
  await browser.post("/api/notes", { [secrets.name]: secrets.text });
  await browser.put("/api/user/password", {
    currentPassword: secrets.password,
    newPassword: secrets.password,
  });
  await browser.put("/api/password-resets", { token: "s".repeat(43), password: secrets.password });
  await browser.post("/api/password-resets", { email: browser.email });
  await service.mailsSent();

  await service.statement("alter table note rename to note_away");
  const failed = await browser.post("/api/notes", { name: secrets.name, text: secrets.text });
  await service.statement("alter table note_away rename to note");
  await service.statement("alter table account rename to account_away");
  const signedUp = await new Browser(service).signUp();
  await browser.elsewhere().signIn();
  await browser.post("/api/password-resets", { email: browser.email });
  await service.mailsSent().catch(() => {});
  await service.statement("alter table account_away rename to account");

  for (const { status, body } of [failed, signedUp]) {
    expect(status).toBe(500);
    expect({ ...body, requestId: "" }).toEqual({
      type: "/api/openapi.json#/components/responses/internal",
      title: "Internal error",
      status: 500,
      code: "internal",
      requestId: "",
    });
  }
  const log = service.log.join("");
  expect(JSON.parse(service.log.find((line) => line.includes(failed.body.requestId)) ?? "")).toMatchObject({
    level: "error",
    code: "internal",
    error: {
      message: expect.stringContaining("SQLState: 42P01"),
      stack: expect.arrayContaining([expect.any(String)]),
    },
  });
  const token = [...browser.cookies.values()][0] ?? "none";
  const mailed = /#([\w-]+)/.exec(service.mails[0]?.text ?? "")?.[1] ?? "none";
  expect([token.length, mailed.length]).toEqual([43, 43]);
  for (const secret of [...Object.values(secrets), browser.email, browser.password, token, mailed]) {
    expect(log).not.toContain(secret);
  }
  // The newest links alone say what they belong to.
  const lines = service.log.map((line) => JSON.parse(line));
  const links = lines.flatMap((line) => line.links ?? []);
  expect(links).toContainEqual({
    thing: `note ${note.id}`,
    version: 1,
    link: expect.stringMatching(/^[\da-f]{64}$/),
  });
  const rest = JSON.stringify(lines.map((line) => ({ ...line, links: undefined })));
  for (const id of [note.id, pad.id]) expect(rest).not.toContain(id);
});
