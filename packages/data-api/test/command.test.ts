// `notejam-data-api` as people and scripts run it: its output, its signals, its exit codes.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataServiceException,
} from "@aws-sdk/client-rds-data";
import type { Call } from "@notejam/data-api";
import { connectAdmin } from "@notejam/data-api/admin";
import { afterAll, describe, expect, inject, test, vi } from "vitest";
import { Misuse, readArguments } from "../src/command/arguments.ts";
import { CommandRun, VERSION } from "./command-run.ts";
import { ARNS, clientOf, emptyDatabase, text } from "./harness.ts";

const directory = mkdtempSync(join(tmpdir(), "data-api-command-"));
afterAll(() => rmSync(directory, { recursive: true }));

type Statement = Partial<ExecuteStatementCommandInput>;

/** Runs a statement by the SDK against a running command. */
async function execute({ url = "" }: CommandRun, sql: string, options: Statement = {}) {
  const client = clientOf({ url });
  const { records } = await client.send(new ExecuteStatementCommand({ ...ARNS, sql, ...options }));
  return records;
}

test("--help says in lines of at most 100 columns what each flag is for, on standard output", async () => {
  await using run = new CommandRun(["--help"]);

  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(run.stderr).toBe("");
  expect(run.stdout).toMatch(/^Usage: notejam-data-api /);
  for (const flag of FLAGS) expect(run.stdout).toContain(`${flag} `);
  for (const line of run.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

const FLAGS = [
  "--port",
  "--data-dir",
  "--database-url",
  "--database",
  "--max-connections",
  "--resource-arn",
  "--secret-arn",
  "--allow-failed-commit",
  "--latency",
  "--seed",
  "--log",
  "--log-values",
  "--help",
  "--version",
];

test("--version prints the package's version", async () => {
  await using run = new CommandRun(["--version"]);

  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(run.stdout).toBe(`${VERSION}\n`);
});

describe("what is wrong is said in a sentence, before anything starts:", () => {
  const long = "x".repeat(65);
  const url = "postgres://me:topsecret@localhost";
  const port = (given: string) =>
    `option '-p, --port <n>' argument '${given}' is invalid. It must be a whole number from 0 to 65535.`;
  test.each<[args: string[], says: string]>([
    [["--prot", "1"], "unknown option '--prot'. Did you mean --port?"],
    [["--verbose"], "unknown option '--verbose'"],
    [["-x"], "unknown option '-x'"],
    [["--help=yes"], "unknown option '--help=yes'"],
    [["--log-values=yes"], "unknown option '--log-values=yes'"],
    [["start"], "too many arguments. Expected 0 arguments but got 1: start."],
    [["--port"], "option '-p, --port <n>' argument missing"],
    [["--port="], port("")],
    [["--port", "--log"], port("--log")],
    [["--port", "http"], port("http")],
    [["--port", "65536"], port("65536")],
    [["--port=-1"], port("-1")],
    [["--port", "80.5"], port("80.5")],
    [["--data-dir", ""], "option '--data-dir <dir>' argument '' is invalid. It must be a path."],
    [["--data-dir", "--log"], "option '--data-dir <dir>' argument '--log' is invalid. It must be a path."],
    [["--data-dir", "d", "--database-url", `${url}/a`], "--data-dir and --database-url exclude each other"],
    [["--data-dir", "d", "--database", "a/b"], '--database "a/b" can\'t be the name of a directory'],
    [["--data-dir", "d", "--database", ".."], '--database ".." can\'t be the name of a directory'],
    [
      ["--database", long],
      `option '--database <name>' argument '${long}' is invalid. It must have 1 to 64 characters.`,
    ],
    [["--database", "a", "--database", "a"], '--database "a" is given twice.'],
    [["--database", "a", "--database", "1"], '--database "1" must be the first: of several names'],
    [
      ["--database-url", "mysql://me:topsecret@h/a"],
      "--database-url must be an address like postgres://user:",
    ],
    [
      ["--database-url", "postgres://me:top#secret@h/a"],
      "--database-url must be an address like postgres://",
    ],
    [["--database-url", url], "--database-url names no database: it ends in /app, or --database names it."],
    [
      ["--database-url", `${url}/a`, "--max-connections", "0"],
      "option '--max-connections <n>' argument '0' is invalid. It must be a whole number from 1 to 5000.",
    ],
    [["--max-connections", "5"], "--max-connections belongs to --database-url"],
    [
      ["--resource-arn", "arn"],
      "option '--resource-arn <arn>' argument 'arn' is invalid. It must have 11 to 100 characters.",
    ],
    [
      ["--secret-arn", "arn"],
      "option '--secret-arn <arn>' argument 'arn' is invalid. It must have 11 to 100 characters",
    ],
    [
      ["--latency", "17"],
      "option '--latency <time>' argument '17' is invalid. It must be like 17ms, 10-30ms or p50=17ms,p99=120ms.",
    ],
    [["--latency", "30-10ms"], "'30-10ms' is invalid. The smaller time must come first."],
    [["--latency", "p50=9ms,p99=8ms"], "'p50=9ms,p99=8ms' is invalid. The smaller time must come first."],
    [["--latency", "p50=0ms,p99=8ms"], "Its p50 must be above 0ms."],
    [["--latency", "86400001ms"], "It must be at most 86400000ms, which is a day."],
    [
      ["--seed", "0x1"],
      "option '--seed <n>' argument '0x1' is invalid. It must be a whole number from 0 to 4294967295.",
    ],
    [["--log", "xml"], "option '--log [format]' argument 'xml' is invalid. Allowed choices are text, json."],
    [["--log="], "option '--log [format]' argument '' is invalid. Allowed choices are text, json."],
  ])("%j", (args, says) => {
    const reading = () => readArguments(args, {});

    expect(reading).toThrow(Misuse);
    expect(reading).toThrow(says);
    expect(reading).not.toThrow(/top#?secret/);
  });

  test("a DATABASE_URL that is no address", () => {
    expect(() => readArguments([], { DATABASE_URL: "localhost:5432" })).toThrow(
      "DATABASE_URL must be an address like postgres://user:",
    );
  });
});

test.each([
  ["--prot", "unknown option '--prot'. Did you mean --port?"],
  [
    "--secret-arn=a\nb",
    String.raw`option '--secret-arn <arn>' argument 'a\u000ab' is invalid. It must have 11`,
  ],
])("%j ends it with exit code 2, and one line on standard error", async (argument, says) => {
  await using run = new CommandRun([argument]);

  expect(await run.ended).toEqual({ code: 2, signal: null });
  expect(run.stdout).toBe("");
  expect(run.lines).toEqual([expect.stringContaining(`notejam-data-api: ${says}`)]);
  expect(run.stderr).toMatch(/ See --help\.\n$/);
});

test("in memory it says so, has a database postgres, and ends with 0 after Ctrl-C, which npm may pass on twice", async () => {
  await using run = await CommandRun.start(["--latency", "0-2ms", "--seed", "7"]);

  expect(run.stdout).toBe(
    `The RDS Data API is at ${run.url}
Databases in memory, gone when this ends (--data-dir keeps them): postgres
AWS_ENDPOINT_URL_RDS_DATA=${run.url} leads SDKs and the AWS CLI there, with any credentials and any ARNs.
Latencies are drawn from --seed 7.
`,
  );
  expect(await execute(run, "select 1", { database: "postgres" })).toEqual([[{ longValue: 1 }]]);
  expect(await connectAdmin(run.url ?? "").faults.list()).toMatchObject({
    seed: 7,
    latency: { kind: "uniform", minMs: 0, maxMs: 2 },
  });

  run.child.kill("SIGINT");
  expect(await run.stop("SIGINT")).toEqual({ code: 0, signal: null });
  expect(run.stderr).toBe("");
});

/** Of `pg_control`: whether the database was shut down, rather than left to be recovered. */
async function wasShutDown(database: string): Promise<boolean> {
  const control = await readFile(join(database, "postgres", "global", "pg_control"));
  const DB_SHUTDOWNED = 1; // the state follows 16 bytes of identifiers: src/include/catalog/pg_control.h
  return control.readInt32LE(16) === DB_SHUTDOWNED;
}

test("in a directory each database has one of its own, which one process uses, and which the next finds as it was", async () => {
  const dataDir = join(directory, "kept");
  const args = ["--data-dir", dataDir, "--database", "app", "--database", "audit"];
  {
    await using run = await CommandRun.start(args);
    expect(run.stdout).toContain(`\nDatabases in ${dataDir}: app, audit\n`);
    await execute(run, "create table kept as select 7 as n");
    await execute(run, "create table kept as select 8 as n", { database: "audit" });
    await expect(execute(run, "select 1", { database: "postgres" })).rejects.toThrow(
      'database "postgres" does not exist',
    );

    await using second = new CommandRun(["--port", "0", ...args]);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.lines).toEqual([
      expect.stringMatching(
        /^notejam-data-api: The data directory .*kept\/a\w+ is in use by another process \(\d+\)\. Stop that one, or choose another directory\.$/,
      ),
    ]);
    expect(await run.stop("SIGTERM")).toEqual({ code: 0, signal: null });
  }
  expect(await wasShutDown(join(dataDir, "app"))).toBe(true);
  expect(await wasShutDown(join(dataDir, "audit"))).toBe(true);

  await using again = await CommandRun.start(args);
  expect(await execute(again, "select n from kept")).toEqual([[{ longValue: 7 }]]);
  expect(await execute(again, "select n from kept", { database: "audit" })).toEqual([[{ longValue: 8 }]]);
});

test("over PostgreSQL each name replaces the one in the URL, with so many connections as were allowed", async () => {
  const [first, second] = [new URL(await emptyDatabase()), new URL(await emptyDatabase())];
  const names = [first, second].map(({ pathname }) => pathname.slice(1));
  await using run = await CommandRun.start([
    ...["--database-url", inject("postgresUrl"), "--max-connections", "1"],
    ...names.flatMap((name) => ["--database", name]),
  ]);

  expect(run.stdout).toContain(`\nDatabases on PostgreSQL at ${first.host}: ${names.join(", ")}\n`);
  expect(run.stdout).not.toContain(first.password);
  const current = "select current_database(), pg_backend_pid()";
  const answers = await Promise.all(
    [undefined, undefined, undefined, names[1]].map((database) => execute(run, current, { database })),
  );
  const rows = answers.map((answer) => answer?.[0]?.flatMap(Object.values));
  expect(rows.map((row) => row?.[0])).toEqual([names[0], names[0], names[0], names[1]]);
  expect(new Set(rows.map((row) => row?.[1])).size).toBe(2);
});

test("DATABASE_URL stands for --database-url, and any flag that says otherwise goes before it", async () => {
  const address = await emptyDatabase();
  const name = new URL(address).pathname.slice(1);
  await using run = await CommandRun.start([], { DATABASE_URL: address });
  const dataDir = ["--data-dir", join(directory, "rather")];
  await using embedded = await CommandRun.start(dataDir, { DATABASE_URL: address });

  expect(run.stdout).toMatch(new RegExp(`\nDatabases on PostgreSQL at .* \\(DATABASE_URL\\): ${name}\n`));
  expect(await execute(run, "select current_database()")).toEqual([[{ stringValue: name }]]);
  expect(embedded.stdout).toContain("rather: postgres\n");
});

test("only the ARNs that it was given are let in", async () => {
  const other = "arn:aws:rds:eu-west-1:000000000000:cluster:other";
  const secrets = ["--secret-arn", ARNS.secretArn, "--secret-arn", "arn:aws:another"];
  await using run = await CommandRun.start(["--resource-arn", ARNS.resourceArn, ...secrets], {
    DATABASE_URL: inject("postgresUrl"),
  });

  expect(run.stdout).toContain("with any credentials and the ARNs given here.");
  expect(await execute(run, "select 1", { secretArn: "arn:aws:another" })).toHaveLength(1);
  await expect(execute(run, "select 1", { resourceArn: other })).rejects.toThrow(other);
  await expect(execute(run, "select 1", { secretArn: other })).rejects.toThrow(other);
});

test("--access-key-id lets in what is signed with the id in its file, and nothing else", async () => {
  const file = join(directory, "access-key-id");
  await writeFile(file, "of-this-start\n");
  await using run = await CommandRun.start(["--access-key-id", file]);
  const ask = (accessKeyId: string) => connectAdmin(run.url ?? "", accessKeyId).calls.counts();

  expect(run.stdout).toContain("with the access key id given here and any ARNs.");
  await expect(execute(run, "select 1")).rejects.toThrow("The access key id of the request is not the one");
  await expect(ask("of-that-start")).rejects.toThrow("The access key id");
  expect(await ask("of-this-start")).toMatchObject({ all: 0 });
});

test("--secrets says which role each secret stands for", async () => {
  const file = join(directory, "secrets.json");
  const app = { username: `app_${randomUUID().slice(0, 8)}`, password: "topsecret" };
  await writeFile(file, JSON.stringify({ [ARNS.secretArn]: "owner", "arn:aws:app": app }));
  await using run = await CommandRun.start(["--secrets", file], { DATABASE_URL: inject("postgresUrl") });

  await execute(run, `create role ${app.username} login password '${app.password}'`);

  expect(run.stdout).toContain("with any credentials and the ARNs given here.");
  const who = await execute(run, "select session_user::text", { secretArn: "arn:aws:app" });
  expect(who).toEqual([[{ stringValue: app.username }]]);
  await expect(execute(run, "select 1", { secretArn: "arn:aws:another" })).rejects.toThrow("arn:aws:another");
  await execute(run, `drop role ${app.username}`);
});

test.each([
  ["nowhere.json", undefined, /^notejam-data-api: --secrets ".*nowhere\.json" can't be read: ENOENT/],
  ["no-json.json", "topsecret", /^notejam-data-api: --secrets ".*no-json\.json" must have JSON like/],
  [
    "no-username.json",
    '{"arn:aws:app": {"password": "topsecret"}}',
    /^notejam-data-api: secrets\.arn:aws:app must be "owner", or an object with a username and a password\./,
  ],
])("--secrets %s is refused in a line that says what is wrong", async (name, content, says) => {
  const file = join(directory, name);
  if (content) await writeFile(file, content);
  await using run = new CommandRun(["--port", "0", "--secrets", file]);

  expect(await run.ended).toEqual({ code: 2, signal: null });
  expect(run.lines).toEqual([expect.stringMatching(says)]);
  expect(run.stderr).not.toContain("topsecret");
});

/** Calls of every kind: two rows with a parameter, a failure, and a transaction with an update. */
async function callOfEachKind(run: CommandRun) {
  const client = clientOf({ url: run.url ?? "" });
  await execute(run, "select :word\n  as word\tunion select 'b'", {
    parameters: [text("word", "confidential")],
  });
  await expect(execute(run, "select 1 / 0")).rejects.toThrow(RDSDataServiceException);
  await execute(run, "create table counted (n int)");
  const { transactionId } = await client.send(new BeginTransactionCommand(ARNS));
  await execute(run, "insert into counted values (1), (2)", { transactionId });
  await client.send(new CommitTransactionCommand({ ...ARNS, transactionId }));
  await connectAdmin(run.url ?? "").faults.plan({ kind: "drop", when: "before" });
  await expect(execute(run, "select '\u001b[2J'")).rejects.toThrow();
  await vi.waitUntil(() => run.lines.length >= 7);
  return transactionId;
}

test("--allow-failed-commit answers a commit after an error as AWS does", async () => {
  await using run = await CommandRun.start(["--allow-failed-commit"], {
    DATABASE_URL: await emptyDatabase(),
  });
  const client = clientOf({ url: run.url ?? "" });
  const { transactionId } = await client.send(new BeginTransactionCommand(ARNS));
  await expect(execute(run, "select 1 / 0", { transactionId })).rejects.toThrow("22012");

  const { transactionStatus } = await client.send(new CommitTransactionCommand({ ...ARNS, transactionId }));

  expect(transactionStatus).toBe("Transaction Committed");
});

test("--log prints a line a call, and no values", async () => {
  const environment = { DATABASE_URL: await emptyDatabase(), TZ: "Asia/Tokyo" };
  await using run = await CommandRun.start(["--log", "--latency", "3ms"], environment);

  const transactionId = await callOfEachKind(run);

  const parts = (facts: string) => String.raw`\d+\.\d ms \(latency 3\.0, (?:waited \d+\.\d, )?${facts}\)`;
  const tx = `tx ${transactionId?.slice(0, 8)}`.replaceAll("+", "\\+");
  const lines = [
    `ExecuteStatement      ok  ${parts("database .*")}  2 rows  select :word as word union select 'b'`,
    `ExecuteStatement      DatabaseErrorException 22012  ${parts("database .*")}  select 1 / 0`,
    `ExecuteStatement      ok  ${parts("database .*")}  0 updated  create table counted \\(n int\\)`,
    `BeginTransaction      ok  .*  ${tx}`,
    `ExecuteStatement      ok  .*  2 updated  ${tx}  insert into counted values \\(1\\), \\(2\\)`,
    `CommitTransaction     ok  .*  ${tx}`,
    `ExecuteStatement      cut \\(fault: drop\\)  .*  select '·\\[2J'`,
  ];
  expect(run.lines).toEqual(lines.map((line) => expect.stringMatching(new RegExp(`^${TIME} ${line}$`))));
  expect(run.stderr).not.toContain("confidential");
  const hourInTokyo = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(11, 13);
  expect(run.lines.at(-1)?.slice(0, 2)).toBe(hourInTokyo);
});

const TIME = String.raw`\d\d:\d\d:\d\d\.\d{3}`;

test("--log json prints each call as JSON, and --log-values puts the values in", async () => {
  await using run = await CommandRun.start(["--log", "json"], { DATABASE_URL: await emptyDatabase() });
  const existing = { DATABASE_URL: inject("postgresUrl") };
  await using open = await CommandRun.start(["--log=json", "--log-values"], existing);
  await using read = await CommandRun.start(["--log-values"], existing);

  const transactionId = await callOfEachKind(run);
  for (const other of [open, read]) {
    await execute(other, "select :word", { parameters: [text("word", "confidential")] });
    await vi.waitUntil(() => other.lines.length > 0);
  }

  const calls = run.lines.map((line): Call => JSON.parse(line));
  expect(calls).toMatchObject([
    { operation: "ExecuteStatement", status: 200, rows: 2, sql: "select :word\n  as word\tunion select 'b'" },
    { operation: "ExecuteStatement", status: 400, errorType: "DatabaseErrorException" },
    { recordsUpdated: 0 },
    { operation: "BeginTransaction", transactionId },
    { recordsUpdated: 2, transactionId },
    { operation: "CommitTransaction", transactionId },
    { status: 0, fault: "drop" },
  ]);
  expect(run.stderr).not.toContain("confidential");
  const parameters = [[{ name: "word", value: { stringValue: "confidential" } }]];
  expect(JSON.parse(open.lines[0] ?? "")).toMatchObject({ parameters });
  expect(read.lines[0]).toMatch(/ select :word {2}:word="confidential"$/);
});

test("a port that is taken is named", async () => {
  const { port, close } = await listening();

  await using run = new CommandRun(["--port", String(port), "--database-url", inject("postgresUrl")]);

  expect(await run.ended).toEqual({ code: 1, signal: null });
  expect(run.stderr).toBe(
    `notejam-data-api: Port ${port} is taken. Stop what listens there, or choose another by --port (0: a free one).\n`,
  );
  close();
});

describe("a database that can't be reached is named without its password:", () => {
  test.each<[what: string, url: () => string, says: RegExp]>([
    ["nobody listens", () => "postgres://me:topsecret@127.0.0.1:1/app", /127\.0\.0\.1:1\/app .*ECONNREFUSED/],
    [
      "no such socket",
      () => "postgres://me:topsecret@localhost/app?host=/nowhere",
      /at \/nowhere\/app .*ENOENT/,
    ],
    [
      "no such database",
      () => inject("postgresUrl").replace(/[^/]*$/, "missing"),
      /"missing" does not exist/,
    ],
  ])("%s", async (_, address, says) => {
    await using run = new CommandRun(["--port", "0", "--database-url", address()]);

    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.lines).toEqual([expect.stringMatching(says)]);
    expect(run.stderr).not.toContain(new URL(address()).password);
  });
});

test("a second Ctrl-C ends it at once where the database lets it wait", async () => {
  const silent = await listening();
  await using run = new CommandRun([
    "--port",
    "0",
    "--database-url",
    `postgres://me@127.0.0.1:${silent.port}/app`,
  ]);
  await silent.connected;

  const again = setInterval(() => run.child.kill("SIGINT"), 50);
  expect(await run.ended).toEqual({ code: 130, signal: null });
  expect(run.stderr).toBe("");
  clearInterval(again);
  silent.close();
});

/** Something that listens on a port and says nothing. */
async function listening() {
  const server = createServer();
  const connected = once(server, "connection");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, connected, close: () => server.close() };
}

test.each(["stdout", "stderr"] as const)(
  "it ends quietly when nobody reads its %s any more",
  async (stream) => {
    await using run = new CommandRun(["--port", "0", "--log"], { DATABASE_URL: inject("postgresUrl") });
    if (stream === "stdout") run.child.stdout.destroy();
    else {
      await vi.waitUntil(() => run.url !== undefined, { timeout: 30_000 });
      run.child.stderr.destroy();
      await execute(run, "select 1").catch(() => undefined); // the end may come before the answer
    }

    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stderr).toBe("");
  },
);
