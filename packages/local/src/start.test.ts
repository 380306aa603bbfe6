import { randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openConnection } from "@notejam/cli/connection";
import { QUERY_MAX, TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import { startDataApi } from "@notejam/data-api";
import { handler } from "@notejam/functions/api/lambda";
import { Problem } from "@notejam/functions/api/problem-document";
import { PROBLEM_MEDIA_TYPE } from "@notejam/functions/api/problems";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { apiRequest } from "../../functions/test/api-gateway.ts";
import { HttpApi } from "./aws/api-gateway/http-api.ts";
import { InProcessFunction } from "./aws/lambda/in-process-function.ts";
import { exchange } from "./aws/testing/client.ts";
import { startDistribution } from "./distribution/distribution.ts";
import { outboxOf, run, type Serving, serve, serveForTest } from "./testing/command.ts";

const folder = mkdtempSync(join(tmpdir(), "notejam-start-"));
let folders = 0;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A path where nothing exists yet. */
function newPath(): string {
  return join(folder, String(++folders));
}

const ANA = { email: "ana@example.com", password: "correct horse" };

/** A program's session with the service. */
const connected = (origin: string) => openConnection(origin).api;

async function signUp(api: ReturnType<typeof connected>, account = ANA) {
  await api.users.$post({ json: account });
}

/** Ends a service, and expects that it says nothing and leaves its port and its data free. */
async function expectEnd({ end, port, running }: Serving, dataDir: string, ...signals: NodeJS.Signals[]) {
  expect(await end(...signals)).toEqual({ code: 0, signal: null });
  expect(running.stderr).toBe("");
  expect(readdirSync(join(dataDir, "database")).filter((name) => name.includes("lock"))).toEqual([]);
  const next = await startDistribution(port, () => undefined);
  await next.close();
}

/** Expects that it does not start and says why in one line. */
async function refusal(environment: Record<string, string>, args: string[] = []): Promise<string> {
  const started = run("start", environment, args);
  expect(await started.exit).toEqual({ code: 1, signal: null });
  expect(started.stdout).toBe("");
  expect(started.stderr).toMatch(/^[^\n]+\n$/);
  return started.stderr.trimEnd();
}

/** Runs statements on a PostgreSQL. @returns the first value of each row of the last one */
async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const server = await startDataApi({ databases: { asked: { kind: "postgres", url } } });
  let values: unknown[] = [];
  for (const sql of statements) {
    const response = await fetch(`${server.url}/Execute`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: SIGNED },
      body: JSON.stringify({
        resourceArn: "arn:aws:rds:asked",
        secretArn: "arn:aws:secretsmanager:asked",
        sql,
      }),
    });
    const { records, message } = await response.json();
    if (!response.ok) throw new Error(message);
    values = (records ?? []).map(([field]: [object]) => Object.values(field)[0]);
  }
  await server.close();
  return values;
}

const SIGNED =
  "AWS4-HMAC-SHA256 Credential=example/20260101/local/rds-data/aws4_request, SignedHeaders=host, Signature=0";

/** The address of a new database of the suite's PostgreSQL. */
async function newDatabase(name: string): Promise<URL> {
  const url = new URL(inject("postgresUrl"));
  await ask(url.href, `create database "${name}"`);
  url.pathname = encodeURIComponent(name);
  return url;
}

/** A data directory with a database that Ana has an account and a note in, and a copy of it. A service runs on the first. */
const dataDir = newPath();
const copiedDataDir = newPath();
let site: Serving;

beforeAll(async () => {
  const first = await serve("start", { NOTEJAM_DATA_DIR: dataDir });
  const api = connected(first.origin);
  await signUp(api);
  await api.notes.$post({ json: { name: "kept", text: "across a restart" } });
  // A terminal and npm may both send one. Two of the same could arrive as one.
  await expectEnd(first, dataDir, "SIGINT", "SIGTERM");
  cpSync(dataDir, copiedDataDir, { recursive: true });
  site = await serve("start", { NOTEJAM_DATA_DIR: dataDir }, ["--demo"]);
});
afterAll(() => site?.end("SIGKILL"));

