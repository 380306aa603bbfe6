// A database that can't answer at the moment: while RDS changes its password, during a failover, or with all connections in
// use. Each route waits as long as its client does, then answers 503 with Retry-After, never 500, and has changed nothing.
import { ENV } from "@notejam/core/config";
import type { Fault } from "@notejam/data-api";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { FUNCTIONS } from "../src/functions.ts";
import { handler as mail } from "../src/mail/handler.ts";
import { bodyFor, ROUTES, send, type Things, thingsOfNewUser } from "./routes.ts";
import { newNote, newUser, type Service, SITE_ORIGIN, startService } from "./service.ts";

let service: Service;
let things: Things;
beforeAll(async () => {
  service = await startService();
  things = await thingsOfNewUser(service);
});
afterAll(() => service?.close());
afterEach(() => {
  service.dataApi.faults.clear();
  delete process.env[ENV.databaseWaitSeconds];
});

const AWAY: [string, Fault][] = [
  ["a password that RDS has just changed (28P01)", { kind: "sql-state", sqlState: "28P01", when: "before" }],
  ["a shutdown (57P01)", { kind: "sql-state", sqlState: "57P01", when: "before" }],
  ["a crash (57P02)", { kind: "sql-state", sqlState: "57P02", when: "before" }],
  ["a start (57P03)", { kind: "sql-state", sqlState: "57P03", when: "before" }],
  ["a writer that became a reader (25006)", { kind: "sql-state", sqlState: "25006", when: "before" }],
  ["too many connections (53300)", { kind: "sql-state", sqlState: "53300", when: "before" }],
  ["a secret that can't be read (SecretsErrorException)", { kind: "error", type: "SecretsErrorException" }],
  [
    "a cluster in another state (InvalidResourceStateException)",
    { kind: "error", type: "InvalidResourceStateException" },
  ],
];

/** The routes that call the database. */
const CALLING = ROUTES.filter(({ path }) => !/health|openapi/.test(path));

describe.each(AWAY)("with %s", (_, fault) => {
  test("each route answers 503 with Retry-After, and has changed nothing", async () => {
    process.env[ENV.databaseWaitSeconds] = "1";
    const notes = await service.statement("select count(*)::int n, sum(version)::int v from note");
    service.dataApi.faults.plan({ ...fault, times: "always" });

    const answers = await Promise.all(
      CALLING.map(async (route) => ({
        route: route.name,
        answer: await send(route, things, { body: bodyFor(route) }),
      })),
    );

    for (const { route, answer } of answers) {
      expect([route, answer.status, answer.body.code]).toEqual([route, 503, "unavailable"]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
      expect(answer.text).not.toMatch(/SQLState|Exception/);
    }
    service.dataApi.faults.clear();
    expect(await service.statement("select count(*)::int n, sum(version)::int v from note")).toEqual(notes);
  });

  test("a call that fails once is repeated, and the request succeeds", async () => {
    const browser = await newUser(service);
    service.dataApi.faults.plan({ ...fault, times: 2 });

    const note = await newNote(browser);
    const saved = await browser.patch(`/api/notes/${note.id}`, { text: "Later." }, { version: 1 });

    expect([saved.status, saved.body.note.version]).toEqual([200, 2]);
    expect(service.dataApi.faults.list().planned).toEqual([]);
  });
});

test("with a full disk (53100) each route answers 503 with Retry-After, at once, and has changed nothing", async () => {
  service.dataApi.faults.plan({ kind: "sql-state", sqlState: "53100", when: "before", times: "always" });

  const answers = await Promise.all(
    CALLING.map(async (route) => ({
      route: route.name,
      answer: await send(route, things, { body: bodyFor(route) }),
    })),
  );

  for (const { route, answer } of answers) {
    expect([route, answer.status, answer.body.code]).toEqual([route, 503, "unavailable"]);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(answer.body.detail).toBe("The database's disk is full. Nothing was lost. Try again in a moment.");
  }
});

test("a write whose connection breaks after it is repeated, and done once", async () => {
  const browser = await newUser(service);
  service.dataApi.faults.plan({ kind: "sql-state", sqlState: "57P01", when: "after" });

  const { status, body } = await browser.post("/api/notes", { name: "Once", text: "Only." });

  expect([201, 200]).toContain(status);
  expect((await browser.get("/api/notes")).body.total).toBe(1);
  expect(body.note.version).toBe(1);
});

test("a request ends before API Gateway gives it up, however slow its calls are", async () => {
  const browser = await newUser(service);
  const BUDGET_MS = 25_000;
  const deadline = new AbortController();
  const { timeout: timeoutOf } = AbortSignal;
  const timeout = vi
    .spyOn(AbortSignal, "timeout")
    .mockImplementation((ms) => (ms === BUDGET_MS ? deadline.signal : timeoutOf.call(AbortSignal, ms)));
  service.dataApi.faults.setLatency({ kind: "constant", ms: 30_000 });

  const asked = browser.get("/api/notes");
  setTimeout(() => deadline.abort(), 100);
  const { status, body, headers } = await asked;
  service.dataApi.faults.setLatency(undefined);
  const budgets = [...timeout.mock.calls];
  timeout.mockRestore();

  // API Gateway's, and the request's.
  expect(budgets).toEqual([[30_000], [BUDGET_MS]]);
  expect([status, body.code, headers["retry-after"]]).toEqual([503, "unavailable", "2"]);
});

test("a request waits some seconds for a paused cluster, then is turned away until it has woken", async () => {
  const browser = await newUser(service);
  process.env[ENV.databaseWaitSeconds] = "1";
  service.dataApi.faults.resuming({ ms: 30_000 });

  const turnedAway = await browser.get("/api/notes");

  expect([turnedAway.status, turnedAway.headers["retry-after"]]).toEqual([503, "5"]);
});

test("a mail waits for a paused cluster longer than a request would", async () => {
  const { email } = await newUser(service);
  process.env[ENV.databaseWaitSeconds] = String(FUNCTIONS.mail.databaseWaitSeconds);
  service.dataApi.faults.resuming({ ms: 1_000 * (FUNCTIONS.api.databaseWaitSeconds + 1) });

  await mail({ email, siteOrigin: SITE_ORIGIN }, { awsRequestId: "7c1d4b8e" });

  expect(service.mails.filter(({ to }) => to === email)).toHaveLength(1);
});
