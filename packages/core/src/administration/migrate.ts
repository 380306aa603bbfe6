// Brings a database to the newest schema through the Data API. Each migration is one transaction and leaves a row in
// `migration`. One that builds an index concurrently is a statement by itself instead. A deployment that failed midway can be
// repeated, and two at once take turns. On a shared cluster the owner of the tables can't log in, so everything is in transactions.
import { readdirSync, readFileSync } from "node:fs";
import { type SQL, sql } from "drizzle-orm";
import { config } from "../config.ts";
import { type Database, database, run } from "../db/client.ts";
import { sqlState } from "../db/errors.ts";
import { buildInTurn, concurrentIndexOf, inTransaction, LEASE_TABLE } from "./concurrent-index.ts";
import { asOwner, giveUpTime, inTurn, isLost, untilDone } from "./turn.ts";

export interface Migration {
  /** `20261124073404_first`. Migrations are applied in the order of their names. */
  name: string;
  sql: string;
}

export interface Migrated {
  /** Names of the migrations that were applied. */
  applied: string[];
  /** Names of migrations in the database that the code does not know, because the code is older, as after a rollback. */
  newer: string[];
}

/** Unique violation (in the catalogue), duplicate table, and duplicate object (the table's row type). */
const TAKEN = new Set(["23505", "42P07", "42710"]);

const TABLE = sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`;

/**
 * The migrations that drizzle-kit wrote below `folder`, in their order.
 * @throws Error naming a migration that builds an index concurrently and does something else as well
 */
export function readMigrations(folder: URL): Migration[] {
  const migrations = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({
      name: entry.name,
      sql: readFileSync(new URL(`${entry.name}/migration.sql`, folder), "utf8"),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const migration of migrations) concurrentIndexOf(migration);
  return migrations;
}

/**
 * Applies those of `migrations` that are not applied yet. On a database that is newer than the code it does nothing.
 * @throws the database's error; the migration that it names has then left nothing behind. Error if the database has migrations
 * that the code does not know, and the code has migrations that the database lacks: then neither is the older one
 */
export async function migrate(migrations: Migration[]): Promise<Migrated> {
  const giveUpAt = giveUpTime();
  const db = database("transactions");
  for (const table of [TABLE, LEASE_TABLE]) await untilDone(giveUpAt, () => createTable(db, table));
  const known = (await untilDone(giveUpAt, () => run(asOwner(db, applications)))).map(({ name }) => name);
  const pending = migrations.filter(({ name }) => !known.includes(name));
  const newer = known.filter((name) => !migrations.some((migration) => migration.name === name)).sort();
  if (newer.length > 0 && pending.length > 0) {
    throw new Error(
      `The database has migrations that this version does not know (${newer.join(", ")}) and lacks others (${pending.map(({ name }) => name).join(", ")}). Deploy a version that has both.`,
    );
  }
  const applied: string[] = [];
  for (const migration of pending) {
    const index = config.databaseOwnerRole === undefined ? concurrentIndexOf(migration) : undefined;
    const isDone = index
      ? await buildInTurn(db, { ...migration, index }, giveUpAt)
      : await applyInTurn(db, migration, giveUpAt);
    if (isDone) applied.push(migration.name);
  }
  return { applied, newer };
}

/** @returns false if another process has applied it in the meantime */
async function applyInTurn(db: Database, migration: Migration, giveUpAt: number): Promise<boolean> {
  let mayBeCommitted = false;
  return untilDone(giveUpAt, async () => {
    try {
      return (await run(apply(db, migration))) || mayBeCommitted;
    } catch (error) {
      mayBeCommitted ||= isLost(error);
      throw error;
    }
  });
}

/** @returns false if it was applied already */
function apply(db: Database, migration: Migration): Promise<boolean> {
  return inTurn(db, async (tx) => {
    if ((await applications(tx)).some((row) => row.name === migration.name)) return false;
    for (const statement of inTransaction(migration).split("--> statement-breakpoint")) {
      await tx.execute(sql.raw(statement));
    }
    await tx.execute(sql`insert into migration (name) values (${migration.name})`);
    return true;
  });
}

/** If two run at once, both find no table, and the second one fails because the name is taken. */
async function createTable(db: Database, table: SQL): Promise<void> {
  try {
    await run(asOwner(db, (owner) => owner.execute(table)));
  } catch (error) {
    if (!TAKEN.has(sqlState(error) ?? "")) throw error;
  }
}

async function applications(db: Pick<Database, "select">): Promise<{ name: string }[]> {
  return db.select({ name: sql<string>`name` }).from(sql`migration`);
}
