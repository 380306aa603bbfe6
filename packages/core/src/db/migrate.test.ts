// Migrations while the database is unavailable. test/races.test.ts tests two at once.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rows, startDatabase } from "../../test/database.ts";
import { ENV } from "../config.ts";
import { migrate, readMigrations } from "./migrate.ts";

const MIGRATIONS = readMigrations(new URL("../../migrations/", import.meta.url));
const NAMES = MIGRATIONS.map(({ name }) => name);

let server: DataApiServer;
beforeEach(async () => {
  // A deployment waits this long.
  process.env[ENV.databaseWaitSeconds] = "120";
  server = await startDatabase(undefined, { migrated: false });
});
afterEach(async () => {
  delete process.env[ENV.databaseWaitSeconds];
  await server.close();
});

/** The migrations that are recorded as applied. */
async function recorded(): Promise<unknown[]> {
  return (await rows(sql`select name from migration order by name`)).map(({ name }) => name);
}

test("a migration waits for a paused cluster, longer than a request would", async () => {
  server.faults.resuming({ ms: 6_000 });

  expect(await migrate(MIGRATIONS)).toEqual({ applied: NAMES });
  expect(await recorded()).toEqual(NAMES);
});

test.each([
  ["before its commit", { kind: "sql-state", sqlState: "57P01", when: "before", matching: "CREATE INDEX" }],
  [
    "after its commit",
    { kind: "status", status: 504, when: "after", matching: "CommitTransaction", times: 3 },
  ],
] as const)("a migration whose connection breaks %s is tried again, and applied once", async (_, fault) => {
  server.faults.plan(fault);

  await migrate(MIGRATIONS);

  expect(server.faults.list().planned).toEqual([]);
  expect(await recorded()).toEqual(NAMES);
  expect(await migrate(MIGRATIONS)).toEqual({ applied: [] });
});
