// The commands of stacks/RUNBOOKS.md are run: shell, jq, SQL and `npm run notes` for real, on a real PostgreSQL and a service over
// it; those of the AWS CLI against stand-ins, and then read by the AWS CLI itself where it is installed.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { signIn } from "@notejam/cli/account";
import { openConnection } from "@notejam/cli/connection";
import { ifMatch } from "@notejam/client";
import { type DataApiServer, startDataApi } from "@notejam/data-api";
import { ROOT } from "@notejam/local/settings";
import { type Serving, serve } from "@notejam/local/testing/command";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { CALLS, HEADERS, writePrograms } from "./programs.ts";
import { FIRST, readRunbooks } from "./runbook.ts";

const sections = readRunbooks();
const first = sections.find(({ heading }) => heading === FIRST)?.commands ?? "";
const HEADINGS = [
  "A lost zone",
  "A lost region",
  "A bad migration",
  "A bad deployment",
  "An erased table",
  "A user's lost note",
  "A leaked secret",
];
const CREDENTIALS = { email: "user@example.com", password: "correct horse battery" };
const hasJq = spawnSync("jq", ["--version"]).status === 0;
const hasAwsCli = spawnSync("python3", ["-c", "import awscli"]).status === 0;

const folder = mkdtempSync(join(tmpdir(), "notejam-runbooks-"));
const work = join(folder, "work");
let service: Serving | undefined;
let dataApi: DataApiServer | undefined;
let note = "";

beforeAll(async () => {
  for (const name of ["work", "data"]) mkdirSync(join(folder, name), { mode: 0o700 });
  writePrograms(join(folder, "programs"));
  dataApi = await dataApiOf({ postgres: "postgres" });
  await rows("postgres", "create database runbooks_now");
  const data = { DATABASE_URL: urlOf("runbooks_now"), NOTEJAM_DATA_DIR: join(folder, "data") };
  service = await serve("start", data);
  await write(service.origin);
  // PostgreSQL copies a database that nobody is connected to.
  await rows("postgres", "alter database runbooks_now allow_connections false");
  await rows(
    "postgres",
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'runbooks_now'",
  );
  await rows("postgres", "create database runbooks_beside template runbooks_now");
  for (const name of ["now", "beside"])
    await rows("postgres", `alter database runbooks_${name} allow_connections true`);
  await dataApi.close();
  dataApi = await dataApiOf({ now: "runbooks_now", beside: "runbooks_beside" });
});
afterAll(async () => {
  await service?.end("SIGTERM");
  await dataApi?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @param databases their names in PostgreSQL, by those in requests */
function dataApiOf(databases: Record<string, string>): Promise<DataApiServer> {
  const options = Object.entries(databases).map(([name, database]) => [
    name,
    { kind: "postgres", url: urlOf(database) },
  ]);
  return startDataApi({ databases: Object.fromEntries(options) });
}

/** The address of a database of the PostgreSQL that the tests share. */
function urlOf(database: string): string {
  return Object.assign(new URL(inject("postgresUrl")), { pathname: `/${database}` }).href;
}

/** More notes than one page of a copy takes, some of them large, with an earlier state. */
async function write(origin: string): Promise<void> {
  const connection = openConnection(origin);
  const { api } = connection;
  await signIn(connection, CREDENTIALS, true);
  const { pad } = await (await api.pads.$post({ json: { name: "Pad" } })).json();
  for (let i = 0; i < 110; i++) {
    const json = { name: `Note ${i}`, text: i < 4 ? `"\\ ü ${i}\n`.repeat(30_000) : "text", padId: pad.id };
    const made = await (await api.notes.$post({ json })).json();
    note = made.note.id;
  }
  await api.notes[":id"].$patch({
    param: { id: note },
    header: ifMatch(1),
    json: { text: "later" },
  });
}

async function run(commands: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const bash = spawn("bash", ["-euo", "pipefail", "-c", `${first}\n${commands}`], {
    cwd: work,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PATH: [join(folder, "programs"), process.env.PATH].join(delimiter),
      DATA_API: dataApi?.url,
      DNS_WAIT: "0",
      NOTEJAM_URL: service?.origin,
      NOTEJAM_PASSWORD: CREDENTIALS.password,
      // What a reader has found before.
      email: CREDENTIALS.email,
      note,
      person: "ana",
      key: "AKIAIOSFODNN7EXAMPLE",
    },
  });
  const [stdout, stderr] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, "exit")]);
  return { code: bash.exitCode, stdout, stderr };
}