describe("npm start", () => {
  test("serves the web app and the API, and keeps its data across a restart", async () => {
    const page = await fetch(`${site.origin}/notes/create`);
    expect(await page.text()).toContain('<div id="app">');
    expect(Object.fromEntries(page.headers)).toMatchObject(WEB_HEADERS);

    const api = connected(site.origin);
    await api.session.$post({ json: ANA });
    const list = await (await api.notes.$get()).json();
    expect(list).toMatchObject({ total: 1, notes: [{ name: "kept", excerpt: "across a restart" }] });
  });

  test("signs in at its address in any spelling, and at no other", async () => {
    const { port, origin } = site;
    const signIn = (...headers: string[]) =>
      exchange(port, {
        method: "POST",
        path: "/api/session",
        headers: ["Content-Type", "application/json", ...headers],
        body: JSON.stringify(ANA),
      });

    const capitals = await signIn("Host", `LOCALHOST:${port}`);
    const page = await signIn("Host", `LOCALHOST:${port}`, "Origin", origin);
    const other = await signIn("Host", `LOCALHOST:${port}`, "Origin", `http://127.0.0.1:${port}`);

    expect([capitals.status, page.status, other.status]).toEqual([201, 201, 403]);
    expect(capitals.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^notejam=/),
      expect.stringMatching(/^notejam-device=/),
    ]);
  });

  test("answers what it can't read in the contract's format", async () => {
    const { port } = site;
    const json = ["Content-Type", "application/json"];
    const cookie = ["Cookie", `notejam=${"t".repeat(43)}`];

    const answers = [
      await exchange(port, { path: "/api/notes/%c3%28", headers: cookie }),
      await exchange(port, { path: "/api/%c3%28" }),
      await exchange(port, {
        method: "POST",
        path: "/api/session",
        headers: [...json, "Content-Encoding", "gzip"],
        body: gzipSync(JSON.stringify(ANA)),
      }),
      await exchange(port, {
        method: "POST",
        path: "/api/session",
        headers: json,
        body: `{${'"name":1,'.repeat(300_000)}"name":1}`,
      }),
    ];

    for (const { status, headers, body } of answers) {
      expect(headers["content-type"]).toBe(PROBLEM_MEDIA_TYPE);
      expect(Problem.parse(JSON.parse(body))).toMatchObject({ status, requestId: headers["x-request-id"] });
    }
    expect(answers.map(({ status, body }) => [status, JSON.parse(body).code])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
      [415, "unsupported_media_type"],
      [413, "too_large"],
    ]);
  });

  test("logs each request to log.jsonl, and none of them to the terminal", async () => {
    const { headers } = await fetch(`${site.origin}/api/notes`);

    const requestId = headers.get("x-request-id") ?? "";
    const line = await loggedLine(requestId);
    expect(line).toMatchObject({ requestId, route: "/api/notes", status: 401, dataApiCalls: 0 });
    expect(site.running.stdout).not.toContain(requestId);
    expect(site.running.stderr).toBe("");
  });

  test("runs the scheduled jobs soon after the start, and logs what they did", async () => {
    expect(await loggedLine('"message":"sweep"')).toMatchObject({
      level: "info",
      sessions: 0,
      passwordResets: 0,
    });
  });

  test("prints a mail that asks for a new password, and shows it in the outbox; the link works", async () => {
    const { origin, running } = site;
    const bea = { email: "bea@example.com", password: "correct horse" };
    const api = connected(origin);
    await signUp(api, bea);

    await api["password-resets"].$post({ json: { email: bea.email } });

    await expect.poll(() => running.stdout, { timeout: 10_000 }).toContain("Mail to bea@example.com: ");
    const link = new RegExp(`${origin}/reset-password#(\\S+)`);
    const [, token = ""] = link.exec(running.stdout) ?? [];
    expect(token).not.toBe("");
    const outbox = await fetch(outboxOf(site), { headers: { accept: "application/json" } });
    const { mails } = (await outbox.json()) as { mails: { to: string[]; text: string }[] };
    expect(mails).toMatchObject([{ to: [bea.email], text: expect.stringMatching(link) }]);
    await api["password-resets"].$put({ json: { token, password: "another horse" } });
    await api.session.$post({ json: { ...bea, password: "another horse" } });
  });

  test("--demo adds an account with notes, and says how to sign in", async () => {
    const { origin, running } = site;
    const said = /sign in as (\S+) with the password "([^"]+)"/;
    await expect.poll(() => running.stdout, { timeout: 20_000 }).toMatch(said);
    const [, email = "", password = ""] = said.exec(running.stdout) ?? [];
    const api = connected(origin);
    await api.session.$post({ json: { email, password } });
    expect((await (await api.notes.$get()).json()).total).toBeGreaterThan(10);
  });
});

