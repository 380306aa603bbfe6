// The log has one line for each request, and no content of users.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ORIGIN_SECRET_HEADER } from "../src/distribution-headers.ts";
import { metricsIn } from "./emf.ts";
import { type Answer, Browser, newNote, newUser, type Service, startService } from "./service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

test("a request is one line: its id, route, status, outcome, milliseconds, Data API calls, and whether its environment is new", async () => {
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
    outcome: "invalid",
    code: "invalid_input",
    dataApiCalls: 0,
    coldStart: false,
    stage: "test",
    duration: expect.any(Number),
    _aws: expect.anything(),
  });
});

describe("CloudWatch makes metrics of a line, by the stage alone:", () => {
  /** The metrics of a request besides its time. */
  async function counted(request: () => Promise<Answer>) {
    service.log.splice(0);
    const { line } = await request();
    const metrics = metricsIn(service.log.find((one) => one.includes(line.requestId)) ?? "");
    for (const { namespace, dimensions } of metrics) {
      expect([namespace, dimensions]).toEqual(["Notejam", { stage: "test" }]);
    }
    expect(metrics[0]).toMatchObject({ name: "duration", unit: "Milliseconds" });
    const counts = metrics.slice(1).map(({ name, unit, value }) => [name, unit, value]);
    return { outcome: line.outcome, counts };
  }

  test("an answer has its time alone, even if it took none", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(1);

    const answer = await counted(() => new Browser(service).get("/api/health"));

    now.mockRestore();
    expect(answer).toEqual({ outcome: "ok", counts: [] });
  });

  test("a refused sign-in counts, and one that is too many", async () => {
    const browser = await newUser(service);
    browser.password = "wrong";
    const refused = { outcome: "refused", counts: [["refusedSignIns", "Count", 1]] };

    for (let i = 0; i < 12; i++) expect(await counted(() => browser.signIn())).toEqual(refused);
    expect((await browser.signIn()).status).toBe(429);
  });

  test("another wrong password does not", async () => {
    const browser = await newUser(service);

    const answer = await counted(() =>
      browser.put("/api/user/password", { currentPassword: "wrong", newPassword: "n".repeat(12) }),
    );

    expect(answer).toEqual({ outcome: "refused", counts: [] });
  });

  test("a request from a foreign origin counts, and one that comes around the distribution", async () => {
    const browser = await newUser(service);
    const foreign = { outcome: "refused", counts: [["foreignOrigins", "Count", 1]] };

    for (const headers of [{ Origin: "https://evil.example" }, { [ORIGIN_SECRET_HEADER]: "no" }]) {
      expect(await counted(() => browser.post("/api/notes", {}, { headers }))).toEqual(foreign);
    }
  });

  test("an unavailable database counts, and a fault of ours", async () => {
    const browser = await newUser(service);
    service.dataApi.faults.plan({ kind: "statement-timeout", when: "after", matching: /insert into/ });
    const unavailable = await counted(() => browser.post("/api/notes", { name: "n", text: "t" }));
    await service.statement("alter table note rename to note_away");
    const fault = await counted(() => browser.post("/api/notes", { name: "n", text: "t" }));
    await service.statement("alter table note_away rename to note");

    expect(unavailable).toEqual({ outcome: "unavailable", counts: [["unavailable", "Count", 1]] });
    expect(fault).toEqual({ outcome: "fault", counts: [["faults", "Count", 1]] });
  });

  test("a conflict, a missing note and a wrong field count as nothing", async () => {
    const browser = await newUser(service);
    const { id } = await newNote(browser);
    await browser.patch(`/api/notes/${id}`, { text: "later" }, { version: 1 });

    const outcomes = [
      await counted(() => browser.patch(`/api/notes/${id}`, { text: "mine" }, { version: 1 })),
      await counted(() => browser.get(`/api/notes/${randomUUID()}`)),
      await counted(() => browser.post("/api/notes", { name: 1 })),
    ];

    expect(outcomes).toEqual(["conflict", "missing", "invalid"].map((outcome) => ({ outcome, counts: [] })));
  });

  test("an event that is no request has them too", async () => {
    const { handler } = await import("../src/api/lambda.ts");
    service.log.splice(0);

    await handler({} as never, { awsRequestId: "none" });

    expect(metricsIn(service.log[0] ?? "").map(({ name }) => name)).toEqual(["duration"]);
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
  // What is audited alone says what it belongs to.
  const lines = service.log.map((line) => JSON.parse(line));
  const things = lines.flatMap((line) => line.audit?.things ?? []);
  expect(things).toContainEqual({
    thing: `note ${note.id}`,
    version: 1,
    link: expect.stringMatching(/^[\da-f]{64}$/),
  });
  const [user] = await service.statement(`select id from account where email = '${browser.email}'`);
  expect(lines.some((line) => line.audit?.who === user?.id)).toBe(true);
  const rest = JSON.stringify(lines.map((line) => ({ ...line, audit: undefined })));
  for (const id of [note.id, pad.id, user?.id]) expect(rest).not.toContain(id);
});
