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
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { openConnection } from "@notejam/cli/connection";
import { QUERY_MAX, TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import { startDataApi } from "@notejam/data-api";
import { startPostgres } from "@notejam/data-api/testing/postgres";
import { handler } from "@notejam/functions/api/lambda";
import { Problem } from "@notejam/functions/api/problem-document";
import { PROBLEM_MEDIA_TYPE } from "@notejam/functions/api/problems";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { apiRequest } from "../../functions/test/api-gateway.ts";
import { HttpApi } from "./aws/api-gateway/http-api.ts";
import { InProcessFunction } from "./aws/lambda/in-process-function.ts";
import { exchange } from "./aws/testing/client.ts";
import { addDemo } from "./demo.ts";
import { startDistribution } from "./distribution/distribution.ts";
import { run, type Serving, serve, serveForTest } from "./testing/command.ts";

const folder = mkdtempSync(join(tmpdir(), "notejam-start-"));
let folders = 0;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A path where nothing exists yet. */
function newPath(): string {
  return join(folder, String(++folders));
}

let emptyDatabase: string;

/** A data directory with a migrated, empty database. Making one takes seconds; a copy does not. */
function newDataDir(): string {
  const path = newPath();
  cpSync(emptyDatabase, path, { recursive: true });
  return path;
}

beforeAll(async () => {
  emptyDatabase = newPath();
  await (await serve("start", { NOTEJAM_DATA_DIR: emptyDatabase })).end("SIGINT");
});

const ANA = { email: "ana@example.com", password: "correct horse" };

/** A program's session with the service. */
const connected = (origin: string) => openConnection(origin).api;

async function signUp(api: ReturnType<typeof connected>) {
  await api.users.$post({ json: ANA });
  await api.session.$post({ json: ANA });
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

/** Who is connected for a service, beside the superuser. */
const USERS = `select distinct usename::text from pg_stat_activity where datname = 'notes' and application_name = 'data-api'
  and usename <> current_user order by 1`;

describe("npm start", () => {
  test("serves the web app and the API, and keeps its data across a restart", async () => {
    const dataDir = newDataDir();
    const first = await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });
    const page = await fetch(`${first.origin}/notes/create`);
    expect(await page.text()).toContain('<div id="app">');
    expect(Object.fromEntries(page.headers)).toMatchObject(WEB_HEADERS);
    const before = connected(first.origin);
    await signUp(before);
    await before.notes.$post({ json: { name: "kept", text: "across a restart" } });
    expect(await first.end("SIGINT")).toEqual({ code: 0, signal: null });

    const second = await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });

    const after = connected(second.origin);
    await after.session.$post({ json: ANA });
    const list = await (await after.notes.$get()).json();
    expect(list).toMatchObject({ total: 1, notes: [{ name: "kept", excerpt: "across a restart" }] });
  });

  test("keeps its data in the PostgreSQL of DATABASE_URL, if that is set", async () => {
    const postgres = await startPostgres();
    const environment = {
      NOTEJAM_DATA_DIR: newPath(),
      DATABASE_URL: await postgres.createDatabase("my notes"),
    };
    const first = await serveForTest("start", environment);
    await signUp(connected(first.origin));
    await first.end("SIGINT");

    const second = await serveForTest("start", { ...environment, NOTEJAM_DATA_DIR: newPath() });

    await connected(second.origin).session.$post({ json: ANA });
    await postgres.close();
  });

  test("works in a PostgreSQL as a role of its data directory, which can only read and write rows", async () => {
    const postgres = await startPostgres();
    const [DATABASE_URL, NOTEJAM_DATA_DIR] = [await postgres.createDatabase("notes"), newPath()];
    const file = join(NOTEJAM_DATA_DIR, "application-role.json");
    const first = await serveForTest("start", { DATABASE_URL, NOTEJAM_DATA_DIR });
    await signUp(connected(first.origin));

    const role = JSON.parse(readFileSync(file, "utf8"));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(role.username).toMatch(/^notejam_app_[0-9a-f]{8}$/);
    expect(await ask(DATABASE_URL, USERS)).toContain(role.username);
    const own = Object.assign(new URL(DATABASE_URL), role).href;
    await expect(ask(own, "create table mine (n int)")).rejects.toThrow("permission denied");
    expect(await ask(own, "select count(*) from account")).toEqual([1]);
    expect(first.running.stdout).not.toContain(role.password);

    await first.end("SIGINT");
    const second = await serveForTest("start", { DATABASE_URL, NOTEJAM_DATA_DIR });
    await connected(second.origin).session.$post({ json: ANA });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(role);
    await second.end("SIGINT");

    writeFileSync(file, "damaged");
    expect(await refusal({ DATABASE_URL, NOTEJAM_DATA_DIR })).toBe(
      `The file ${file} is damaged. Remove it: the next start makes another role.`,
    );
    await postgres.close();
  });

  test("works as the user of DATABASE_URL if that can't make roles, and says so", async () => {
    const postgres = await startPostgres();
    const url = await postgres.createDatabase("notes");
    await ask(url, "create role me login password 'secret'", "alter database notes owner to me");
    const DATABASE_URL = Object.assign(new URL(url), { username: "me", password: "secret" }).href;

    const { origin, running } = await serveForTest("start", { DATABASE_URL, NOTEJAM_DATA_DIR: newPath() });

    await signUp(connected(origin));
    expect(running.stdout).toContain(
      'The user "me" of DATABASE_URL does not own the database "notes" or can\'t make roles. So the API works as "me"',
    );
    expect(await ask(url, USERS)).toEqual(["me"]);
    await postgres.close();
  });

  test("turns a user's searches away with Retry-After while others of theirs run", async () => {
    const postgres = await startPostgres();
    const { port, origin } = await serveForTest("start", {
      NOTEJAM_DATA_DIR: newPath(),
      DATABASE_URL: await postgres.createDatabase("searched"),
    });
    const ana = connected(origin);
    await signUp(ana);
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
    await postgres.close();
  });

  test("signs in at its address in any spelling, and at no other", async () => {
    const { port, origin } = await serveForTest("start", { NOTEJAM_DATA_DIR: newDataDir() });
    await signUp(connected(origin));
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
    const { port } = await serveForTest("start", { NOTEJAM_DATA_DIR: newDataDir() });
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
    const dataDir = newDataDir();
    const { origin, running, end } = await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });
    const { headers } = await fetch(`${origin}/api/notes`);
    await end("SIGTERM");

    const lines = readFileSync(join(dataDir, "log.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        requestId: headers.get("x-request-id"),
        route: "/api/notes",
        status: 401,
        dataApiCalls: 0,
      }),
    );
    expect(running.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(running.stderr).toBe("");
  });

  test("runs the scheduled jobs soon after the start, and logs what they did", async () => {
    const dataDir = newDataDir();
    const { running, end } = await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });

    await expect
      .poll(() => readFileSync(join(dataDir, "log.jsonl"), "utf8"), { timeout: 30_000 })
      .toContain('"message":"sweep"');

    const line = readFileSync(join(dataDir, "log.jsonl"), "utf8")
      .split("\n")
      .find((one) => one.includes('"sweep"'));
    expect(JSON.parse(line ?? "")).toMatchObject({ level: "info", sessions: 0, passwordResets: 0 });
    expect(await end("SIGINT")).toEqual({ code: 0, signal: null });
    expect(running.stderr).toBe("");
  });

  test("prints a mail that asks for a new password, and shows it in the outbox; the link works", async () => {
    const { origin, running } = await serveForTest("start", { NOTEJAM_DATA_DIR: newDataDir() });
    const api = connected(origin);
    await signUp(api);

    await api["password-resets"].$post({ json: { email: ANA.email } });

    await expect.poll(() => running.stdout, { timeout: 10_000 }).toContain("Mail to ana@example.com: ");
    const link = new RegExp(`${origin}/reset-password#(\\S+)`);
    const [, token = ""] = link.exec(running.stdout) ?? [];
    expect(token).not.toBe("");
    const outbox = await fetch(`${origin}/_outbox`, { headers: { accept: "application/json" } });
    const { mails } = (await outbox.json()) as { mails: { to: string[]; text: string }[] };
    expect(mails).toMatchObject([{ to: ["ana@example.com"], text: expect.stringMatching(link) }]);
    await api["password-resets"].$put({ json: { token, password: "another horse" } });
    await api.session.$post({ json: { ...ANA, password: "another horse" } });
  });

  test("--demo adds an account, says how to sign in, and adds nothing a second time", async () => {
    const { origin, running } = await serveForTest("start", { NOTEJAM_DATA_DIR: newDataDir() }, ["--demo"]);
    const said = /sign in as (\S+) with the password "([^"]+)"/;
    await expect.poll(() => running.stdout, { timeout: 20_000 }).toMatch(said);
    const [, email = "", password = ""] = said.exec(running.stdout) ?? [];
    const api = connected(origin);
    await api.session.$post({ json: { email, password } });
    const everything = async () => ({
      ...(await (await api.notes.$get()).json()),
      ...(await (await api.pads.$get()).json()),
    });

    const first = await everything();
    expect(first.total).toBe(9);
    expect(first.pads).toHaveLength(3);
    expect(first.notes.filter(({ pinnedAt }) => pinnedAt !== null)).toHaveLength(1);
    // Its links lead to its notes.
    const bread = first.notes.find(({ name }) => name === "Bread, slowly");
    const { linkedFrom } = await (await api.notes[":id"].$get({ param: { id: bread?.id ?? "" } })).json();
    expect(linkedFrom.map(({ name }) => name)).toEqual(["Ratatouille"]);

    expect(await addDemo(origin)).toMatch(said);
    expect(await everything()).toEqual(first);
  });

  test("--demo changes nothing that was changed or deleted in the account, and not an account with another password", async () => {
    const { origin } = await serveForTest("start", { NOTEJAM_DATA_DIR: newDataDir() });
    const said = /as (\S+) with the password "([^"]+)"/.exec(await addDemo(origin));
    const [, email = "", password = ""] = said ?? [];
    const api = connected(origin);
    await api.session.$post({ json: { email, password } });
    const { pads } = await (await api.pads.$get()).json();
    await api.pads[":id"].$delete({ param: { id: pads[0]?.id ?? "" } });
    const left = await (await api.notes.$get()).json();

    await addDemo(origin);
    expect(await (await api.notes.$get()).json()).toEqual(left);

    await api.user.password.$put({ json: { currentPassword: password, newPassword: "another horse" } });
    expect(await addDemo(origin)).toContain("was left as it is");
  });
});

