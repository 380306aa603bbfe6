// An index that is built concurrently: by two deployments at once, after one that crashed, and where it can't be built.
import {
  BeginTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from "@aws-sdk/client-rds-data";
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { asOwner, rows, SECRETS, startDatabase } from "../../test/database.ts";
import { config, ENV } from "../config.ts";
import { concurrentIndexOf, inTransaction } from "./concurrent-index.ts";
import { type Migration, migrate } from "./migrate.ts";

const TABLE = { name: "20990101000000_table", sql: "create table thing (n int)" };
const INDEX = {
  name: "20990102000000_index",
  sql: '-- Without blocking writes.\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "thing_n" ON "thing" ("n");\n',
};
const BOTH = [TABLE, INDEX];

const deploy = (migrations: Migration[] = BOTH) => asOwner(() => migrate(migrations));

const indexes = () =>
  rows(sql`select relname::text as name, indisvalid as valid from pg_index join pg_class on oid = indexrelid
    where indrelid = 'thing'::regclass order by 1`);
const recorded = async () => (await rows(sql`select name from migration order by 1`)).map(({ name }) => name);
const leases = () => rows(sql`select name from migration_lease`);

/** A transaction of the owner's, which an index that is built concurrently waits for. */
async function openTransaction() {
  const client = new RDSDataClient({});
  const { resourceArn, database } = config.database;
  const arns = { resourceArn, secretArn: SECRETS.owner };
  const { transactionId } = await client.send(new BeginTransactionCommand({ ...arns, database }));
  return {
    run: (sql: string) => client.send(new ExecuteStatementCommand({ ...arns, database, transactionId, sql })),
    end: () => client.send(new RollbackTransactionCommand({ ...arns, transactionId })),
  };
}

const BUILT = [{ name: "thing_n", valid: true }];

describe.each(["PGlite", "PostgreSQL"])("over %s", (engine) => {
  let server: DataApiServer;
  beforeAll(async () => {
    server = await startDatabase(engine === "PostgreSQL" ? inject("postgresUrl") : undefined, {
      migrated: false,
    });
    process.env[ENV.databaseWaitSeconds] = "120";
  });
  afterAll(async () => {
    delete process.env[ENV.databaseWaitSeconds];
    await server?.close();
  });
  beforeEach(async () => {
    await rows(sql`drop schema public cascade`);
    await rows(sql`create schema public`);
    server.calls.clear();
  });

  test("the index is built in no transaction, and recorded", async () => {
    expect(await deploy()).toEqual({ applied: [TABLE.name, INDEX.name], newer: [] });

    expect([await indexes(), await recorded(), await leases()]).toEqual([
      BUILT,
      [TABLE.name, INDEX.name],
      [],
    ]);
    const call = server.calls.last.find(({ sql }) => sql === INDEX.sql);
    expect(call).toMatchObject({ status: 200 });
    expect(call).not.toHaveProperty("transactionId");
    expect(await deploy()).toEqual({ applied: [], newer: [] });
  });

  test("a unique index that the rows don't allow fails the deployment, and leaves nothing; it is built when they do", async () => {
    await deploy([TABLE]);
    await rows(sql`insert into thing values (1), (1)`);

    await expect(deploy()).rejects.toThrow("SQLState: 23505");

    expect([await indexes(), await recorded(), await leases()]).toEqual([[], [TABLE.name], []]);
    await rows(sql`delete from thing`);
    expect((await deploy()).applied).toEqual([INDEX.name]);
    expect(await indexes()).toEqual(BUILT);
  });

  test.each([
    ["when it is done", { kind: "drop", when: "after" }],
    ["before it has begun", { kind: "status", status: 504, when: "before" }],
    ["because it takes longer than a call", { kind: "statement-timeout", when: "after" }],
  ] as const)("a build whose answer is lost %s is found in the catalogue", async (_, fault) => {
    server.faults.plan({ ...fault, matching: "INDEX CONCURRENTLY" });

    expect((await deploy()).applied).toEqual([TABLE.name, INDEX.name]);

    expect(server.faults.list().planned).toEqual([]);
    expect([await indexes(), await recorded()]).toEqual([BUILT, [TABLE.name, INDEX.name]]);
  });

  test("a deployment that crashed holds the next one until its lease ends", async () => {
    await deploy([TABLE]);
    await rows(sql`insert into migration_lease (name, owner, until)
      values (${INDEX.name}, 'crashed', now() + interval '2 minutes')`);

    const next = deploy();
    const attempts = () => server.calls.last.filter(({ sql }) => sql?.includes("migration_lease as"));
    await vi.waitUntil(() => attempts().length > 1, { timeout: 20_000 });
    expect(await indexes()).toEqual([]);
    await rows(sql`update migration_lease set until = now()`);

    expect((await next).applied).toEqual([INDEX.name]);
    expect([await indexes(), await leases()]).toEqual([BUILT, []]);
  });

  if (engine === "PGlite") return;

  test("what a crashed build left is removed, and built again", async () => {
    await deploy([TABLE]);
    await rows(sql`insert into thing values (1), (1)`);
    await expect(rows(sql.raw(INDEX.sql))).rejects.toThrow();
    expect(await indexes()).toEqual([{ name: "thing_n", valid: false }]);
    await rows(sql`delete from thing`);

    expect((await deploy()).applied).toEqual([INDEX.name]);

    expect(await indexes()).toEqual(BUILT);
  });

  test("two deployments at once build it once", async () => {
    await deploy([TABLE]);
    const both = await asOwner(() => Promise.all([migrate(BOTH), migrate(BOTH)]));

    expect(both.flatMap(({ applied }) => applied)).toEqual([INDEX.name]);
    expect(server.calls.last.filter(({ sql }) => sql === INDEX.sql)).toHaveLength(1);
    expect([await indexes(), await leases()]).toEqual([BUILT, []]);
  });

  test("a build that goes on after its deployment has gone is waited for, and not begun again", async () => {
    await deploy([TABLE]);
    const writer = await openTransaction();
    await writer.run("insert into thing values (1)");
    // The deployment that began it crashed: its statement waits for the writer, and nobody waits for the statement.
    const begun = rows(sql.raw(INDEX.sql));
    await vi.waitUntil(async () => (await indexes()).length > 0, { timeout: 20_000 });

    const next = deploy();
    await vi.waitUntil(() => server.calls.last.some(({ sql }) => sql?.includes("pg_stat_progress")), {
      timeout: 20_000,
    });
    await writer.end();

    expect((await next).applied).toEqual([INDEX.name]);
    await begun;
    expect(server.calls.last.filter(({ sql }) => sql === INDEX.sql)).toHaveLength(1);
    expect(await indexes()).toEqual(BUILT);
  });
});

test.each([
  "create index concurrently a on b (c);\ncreate table d ()",
  "create table d ();--> statement-breakpoint\nCREATE INDEX CONCURRENTLY a ON b (c);",
  "drop index concurrently a",
  "create index concurrently on b (c)",
])("a migration that is more than an index by its name, or another one, is refused: %s", (statement) => {
  expect(() => concurrentIndexOf({ name: "20990102000000_two", sql: statement })).toThrow(
    'The migration 20990102000000_two must have "create index concurrently if not exists …" as its only statement',
  );
});

test("a migration that only speaks of it builds none", () => {
  expect(
    concurrentIndexOf({
      name: "a",
      sql: "-- create index concurrently takes too long here\ncreate table a ()",
    }),
  ).toBeUndefined();
});

test("in a transaction, an index is built as usual, and other migrations are as they were", () => {
  expect(inTransaction(INDEX)).toBe('CREATE UNIQUE index IF NOT EXISTS "thing_n" ON "thing" ("n");');
  expect(inTransaction(TABLE)).toBe(TABLE.sql);
});