/** The first line of the site's log with this in it, as soon as it is there. */
async function loggedLine(part: string): Promise<unknown> {
  const lines = () => readFileSync(join(dataDir, "log.jsonl"), "utf8").split("\n");
  const line = await vi.waitUntil(() => lines().find((one) => one.includes(part)), { timeout: 30_000 });
  return JSON.parse(line);
}

describe("a request", () => {
  const api = new HttpApi({
    integration: new InProcessFunction("api", handler),
    onFault: (_, error) => expect.unreachable(error.errorMessage),
  });

  beforeAll(() => {
    vi.stubEnv("NOTEJAM_STAGE", "test");
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
  });

  test.each([
    { target: "/api/health", status: 200 },
    { target: "/api/%68ealth", status: 200 },
    { target: "/api/notes/..%2fhealth", status: 200 },
    { target: "/api/health%3Fx=1", status: 200 },
    { target: "/api/health?%3F", status: 422 },
    { target: "/api/health?%", status: 422 },
    { target: "/api/notes/%30b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11", status: 401 },
    { target: "/api/notes%2Fx", status: 401 },
    { target: "/api/notes/a%23b", status: 401 },
    { target: "/api//health", status: 404 },
    { target: "/api/%FF", status: 404 },
    { target: "/api/notes/%c3%28", status: 401 },
  ])(
    "for $target is answered alike here and in the functions' tests: $status",
    async ({ target, status }) => {
      const here = await exchange(site.port, { path: target });
      const there = await api.respond(apiRequest({ method: "GET", target }));

      expect([here.status, there.status]).toEqual([status, status]);
      const { requestId: _, ...answer } = JSON.parse(here.body);
      expect(JSON.parse(String(there.body))).toMatchObject(answer);
    },
  );
});

describe("over the PostgreSQL of DATABASE_URL", () => {
  const database = `my notes ${randomUUID()}`;
  const environment = { NOTEJAM_DATA_DIR: newPath(), DATABASE_URL: "" };
  const roleFile = join(environment.NOTEJAM_DATA_DIR, "application-role.json");
  let first: Serving;

  beforeAll(async () => {
    environment.DATABASE_URL = (await newDatabase(database)).href;
    first = await serve("start", environment);
    await signUp(connected(first.origin));
  });
  afterAll(() => first?.end("SIGKILL"));

  /** Who is connected for a service, beside the superuser. */
  const users = (name: string) =>
    ask(
      inject("postgresUrl"),
      `select distinct usename::text from pg_stat_activity where datname = '${name}' and application_name = 'data-api'
         and usename <> current_user order by 1`,
    );

  test("it works as a role of its data directory, which can only read and write rows", async () => {
    const role = JSON.parse(readFileSync(roleFile, "utf8"));

    expect(statSync(roleFile).mode & 0o777).toBe(0o600);
    expect(role.username).toMatch(/^notejam_app_[0-9a-f]{8}$/);
    expect(await users(database)).toContain(role.username);
    const own = Object.assign(new URL(environment.DATABASE_URL), role).href;
    await expect(ask(own, "create table mine (n int)")).rejects.toThrow("permission denied");
    expect(await ask(own, "select count(*) from account")).toEqual([1]);
    expect(first.running.stdout).not.toContain(role.password);
  });

  test("it turns a user's searches away with Retry-After while others of theirs run", async () => {
    const { port, origin } = first;
    const ana = connected(origin);
    await ana.session.$post({ json: ANA });
    // Each place of these texts matches the beginning of what is searched: it takes seconds, and the requests milliseconds.
    const text = "ä".repeat(TEXT_MAX_BYTES / 2);
    for (let i = 0; i < 8; i++) await ana.notes.$post({ json: { name: "long", text } });
    const query = encodeURIComponent(`${"ä".repeat(QUERY_MAX - 1)}ö`);
    const headers = ["Content-Type", "application/json"];
    const path = "/api/session";
    const signedIn = await exchange(port, { method: "POST", path, headers, body: JSON.stringify(ANA) });
    const cookie = String(signedIn.headers["set-cookie"]).replace(/;.*/s, "");

    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        exchange(port, { path: `/api/notes?q=${query}`, headers: ["Cookie", cookie] }),
      ),
    );

    // Two run at once; on a busy machine the last ones may come when the first have ended (core's races count exactly).
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused.length).toBeLessThanOrEqual(4);
    for (const { status, headers, body } of refused) {
      expect([status, headers["retry-after"]]).toEqual([429, "1"]);
      expect(Problem.parse(JSON.parse(body)).code).toBe("rate_limited");
    }
  });

  test("it works as the user of DATABASE_URL if that can't make roles, and says so", async () => {
    const user = `user_${randomUUID().slice(0, 8)}`;
    const own = `notes ${randomUUID()}`;
    const url = await newDatabase(own);
    await ask(
      url.href,
      `create role ${user} login password 'secret'`,
      `alter database "${own}" owner to ${user}`,
    );

    const { origin, running } = await serveForTest("start", {
      DATABASE_URL: Object.assign(url, { username: user, password: "secret" }).href,
      NOTEJAM_DATA_DIR: newPath(),
    });

    await signUp(connected(origin));
    expect(running.stdout).toContain(
      `The user "${user}" of DATABASE_URL does not own the database "${own}" or can't make roles. So the API works as "${user}"`,
    );
    expect(await users(own)).toEqual([user]);
  });

  test("a restart finds its data there, and takes the same role", async () => {
    const role = readFileSync(roleFile, "utf8");
    const NOTEJAM_DATA_DIR = newPath();
    mkdirSync(NOTEJAM_DATA_DIR);
    const file = join(NOTEJAM_DATA_DIR, "application-role.json");
    writeFileSync(file, role, { mode: 0o600 });
    await first.end("SIGINT");

    const second = await serveForTest("start", { ...environment, NOTEJAM_DATA_DIR });

    await connected(second.origin).session.$post({ json: ANA });
    expect(await users(database)).toContain(JSON.parse(role).username);
    expect(readFileSync(file, "utf8")).toBe(role);
  });

  test("a damaged file of the role is named, and a start ends", async () => {
    const NOTEJAM_DATA_DIR = newPath();
    mkdirSync(NOTEJAM_DATA_DIR);
    const file = join(NOTEJAM_DATA_DIR, "application-role.json");
    writeFileSync(file, "damaged");

    expect(await refusal({ ...environment, NOTEJAM_DATA_DIR })).toBe(
      `The file ${file} is damaged. Remove it: the next start makes another role.`,
    );
  });
});