describe("a request", () => {
  let site: Serving;
  const api = new HttpApi({
    integration: new InProcessFunction("api", handler),
    onFault: (_, error) => expect.unreachable(error.errorMessage),
  });

  beforeAll(async () => {
    site = await serve("start", { NOTEJAM_DATA_DIR: newDataDir() });
    vi.stubEnv("NOTEJAM_STAGE", "test");
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
  });
  afterAll(() => site.end("SIGKILL"));

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

describe("Ctrl-C", () => {
  test.each<{ signals: NodeJS.Signals[] }>([
    { signals: ["SIGINT"] },
    { signals: ["SIGINT", "SIGINT"] },
    { signals: ["SIGTERM"] },
    { signals: ["SIGHUP"] },
  ])("$signals ends everything with code 0, and frees the port and the data", async ({ signals }) => {
    const dataDir = newDataDir();
    const { running, end, port } = await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });

    expect(await end(...signals)).toEqual({ code: 0, signal: null });
    expect(running.stderr).toBe("");
    expect(readdirSync(join(dataDir, "database")).filter((name) => name.includes("lock"))).toEqual([]);
    const next = await startDistribution(port, () => undefined);
    await next.close();
  });

  test("answers a request under way first", async () => {
    const { running, port } = await serveForTest("start", { NOTEJAM_DATA_DIR: newDataDir() });
    const body = JSON.stringify({ email: "ana@example.com", password: "correct horse" });
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

    running.child.kill("SIGINT");
    sending.end(body);

    expect((await answer).statusCode).toBe(201);
    expect(await running.exit).toMatchObject({ code: 0 });
  });

  test("during the start ends it too, and the next start works", async () => {
    const dataDir = newPath();
    const started = run("start", { NOTEJAM_DATA_DIR: dataDir });
    await expect.poll(() => existsSync(join(dataDir, "database")), { timeout: 20_000 }).toBe(true);

    started.child.kill("SIGINT");

    expect(await started.exit).toEqual({ code: 0, signal: null });
    expect(started.stderr).toBe("");
    await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });
  });
});

