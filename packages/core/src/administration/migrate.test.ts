// Migrations while the database is unavailable. test/races.test.ts tests two at once.
import type { DataApiServer, Fault } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asOwner, rows, startDatabase } from "../../test/database.ts";
import { ENV } from "../config.ts";
import { type Migration, migrate as migrateAsOwner, readMigrations } from "./migrate.ts";

const MIGRATIONS = readMigrations(new URL("../../migrations/", import.meta.url));
const NAMES = MIGRATIONS.map(({ name }) => name);

const migrate = (migrations: Migration[]) => asOwner(() => migrateAsOwner(migrations));

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(undefined, { migrated: false });
  // A deployment waits this long.
  process.env[ENV.databaseWaitSeconds] = "120";
});
afterAll(async () => {
  delete process.env[ENV.databaseWaitSeconds];
  await server?.close();
});
beforeEach(async () => {
  await rows(sql`drop schema public cascade`);
  await rows(sql`create schema public`);
});

/** The migrations that are recorded as applied. */
async function recorded(): Promise<unknown[]> {
  return (await rows(sql`select name from migration order by name`)).map(({ name }) => name);
}

test("a migration waits for a paused cluster, longer than a request would", async () => {
  server.faults.resuming({ ms: 5_000 });

  expect(await migrate(MIGRATIONS)).toEqual({ applied: NAMES, newer: [] });
  expect(await recorded()).toEqual(NAMES);
});

const REFUSED = { kind: "sql-state", sqlState: "57P01", when: "before" } as const;
const DROPPED = { kind: "drop", when: "after" } as const;
const UNAVAILABLE = { kind: "status", status: 504, when: "after" } as const;

test.each([
  ['CREATE TABLE "note"', "is refused", REFUSED],
  ['CREATE TABLE "note"', "loses its answer", DROPPED],
  ["insert into migration", "is answered 504 after it was done", UNAVAILABLE],
  ["insert into migration", "finds its transaction ended", { kind: "lost-transaction" }],
  ["CommitTransaction", "loses its answer", DROPPED],
  ["CommitTransaction", "is answered 504 after it was done", UNAVAILABLE],
] as const satisfies [string, string, Fault][])(
  "a migration is tried again, and applied once, if its %s %s",
  async (matching, _, fault) => {
    server.faults.plan({ ...fault, matching });

    const { applied } = await migrate(MIGRATIONS);

    expect(applied).toEqual(NAMES);
    expect(server.faults.list().planned).toEqual([]);
    expect(await recorded()).toEqual(NAMES);
    expect(await migrate(MIGRATIONS)).toEqual({ applied: [], newer: [] });
  },
);

test.each([
  ["42P07", "the table is there"],
  ["42710", "its row type is there"],
  ["23505", "another process is just making it"],
])(
  "of two processes that make the table of migrations at once, the second goes on after a %s: %s",
  async (sqlState) => {
    server.faults.plan({
      kind: "sql-state",
      sqlState,
      when: "after",
      matching: "create table if not exists migration",
    });

    expect(await migrate(MIGRATIONS)).toEqual({ applied: NAMES, newer: [] });
    expect(server.faults.list().planned).toEqual([]);
  },
);

test("code that is older than the database changes nothing, and says what it does not know", async () => {
  await migrate(MIGRATIONS);
  const before = await recorded();

  const outcome = await migrate(MIGRATIONS.slice(0, -2));

  expect(outcome).toEqual({ applied: [], newer: NAMES.slice(-2) });
  expect(await recorded()).toEqual(before);
});

test("code that knows some of the database's migrations and lacks others is refused, and nothing is applied", async () => {
  await migrate(MIGRATIONS.slice(0, -1));
  const other = { name: "20991231235959_elsewhere", sql: "create table elsewhere (n int)" };

  const outcome = migrate([...MIGRATIONS.slice(0, -2), other]);

  await expect(outcome).rejects.toThrow(
    `The database has migrations that this version does not know (${NAMES.at(-2)}) and lacks others (${other.name}).`,
  );
  expect(await recorded()).toEqual(NAMES.slice(0, -1));
  expect(await rows(sql`select to_regclass('elsewhere')::text name`)).toEqual([{ name: null }]);
});

test("the notes that an account has are counted when the counter is added", async () => {
  const counter = NAMES.findIndex((name) => name.endsWith("_note-quota"));
  await migrate(MIGRATIONS.slice(0, counter));
  await rows(sql`insert into account (id, email, password_hash, created_at)
    values ('00000000-0000-4000-8000-000000000001', 'a@example.com', '', now()),
      ('00000000-0000-4000-8000-000000000002', 'b@example.com', '', now())`);
  await rows(sql`insert into note (user_id, id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
    select '00000000-0000-4000-8000-000000000001', gen_random_uuid(), 'n', 't', 1, 'create', '', now(), now(), now()
    from generate_series(1, 3)`);

  await migrate(MIGRATIONS);

  expect(await rows(sql`select email, notes from account order by email`)).toEqual([
    { email: "a@example.com", notes: 3 },
    { email: "b@example.com", notes: 0 },
  ]);
});
