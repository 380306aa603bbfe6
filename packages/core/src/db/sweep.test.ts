// Sweeps during other transactions, on PostgreSQL 18: PGlite runs one statement at a time.
import {
  BeginTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from "@aws-sdk/client-rds-data";
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { newUser, rows, startDatabase } from "../../test/database.ts";
import { config } from "../config.ts";
import * as PasswordReset from "../password-reset/index.ts";
import * as Session from "../session/index.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("postgresUrl"));
});
afterAll(() => server?.close());
afterEach(async () => {
  await rows(sql`delete from session`);
  await rows(sql`delete from password_reset`);
});

const NOW = new Date("2020-01-03T00:00:00Z");

/** Adds a user with `count` sessions and `count` links that ended two days before `NOW`. */
async function addEnded(count: number): Promise<string> {
  const { userId } = await newUser();
  await rows(sql`insert into session (id, user_id, token_hash, epoch, device, created_at, expires_at)
    select gen_random_uuid(), ${userId}::uuid, uuid_send(gen_random_uuid()), 1, '', now(), '2020-01-01'
    from generate_series(1, ${count}::int)`);
  await rows(sql`insert into password_reset (token_hash, user_id, epoch, created_at, expires_at)
    select uuid_send(gen_random_uuid()), ${userId}::uuid, 1, now(), '2020-01-01' from generate_series(1, ${count}::int)`);
  return userId;
}

/** Keeps one of the user's rows locked while `during` runs. */
async function whileLocked(table: string, userId: string, during: () => Promise<void>): Promise<void> {
  const client = new RDSDataClient({});
  const { database, ...resource } = config.database;
  const { transactionId } = await client.send(new BeginTransactionCommand(config.database));
  const lock = `select 1 from ${table} where user_id = '${userId}' and expires_at < '2020-01-02' limit 1 for update`;
  await client.send(new ExecuteStatementCommand({ ...config.database, transactionId, sql: lock }));
  await during();
  await client.send(new RollbackTransactionCommand({ ...resource, transactionId }));
  client.destroy();
}

describe.each([
  { table: "session", sweep: Session.sweep },
  { table: "password_reset", sweep: PasswordReset.sweep },
])("the sweep of $table", ({ table, sweep }) => {
  test("skips a row that is locked, without waiting, and deletes it in a later run", async () => {
    const userId = await addEnded(3);

    await whileLocked(table, userId, async () => {
      expect(await sweep(NOW, 100)).toBe(2);
    });

    expect(await sweep(NOW, 100)).toBe(1);
  });

  test("deletes each row once when several run at once, and each run keeps to its limit", async () => {
    await addEnded(100);

    const runs = await Promise.all(Array.from({ length: 4 }, () => sweep(NOW, 20)));

    expect(Math.max(...runs)).toBe(20);
    expect(runs.reduce((sum, count) => sum + count, 0) + (await sweep(NOW, 100))).toBe(100);
  });
});