test("Ctrl-C during the start ends it too, and the next start works", async () => {
  const unfinished = newPath();
  const started = run("start", { NOTEJAM_DATA_DIR: unfinished });
  await expect.poll(() => existsSync(join(unfinished, "database")), { timeout: 20_000 }).toBe(true);

  started.child.kill("SIGINT");

  expect(await started.exit).toEqual({ code: 0, signal: null });
  expect(started.stderr).toBe("");
  await expectEnd(await serveForTest("start", { NOTEJAM_DATA_DIR: unfinished }), unfinished, "SIGHUP");
});

test("a service ends if npm or what npm starts is killed. A start waits a moment for its port and its data", async () => {
  const first = await serveForTest("npm start", { NOTEJAM_DATA_DIR: copiedDataDir });
  const environment = { NOTEJAM_DATA_DIR: copiedDataDir, PORT: String(first.port) };
  first.running.child.kill("SIGKILL");

  const second = await serveForTest("bootstrap start", environment);
  expect(second.port).toBe(first.port);
  await connected(second.origin).session.$post({ json: ANA });
  second.running.child.kill("SIGKILL");

  const third = await serveForTest("start", environment);
  expect(third.port).toBe(first.port);
  await connected(third.origin).session.$post({ json: ANA });

  // Node.js then says when it asks for a port.
  const fourth = run("start", { ...environment, NODE_DEBUG: "net" });
  onTestFinished(() => void fourth.child.kill("SIGKILL"));
  const attempts = () => fourth.stderr.match(/setupListenHandle 127\.0\.0\.1/g)?.length ?? 0;
  await expect.poll(attempts, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(await third.end("SIGINT")).toEqual({ code: 0, signal: null });
  expect(third.running.stderr).toBe("");
  await expect.poll(() => fourth.stdout, { timeout: 20_000 }).toContain(`at ${first.origin} `);
});

describe.concurrent("npm start that can't start says why in one line, with exit code 1,", () => {
  let taken: Server;

  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    taken.close();
  });

  const takenPort = () => String((taken.address() as AddressInfo).port);

  test("if the port is in use, before anything is written", async () => {
    const unwritten = newPath();

    expect(await refusal({ NOTEJAM_DATA_DIR: unwritten, PORT: takenPort() })).toContain(
      `Port ${takenPort()} is in use`,
    );
    expect(existsSync(unwritten)).toBe(false);
  });

  test("if the data directory is in use by another process, which goes on, after a moment's wait", async () => {
    const began = performance.now();
    const line = await refusal({ NOTEJAM_DATA_DIR: dataDir });

    // That process could be about to end.
    expect(performance.now() - began).toBeGreaterThan(5000);
    expect(line).toContain(dataDir);
    expect(line).toContain(`in use by another process (${site.running.child.pid})`);
    await connected(site.origin).session.$post({ json: ANA });
  });

  test("if a file is in the data directory's place, which stays as it is", async () => {
    const file = newPath();
    writeFileSync(file, "a diary");

    expect(await refusal({ NOTEJAM_DATA_DIR: file })).toContain(
      `${file} can't be used: a file has that name`,
    );
    const below = join(file, "below");
    expect(await refusal({ NOTEJAM_DATA_DIR: below })).toBe(
      `The data directory ${below} can't be used: a file has the name of a folder above it.`,
    );
    expect(readFileSync(file, "utf8")).toBe("a diary");
  });

  test("if the data directory can't be made, and says which folder and why", async () => {
    // No user can make a folder in here. Where there is no /proc, there is none to make it in.
    const line = await refusal({ NOTEJAM_DATA_DIR: "/proc/notejam/data" });

    expect(line).toMatch(
      /^The data directory \/proc\/notejam\/data can't be used: \/proc(\/notejam)? can't be made: [a-z -]+\.$/,
    );
  });

  test("if the database's directory holds something else, which stays as it is", async () => {
    const other = newPath();
    mkdirSync(join(other, "database"), { recursive: true });
    writeFileSync(join(other, "database/diary.txt"), "a diary");

    expect(await refusal({ NOTEJAM_DATA_DIR: other })).toContain(join(other, "database"));
    expect(readdirSync(join(other, "database"))).toEqual(["diary.txt"]);
  });

  test("if the log can't be written", async () => {
    const other = newPath();
    mkdirSync(join(other, "log.jsonl"), { recursive: true });

    expect(await refusal({ NOTEJAM_DATA_DIR: other })).toMatch(
      /^The file .*log\.jsonl can't be written: EISDIR: .*\.$/,
    );
  });

  test("if a variable is wrong", async () => {
    expect(await refusal({ PORT: "3000x" })).toBe(
      'PORT must be a whole number from 0 to 65535, not "3000x".',
    );
  });

  test("if DATABASE_URL has a longer database name than the Data API accepts", async () => {
    const url = `postgres://me:secret@localhost/${"d".repeat(65)}`;

    const line = await refusal({ NOTEJAM_DATA_DIR: newPath(), DATABASE_URL: url });

    expect(line).toMatch(
      /^DATABASE_URL can't be used: The database name "d+" must have 1 to 64 characters\.$/,
    );
  });

  test("if no PostgreSQL answers at DATABASE_URL, without repeating its password", async () => {
    const silent = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;

    const line = await refusal({
      NOTEJAM_DATA_DIR: newPath(),
      DATABASE_URL: `postgres://me:secret@127.0.0.1:${port}/notejam`,
    });

    expect(line).toMatch(/^DATABASE_URL can't be used: .*Start that server, or unset the variable/);
    expect(line).not.toContain("secret");
    silent.close();
  });
});

