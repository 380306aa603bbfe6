// Builds an index without blocking writes. PostgreSQL can't do that in a transaction, so a lock can't make two deployments take
// turns. They take a lease instead, a row that expires: after a crash the next deployment waits for two minutes at most.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { type Database, run, runOn } from "../db/client.ts";
import { sqlState } from "../db/errors.ts";
import { Busy, isLost, untilDone } from "./turn.ts";

/** Longer than a call takes, since the lease is renewed between two calls. */
const LEASE_SECONDS = 120;

const CONCURRENTLY = /\bindex\s+concurrently\b/i;
const STATEMENT =
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?"?([a-z_][a-z0-9_]*)"?\s+on\s[^;]*;?$/i;

/** The index exists already, made by another process or by a call whose answer was lost: duplicate table, duplicate object. */
const THERE = new Set(["42P07", "42710"]);

/**
 * The index that a migration builds concurrently.
 * @returns its name; undefined if the migration builds none
 * @throws Error naming the migration, if it does something else as well
 */
export function concurrentIndexOf(migration: { name: string; sql: string }): string | undefined {
  if (!CONCURRENTLY.test(withoutComments(migration.sql))) return undefined;
  const name = STATEMENT.exec(withoutComments(migration.sql))?.[1];
  if (name) return name;
  throw new Error(
    `The migration ${migration.name} must have "create index concurrently if not exists …" as its only statement, because it runs in no transaction.`,
  );
}

/** The statements of a migration, for a transaction: there an index is not built concurrently, so it blocks writes. */
export function inTransaction(migration: { name: string; sql: string }): string {
  if (!concurrentIndexOf(migration)) return migration.sql;
  return withoutComments(migration.sql).replace(CONCURRENTLY, "index");
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*--.*$/gm, "").trim();
}

/** The table of the lease, made together with the table of the migrations. */
export const LEASE_TABLE = sql`create table if not exists migration_lease (name text primary key, owner text not null, until timestamptz not null)`;

interface IndexMigration {
  name: string;
  sql: string;
  index: string;
}

/**
 * Builds a migration's index, and records the migration.
 * @returns false if another process has done it in the meantime
 * @throws the database's error if the index can't be built; then nothing of it is left
 */
export async function buildInTurn(
  db: Database,
  migration: IndexMigration,
  giveUpAt: number,
): Promise<boolean> {
  const owner = randomUUID();
  let mayBeRecorded = false;
  try {
    return await untilDone(giveUpAt, async () => {
      if (!(await takeLease(db, migration, owner))) throw new Busy();
      if (await isRecorded(db, migration)) return mayBeRecorded;
      await build(db, migration, owner, giveUpAt);
      mayBeRecorded = true;
      await run(
        db.execute(sql`insert into migration (name) values (${migration.name}) on conflict do nothing`),
      );
      return true;
    });
  } finally {
    await run(db.execute(sql`delete from migration_lease where owner = ${owner}`)).catch(() => undefined); // it expires
  }
}

async function isRecorded(db: Database, { name }: IndexMigration): Promise<boolean> {
  const found = await run(db.select({ name: sql<string>`name` }).from(sql`migration where name = ${name}`));
  return found.length > 0;
}

/** Takes the lease, or renews it. @returns whether `owner` has it */
async function takeLease(db: Database, { name }: IndexMigration, owner: string): Promise<boolean> {
  const until = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}::int)`;
  const taken = await run(
    db.execute(sql`insert into migration_lease as lease (name, owner, until) values (${name}, ${owner}, ${until})
      on conflict (name) do update set owner = excluded.owner, until = excluded.until
        where lease.owner = excluded.owner or lease.until < clock_timestamp() returning owner`),
  );
  return taken.rows.length > 0;
}

/** Builds until the index is valid. A build may outlive its call and its process, so the catalogue is asked for the state. */
async function build(
  db: Database,
  migration: IndexMigration,
  owner: string,
  giveUpAt: number,
): Promise<void> {
  for (;;) {
    const state = await stateOf(db, migration);
    if (state === "valid") return;
    if (state === "invalid") await drop(db, migration);
    else if (state === "missing") await begin(db, migration);
    else if (performance.now() >= giveUpAt) {
      throw new Error(`The index "${migration.index}" is still being built. Deploy again when it is done.`);
    } else await sleep(1000);
    if (!(await takeLease(db, migration, owner))) throw new Busy();
  }
}

type State = "missing" | "building" | "invalid" | "valid";

async function stateOf(db: Database, { index }: IndexMigration): Promise<State> {
  const [found] = await run(
    db
      .select({
        valid: sql<boolean>`indisvalid`,
        building: sql<boolean>`exists (select from pg_stat_progress_create_index where index_relid = indexrelid)`,
      })
      .from(sql`pg_index where indexrelid = to_regclass(${`public."${index}"`})`),
  );
  if (!found) return "missing";
  if (found.valid) return "valid";
  return found.building ? "building" : "invalid";
}

/** @throws the database's error if the index can't be built; then nothing of it is left */
async function begin(db: Database, migration: IndexMigration): Promise<void> {
  try {
    await runOn(migration.sql);
  } catch (error) {
    if (isLost(error) || THERE.has(sqlState(error) ?? "")) return;
    await drop(db, migration);
    throw error;
  }
}

/** Removes the invalid index that a failed build leaves: it slows writes down and serves no read. */
async function drop(db: Database, { index }: IndexMigration): Promise<void> {
  await run(db.execute(sql.raw(`drop index concurrently if exists public."${index}"`)));
}