test.each([
  { killed: "npm", program: "npm start" },
  { killed: "what npm starts", program: "bootstrap start" },
] as const)(
  "the service ends if $killed is killed, and a start just after that gets its port and its data",
  async ({ program }) => {
    const environment = { NOTEJAM_DATA_DIR: newDataDir() };
    const first = await serveForTest(program, environment);
    await signUp(connected(first.origin));

    first.running.child.kill("SIGKILL");
    const second = await serveForTest("start", { ...environment, PORT: String(first.port) });

    expect(second.port).toBe(first.port);
    await connected(second.origin).session.$post({ json: ANA });
    expect(await second.end("SIGINT")).toEqual({ code: 0, signal: null });
    expect(second.running.stderr).toBe("");
  },
);

test("a start waits a moment for the port and the data of a service that is about to end", async () => {
  const environment = { NOTEJAM_DATA_DIR: newDataDir() };
  const first = await serveForTest("start", environment);
  const starting = serveForTest("start", { ...environment, PORT: String(first.port) });

  // A start needs less than this to see that the port is in use.
  await sleep(2000);
  await first.end("SIGINT");

  expect((await starting).port).toBe(first.port);
});

describe("npm start that can't start says why in one line, with exit code 1,", () => {
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
    const dataDir = newPath();

    expect(await refusal({ NOTEJAM_DATA_DIR: dataDir, PORT: takenPort() })).toContain(
      `Port ${takenPort()} is in use`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  test("if the data directory is in use by another process, which goes on", async () => {
    const dataDir = newDataDir();
    const { origin, running } = await serveForTest("start", { NOTEJAM_DATA_DIR: dataDir });

    const line = await refusal({ NOTEJAM_DATA_DIR: dataDir });

    expect(line).toContain(dataDir);
    expect(line).toContain(`in use by another process (${running.child.pid})`);
    await signUp(connected(origin));
  });

  test("if a file is in the data directory's place, which stays as it is", async () => {
    const file = newPath();
    writeFileSync(file, "a diary");

    expect(await refusal({ NOTEJAM_DATA_DIR: file })).toContain(
      `${file} can't be used: a file has that name`,
    );
    expect(await refusal({ NOTEJAM_DATA_DIR: join(file, "below") })).toContain("a file has that name");
    expect(readFileSync(file, "utf8")).toBe("a diary");
  });

  test("if the database's directory holds something else, which stays as it is", async () => {
    const dataDir = newPath();
    mkdirSync(join(dataDir, "database"), { recursive: true });
    writeFileSync(join(dataDir, "database/diary.txt"), "a diary");

    expect(await refusal({ NOTEJAM_DATA_DIR: dataDir })).toContain(join(dataDir, "database"));
    expect(readdirSync(join(dataDir, "database"))).toEqual(["diary.txt"]);
  });

  test("if the log can't be written", async () => {
    const dataDir = newPath();
    mkdirSync(join(dataDir, "log.jsonl"), { recursive: true });

    expect(await refusal({ NOTEJAM_DATA_DIR: dataDir })).toContain(join(dataDir, "log.jsonl"));
  });

  test.each(["-1", "65536", "3000x", "0x1F", " "])("if PORT is %j", async (port) => {
    expect(await refusal({ PORT: port })).toBe(`PORT must be a whole number from 0 to 65535, not "${port}".`);
  });

  test.each(["localhost", "mysql://me:secret@localhost/notejam", "postgres://me:secret@localhost"])(
    "if DATABASE_URL is %s, without repeating its password",
    async (url) => {
      const line = await refusal({ NOTEJAM_DATA_DIR: newPath(), DATABASE_URL: url });

      expect(line).toMatch(/^DATABASE_URL must be/);
      expect(line).not.toContain("secret");
    },
  );

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