test("a service that is ended answers a request under way first", async () => {
  const { port } = site;
  const body = JSON.stringify({ email: "cleo@example.com", password: "correct horse" });
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    expect: "100-continue",
  };
  const sending = request({ host: "127.0.0.1", port, method: "POST", path: "/api/users", headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sending.on("response", resolve);
    sending.on("error", reject);
  });
  await new Promise((resolve) => sending.once("continue", resolve).flushHeaders());

  site.running.child.kill("SIGTERM");
  sending.end(body);

  expect((await answer).statusCode).toBe(201);
  await expectEnd(site, dataDir);
});

describe("the flags", () => {
  test("--help describes them and starts nothing", async () => {
    const started = run("start", {}, ["--help"]);

    expect(await started.exit).toMatchObject({ code: 0 });
    expect(started.stdout).toMatch(
      /^Usage: npm start[\s\S]*--demo[\s\S]*PORT[\s\S]*NOTEJAM_DATA_DIR[\s\S]*DATABASE_URL/,
    );
  });

  test.each([["--dmeo"], ["notes"]])("%s is unknown: exit code 2", async (argument) => {
    const started = run("start", {}, [argument]);

    expect(await started.exit).toMatchObject({ code: 2 });
    expect(started.stderr).toContain(argument);
  });
});
