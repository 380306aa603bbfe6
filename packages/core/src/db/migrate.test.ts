// Migrations while the database is unavailable. test/races.test.ts tests two at once.
import type { DataApiServer, Fault } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rows, startDatabase } from "../../test/database.ts";
import { ENV } from "../config.ts";
import { migrate, readMigrations } from "./migrate.ts";

const MIGRATIONS = readMigrations(new URL("../../migrations/", import.meta.url));
const NAMES = MIGRATIONS.map(({ name }) => name);

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
  server.faults.resuming({ ms: 6_000 });

  expect(await migrate(MIGRATIONS)).toEqual({ applied: NAMES });
  expect(await recorded()).toEqual(NAMES);
});

const LOST = [
  ["is refused", { kind: "sql-state", sqlState: "57P01", when: "before" }],
  ["has its answer lost", { kind: "drop", when: "after" }],
  ["is answered 504 after it was done", { kind: "status", status: 504, when: "after" }],
  ["finds its transaction ended", { kind: "lost-transaction" }],
] as const satisfies [string, Fault][];

describe.each(LOST)("a migration of which one call %s", (_, fault) => {
  test.each(['CREATE TABLE "note"', "insert into migration", "CommitTransaction"])(
    "is tried again, and applied once: %s",
    async (matching) => {
      server.faults.plan({ ...fault, matching });

      const { applied } = await migrate(MIGRATIONS);

      expect(applied).toEqual(NAMES);
      expect(server.faults.list().planned).toEqual([]);
      expect(await recorded()).toEqual(NAMES);
      expect(await migrate(MIGRATIONS)).toEqual({ applied: [] });
    },
  );
});