/** Of a database of the Data API. */
async function rows(database: string, sql: string): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${dataApi?.url}/Execute`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({
      resourceArn: `arn:aws:rds:::${database}`,
      secretArn: "arn:aws:secretsmanager",
      database,
      sql,
      formatRecordsAs: "JSON",
    }),
  });
  const { formattedRecords, message } = (await answer.json()) as {
    formattedRecords?: string;
    message?: string;
  };
  if (!answer.ok) throw new Error(message);
  return JSON.parse(formattedRecords ?? "[]");
}

function calls(): string[][] {
  const file = join(work, CALLS);
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
}

test("there is a runbook for each of what can be lost or broken, with its RPO, its RTO and how to rehearse it", () => {
  const text = readFileSync(join(ROOT, "stacks/RUNBOOKS.md"), "utf8").split(/^## /m);

  for (const heading of HEADINGS) {
    const section = text.find((one) => one.startsWith(`${heading}\n`)) ?? "";
    for (const part of ["**What you see.**", "**RPO**", "**RTO**", "**To rehearse**"]) {
      expect(section, `${heading}: ${part}`).toContain(part);
    }
  }
});

describe.skipIf(!hasJq)("the commands of a runbook, run in their order", () => {
  test.each(sections.filter(({ heading, commands }) => heading !== FIRST && commands !== ""))(
    "succeed: $heading",
    async ({ commands }) => {
      writeFileSync(join(work, ".env.production"), "NOTEJAM_DOMAIN=notes.example.com\n");

      const { code, stderr } = await run(commands);

      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/jq: |not found/) });
    },
  );

  test("bring a table back that was erased, row by row the same, and leave what was written since", async () => {
    const { commands = "" } = sections.find(({ heading }) => heading === "An erased table") ?? {};
    const [copying = ""] = commands.split("npm run notes");
    const tables = ["note", "revision"];
    const contents = (database: string) =>
      Promise.all(
        tables.map((table) =>
          rows(database, `select md5(string_agg(t::text, ',' order by t::text)) from ${table} t`),
        ),
      );
    const before = await contents("beside");
    await rows("now", "delete from note");
    expect(await rows("now", "select 1 from revision")).toEqual([]);

    for (const table of tables) {
      const { code, stdout, stderr } = await run(copying.replaceAll("table=note", `table=${table}`));
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      if (table === "note") expect(stdout.match(/copied up to/g)?.length).toBeGreaterThan(1);
    }

    expect(await contents("now")).toEqual(before);
    // Ends with the check of the account's chain.
    expect((await run(commands)).stdout).toMatch(/\d+ states checked/);
    await rows("now", `update note set name = 'since' where id = '${note}'`);
    expect((await run(copying)).code).toBe(0);
    expect(await rows("now", `select name from note where id = '${note}'`)).toEqual([{ name: "since" }]);
  });

  test("find a user's notes by what happened to them, and what was deleted for ever", async () => {
    const { commands = "" } = sections.find(({ heading }) => heading === "A user's lost note") ?? {};
    await rows("now", `update note set deleted_at = now() where id = '${note}'`);
    await rows(
      "now",
      `insert into purged select id, 'note', '0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a36', now() from account`,
    );

    const { stdout } = await run(commands.split("npm run notes")[0] ?? "");

    const [notes, purged] = stdout
      .split(/^(?=\[)/m)
      .filter(Boolean)
      .map((one) => JSON.parse(one));
    expect(notes[0]).toMatchObject({ id: note, version: 2 });
    expect(notes[0].deleted_at).not.toBeNull();
    expect(purged).toMatchObject([{ kind: "note", id: "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a36" }]);
    await rows("now", `update note set deleted_at = null where id = '${note}'`);
  });

  test("take the newest copy that is complete, and move the domain by a proof, an alias and an address", async () => {
    const earlier = calls().length;
    const { commands = "" } = sections.find(({ heading }) => heading === "A lost region") ?? {};

    const { stdout } = await run(commands);

    expect(stdout).toContain("arn:aws:rds:newest\n");
    expect(readFileSync(join(work, ".env.production"), "utf8")).toContain(
      "NOTEJAM_RESTORE_FROM=arn:aws:rds:newest\n",
    );
    const changes = calls()
      .slice(earlier)
      .filter(([service, operation]) => service === "route53" && operation === "change-resource-record-sets")
      .map((args) => JSON.parse(args[args.indexOf("--change-batch") + 1] ?? "").Changes[0]);
    const made = changes
      .filter(({ Action }) => Action === "UPSERT")
      .map(({ ResourceRecordSet }) => ResourceRecordSet);
    expect(made).toMatchObject([
      { Name: "_notes.example.com", Type: "TXT", ResourceRecords: [{ Value: '"d1.cloudfront.net"' }] },
      { Name: "notes.example.com", Type: "A", AliasTarget: { DNSName: "d1.cloudfront.net" } },
      { Name: "notes.example.com", Type: "AAAA", AliasTarget: { DNSName: "d1.cloudfront.net" } },
    ]);
    // Route 53 deletes what is the same to the letter.
    const deleted = changes.filter(({ Action }) => Action === "DELETE").map((one) => one.ResourceRecordSet);
    expect(deleted).toEqual(made.filter(({ Type }) => Type === "TXT"));
    expect(readFileSync(join(work, ".env.production"), "utf8")).toContain("\nNOTEJAM_DOMAIN_MOVES=done\n");
  });
});

/** Has the AWS CLI read each call, with its own models, and stops it before it would send something. */
const READ_BY_AWS_CLI = `
import json, sys
from awscli.clidriver import create_clidriver
import botocore.endpoint
sent = []
class Sent(Exception):
    pass
