// What the application's role can do and what it can't, on both engines, as the role that a deployment made.
import { randomUUID } from "node:crypto";
import { type DataApiServer, startDataApi } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { asOwner, EMBEDDED_APPLICATION, rows, SECRETS, startDatabase } from "../../test/database.ts";
import { ENV } from "../config.ts";
import { database } from "../db/client.ts";
import { type ApplicationRole, prepareApplicationRole, setApplicationPassword } from "./application-role.ts";
import { migrate, readMigrations } from "./migrate.ts";

const MIGRATIONS = readMigrations(new URL("../../migrations/", import.meta.url));
const PASSWORD = "another-correct-horse-battery";
const DENIED = { cause: { message: expect.stringMatching(/SQLState: 42501$/) } };

/** Runs a statement as the application, which the environment names. */
const run = async (statement: string) => (await database().execute(sql.raw(statement))).rows;

const prepare = (role: ApplicationRole) => asOwner(() => prepareApplicationRole(role));

describe.each(["PGlite", "PostgreSQL"])("over %s", (engine) => {
  let server: DataApiServer;
  let username: string;
  beforeAll(async () => {
    server = await startDatabase(engine === "PGlite" ? inject("migratedDatabase") : inject("postgresUrl"));
    username = String((await run("select current_user::text as name"))[0]?.name);
  });
  afterAll(() => server?.close());

  test("the application reads and writes rows", async () => {
    const id = randomUUID();
    const inserted = await run(`insert into account (id, email, password_hash, created_at)
      values ('${id}', '${id}@example.com', '', now()) returning id`);
    await run(`update account set epoch = 5 where id = '${id}'`);
    const locked = await run(`select epoch from account where id = '${id}' for update`);
    const deleted = await run(`delete from account where id = '${id}' returning id`);

    expect([inserted, locked, deleted]).toEqual([[{ id }], [{ epoch: 5 }], [{ id }]]);
  });

  test.each([
    "create table mine (n int)",
    "create temporary table mine (n int)",
    "create index mine on note (name)",
    "create schema mine",
    "create function mine() returns int language sql return 1",
    "create role mine",
    "create database mine",
    "alter table note add mine text",
    "drop table note",
    "truncate note",
    "select name from migration",
    "insert into migration (name) values ('mine')",
    "delete from migration",
    "select owner from migration_lease",
    "set role pg_read_all_data",
  ])("the application can't %s", async (statement) => {
    await expect(run(statement)).rejects.toMatchObject(DENIED);
  });

  test("the application can use a table that a later migration makes, with its sequence", async () => {
    const later = {
      name: "20991231235959_later",
      sql: "create table later (n int generated always as identity, s serial, text text)",
    };
    await asOwner(() => migrate([...MIGRATIONS, later]));

    expect(await run("insert into later (text) values ('a') returning n, s, text")).toEqual([
      { n: 1, s: 1, text: "a" },
    ]);
    await expect(run("drop table later")).rejects.toMatchObject(DENIED);
    await rows(sql`drop table later`);
    await rows(sql`delete from migration where name = ${later.name}`);
  });

  test("what the role was given by hand is taken from it again", async () => {
    await rows(sql.raw(`grant truncate on purged to "${username}"`));
    await rows(sql.raw(`grant create on schema public to "${username}"`));
    const [current] = await rows(sql`select quote_ident(current_database()) as name`);
    await rows(sql.raw(`grant temporary on database ${current?.name} to public`));
    await run("truncate purged");
    await run("create temporary table mine (n int)");

    await prepare({ username, password: PASSWORD });

    for (const statement of [
      "truncate purged",
      "create table mine (n int)",
      "create temporary table mine (n int)",
    ]) {
      await expect(run(statement)).rejects.toMatchObject(DENIED);
    }
  });

  test("no statement has the password", async () => {
    server.calls.clear();
    await prepare({ username, password: PASSWORD });

    const sent = server.calls.last.map((call) => call.sql ?? "");
    expect(sent.filter((statement) => statement.includes("SCRAM-SHA-256$4096:"))).toHaveLength(1);
    expect(sent.join()).not.toContain(PASSWORD);
  });

  test("two deployments at once take turns", async () => {
    const role = { username, password: PASSWORD };

    await asOwner(() => Promise.all([prepareApplicationRole(role), prepareApplicationRole(role)]));

    await expect(run("select 1 as n")).resolves.toEqual([{ n: 1 }]);
  });

  test.each([
    ["", "lower-case letters"],
    ["Notejam", "lower-case letters"],
    ['notejam"; drop table note; --', "lower-case letters"],
    ["a".repeat(64), "lower-case letters"],
    ["public", "PostgreSQL's own names"],
    ["none", "PostgreSQL's own names"],
    ["pg_monitor", "PostgreSQL's own names"],
  ])("the name %j is refused before anything is sent", async (name, says) => {
    server.calls.clear();
    await expect(prepare({ username: name, password: PASSWORD })).rejects.toThrow(says);
    expect(server.calls.last).toEqual([]);
  });

  test.each(["", "short", "has a space in it", "passwörter sind lang", "x".repeat(129)])(
    "the password %j is refused, and not repeated",
    async (password) => {
      const refused = await prepare({ username, password }).catch((error: Error) => error.message);
      expect(refused).toBe(
        "The password of the application's secret must have 16 to 128 printable ASCII characters without spaces.",
      );
    },
  );

  test("a role that can do more is refused, and left as it is", async () => {
    const other = `other_${randomUUID().slice(0, 8)}`;
    await rows(sql.raw(`create role ${other} createdb`));

    const refused = prepare({ username: other, password: PASSWORD });

    await expect(refused).rejects.toThrow(
      `The role "${other}" must be able to read and write rows only, but it can make databases. Give the application a role of its own.`,
    );
    expect(await rows(sql`select rolcanlogin login from pg_roles where rolname = ${other}`)).toEqual([
      { login: false },
    ]);
    await rows(sql.raw(`drop role ${other}`));
    const [owner] = await rows<{ name: string }>(sql`select current_user::text as name`);
    await expect(prepare({ username: owner?.name ?? "", password: PASSWORD })).rejects.toThrow(
      "is the one that migrates",
    );
  });

  test("code that is older than the database sets the password, and leaves the rights as they are", async () => {
    await rows(sql.raw(`grant truncate on purged to "${username}"`));

    await asOwner(() => setApplicationPassword({ username, password: PASSWORD }));

    await expect(run("truncate purged")).resolves.toEqual([]);
    await prepare({ username, password: PASSWORD });
  });
});

