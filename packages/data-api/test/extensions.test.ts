// What CREATE EXTENSION makes of the embedded database: the extensions that it brings work as on Aurora, and stay.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecuteStatementCommand, type Field } from "@aws-sdk/client-rds-data";
import { type DatabaseOptions, startDataApi } from "@notejam/data-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ARNS, clientOf, DataApi, emptyDump, text } from "./harness.ts";

describe("an extension of the embedded database", () => {
  const api = new DataApi("pglite");

  test("is made as on Aurora, each of those that are listed as available", async () => {
    const { records = [] } = await api.execute("select name from pg_available_extensions order by name");
    const names = records.map(([name]) => name?.stringValue ?? "");
    expect(names).toEqual(
      expect.arrayContaining([
        "citext",
        "hstore",
        "moddatetime",
        "pg_trgm",
        "pgcrypto",
        "unaccent",
        "uuid-ossp",
      ]),
    );
    for (const name of names) await api.execute(`create extension if not exists "${name}" cascade`);
    const made = await api.value("select count(*) from pg_extension");
    expect(made).toEqual({ longValue: names.length });
  });

  const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  test.each<[string, string, Field]>([
    ["citext", "select 'Ann'::citext = 'ANN'", { booleanValue: true }],
    ["citext", "select 'Ann'::citext", { stringValue: "Ann" }],
    ["pg_trgm", "select similarity('word', 'words')::float8 > 0.5", { booleanValue: true }],
    [
      "pgcrypto",
      "select encode(digest('a', 'md5'), 'hex')",
      { stringValue: "0cc175b9c0f1b6a831c399e269772661" },
    ],
    [
      "pgcrypto",
      "select pgp_sym_decrypt(pgp_sym_encrypt('secret', 'key'), 'key')",
      { stringValue: "secret" },
    ],
    ["unaccent", "select unaccent('Hôtel')", { stringValue: "Hotel" }],
    ["uuid-ossp", "select uuid_generate_v4()", { stringValue: expect.stringMatching(uuid) }],
    ["hstore", "select ('a=>1'::hstore)->'a'", { stringValue: "1" }],
    ["fuzzystrmatch", "select levenshtein('kitten', 'sitting')", { longValue: 3 }],
  ])("%s answers: %s", async (name, sql, field) => {
    await api.execute(`create extension if not exists "${name}"`);
    expect(await api.value(sql)).toEqual(field);
  });

  test("serves an index: trigrams, case-insensitive keys, exclusion by a range", async () => {
    for (const name of ["pg_trgm", "citext", "btree_gist"]) {
      await api.execute(`create extension if not exists ${name}`);
    }
    await api.execute("create table member (email citext primary key, name text)");
    await api.execute("create index on member using gin (name gin_trgm_ops)");
    await api.execute("insert into member values ('Ann@example.com', 'Ann Lee')");
    expect(
      await api.value("select name from member where email = :email::citext", [
        text("email", "ann@EXAMPLE.com"),
      ]),
    ).toEqual({ stringValue: "Ann Lee" });
    await expect(api.execute("insert into member values ('ann@example.COM', 'Other')")).rejects.toThrow(
      "SQLState: 23505",
    );
    await api.execute(
      "create table loan (book int, span int4range, exclude using gist (book with =, span with &&))",
    );
    await api.execute("insert into loan values (1, '[1,5)')");
    await expect(api.execute("insert into loan values (1, '[4,9)')")).rejects.toThrow("SQLState: 23P01");
  });

  test("that does not exist is PostgreSQL's error", async () => {
    await expect(api.execute("create extension postgis")).rejects.toThrow(
      'extension "postgis" is not available',
    );
  });
});

describe("a database with extensions", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "data-api-extensions-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function open(database: Omit<Extract<DatabaseOptions, { kind: "pglite" }>, "kind">) {
    const server = await startDataApi({ databases: { kept: { kind: "pglite", ...database } } });
    const client = clientOf(server);
    const execute = async (sql: string) =>
      (await client.send(new ExecuteStatementCommand({ ...ARNS, sql }))).records;
    return { server, execute, [Symbol.asyncDispose]: () => server.close() };
  }

  test("has them after a failover, a restart and in a dump of it", async () => {
    const found = "select count(*) from member where email = 'ANN' and digest(email, 'sha256') is not null";
    const dataDir = join(directory, "kept");
    {
      await using first = await open({ dataDir, loadFrom: await emptyDump() });
      await first.execute("create extension citext");
      await first.execute("create extension pgcrypto");
      await first.execute("create table member (email citext primary key)");
      await first.execute("insert into member values ('Ann')");
      await first.server.faults.failover({ ms: 0 });
      expect(await first.execute(found)).toEqual([[{ longValue: 1 }]]);
    }
    await using second = await open({ dataDir });
    expect(await second.execute(found)).toEqual([[{ longValue: 1 }]]);
    await using copy = await open({ loadFrom: await second.server.dump() });
    expect(await copy.execute(found)).toEqual([[{ longValue: 1 }]]);
  });
});