def make_request(self, operation, request):
    sent.append(operation.name)
    raise Sent()
botocore.endpoint.Endpoint.make_request = make_request
wrong = []
driver = create_clidriver()
for line in sys.stdin:
    args = json.loads(line)
    sent.clear()
    try:
        driver.main(args)
    except SystemExit:
        pass
    if not sent:
        wrong.append(args)
print(json.dumps(wrong))
`;

test("each command for AWS is one that the AWS CLI takes", async (context) => {
  if (!hasJq || !hasAwsCli) return context.skip("jq or the AWS CLI (for python3) is not installed");
  const all = [...new Set(calls().map((args) => JSON.stringify(args)))];
  expect(all.length).toBeGreaterThan(20);

  const read = (lines: string[]) =>
    spawnSync("python3", ["-c", READ_BY_AWS_CLI], {
      cwd: work,
      input: lines.join("\n"),
      encoding: "utf8",
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: "example",
        AWS_SECRET_ACCESS_KEY: "example",
        AWS_REGION: "eu-west-1",
        AWS_DEFAULT_REGION: "eu-west-1",
      },
    });
  const wrong = JSON.stringify(["rds", "describe-db-clusters", "--db-cluster-name", "x"]);

  const { stdout, stderr } = read([...all, wrong]);

  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), stderr).toEqual([JSON.parse(wrong)]);
});

test("each npm script that is named is one of this repository", () => {
  const text = readFileSync(join(ROOT, "stacks/RUNBOOKS.md"), "utf8");
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

  const named = new Set([...text.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, name]) => name));

  expect([...named].filter((name) => !(name && name in scripts))).toEqual([]);
  expect(named.size).toBeGreaterThan(2);
});