describe("over PostgreSQL", () => {
  /** Logs in by itself. @throws Error if the password is wrong */
  async function logIn(role: ApplicationRole): Promise<void> {
    const url = new URL(inject("postgresUrl"));
    Object.assign(url, { ...role, pathname: `/${process.env[ENV.databaseName]}` });
    const server = await startDataApi({ databases: { postgres: { kind: "postgres", url: url.href } } });
    await server.close();
  }

  test("another password replaces the one before", async () => {
    const server = await startDatabase(inject("postgresUrl"));
    const username = `${process.env[ENV.databaseName]}_app`;
    const [old, replaced] = [EMBEDDED_APPLICATION.password, PASSWORD].map((password) => ({
      username,
      password,
    }));
    if (!old || !replaced) throw new Error("There are two.");
    await logIn(old);

    await prepare(replaced);

    await logIn(replaced);
    await expect(logIn(old)).rejects.toThrow(`password authentication failed for user "${username}"`);
    await server.close();
  });

  test("two databases whose deployments set one role's password at once are both done", async () => {
    const names = ["one", "two"].map((word) => `shared_${word}_${randomUUID().slice(0, 8)}`);
    const at = (name: string) => Object.assign(new URL(inject("postgresUrl")), { pathname: `/${name}` }).href;
    const first = await startDataApi({ databases: { postgres: { kind: "postgres", url: at("postgres") } } });
    process.env.AWS_ENDPOINT_URL_RDS_DATA = first.url;
    process.env[ENV.databaseName] = "postgres";
    for (const name of names) await run(`create database ${name}`);
    await first.close();
    const server = await startDataApi({
      databases: Object.fromEntries(names.map((name) => [name, { kind: "postgres", url: at(name) }])),
      secrets: { [SECRETS.owner]: "owner" },
    });
    process.env.AWS_ENDPOINT_URL_RDS_DATA = server.url;
    const role = { username: `${names[0]}_app`, password: PASSWORD };
    /** Takes the database from the environment when it is called. */
    const inEach = (work: () => Promise<unknown>) =>
      Promise.all(
        names.map((name) => {
          process.env[ENV.databaseName] = name;
          return work();
        }),
      );

    await asOwner(async () => {
      await inEach(() => migrate([]));
      for (let i = 0; i < 10; i++) await inEach(() => prepareApplicationRole(role));
    });

    await logIn(role);
    await server.close();
  });
});
