// Brings a database to the newest schema through the Data API. Each migration is one transaction with its own row in
// `migration`. A deployment that failed midway can be repeated, and two at once take turns.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { type Database, database, run } from "./client.ts";
import { sqlState } from "./errors.ts";

export interface Migration {
  /** `20261124073404_first`. Migrations are applied in the order of their names. */
  name: string;
  sql: string;
}

/** An advisory lock that nothing else in the database takes. */
const LOCK = 7_460_215;
/** A statement that waits longer for a lock blocks all the statements behind it. It gives up, and is tried again. */
const LOCK_TIMEOUT = "2s";
/** Lock not available and deadlock. The migration left nothing behind. */
const TRY_AGAIN = new Set(["55P03", "40P01"]);
/** Unique violation (in the catalogue) and duplicate table. */
const TAKEN = new Set(["23505", "42P07"]);
const ATTEMPTS = 30;

/** The migrations that drizzle-kit wrote below `folder`, in their order. */
export function readMigrations(folder: URL): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({
      name: entry.name,
      sql: readFileSync(new URL(`${entry.name}/migration.sql`, folder), "utf8"),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Applies those of `migrations` that are not applied yet.
 * @returns their names
 * @throws the database's error, after which the migration it names has left nothing behind
 */
export async function migrate(migrations: Migration[]): Promise<{ applied: string[] }> {
  const db = database();
  await createTable(db);
  const known = new Set((await run(applications(db))).map((row) => row.name));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (known.has(migration.name)) continue;
    if (await applyInTurn(db, migration)) applied.push(migration.name);
  }
  return { applied };
}

/** @returns false if another process has applied it in the meantime */
async function applyInTurn(db: Database, migration: Migration): Promise<boolean> {
  const giveUpAt = performance.now() + config.databaseWaitSeconds * 1000;
  for (let attempt = 1; ; attempt++) {
    try {
      const outcome = await run(apply(db, migration));
      if (outcome !== "busy") return outcome === "applied";
      if (attempt === ATTEMPTS)
        throw new Error(`Another process has been migrating for ${ATTEMPTS} s; try again.`);
    } catch (error) {
      if (!mayTryAgain(error, giveUpAt) || attempt === ATTEMPTS) throw error;
    }
    await sleep(1000);
  }
}

/** Whether to try again. A migration that lost its connection may be committed, and then the next try finds its row. */
function mayTryAgain(error: unknown, giveUpAt: number): boolean {
  if (error instanceof AppError) return error.code === "unavailable" && performance.now() < giveUpAt;
  return TRY_AGAIN.has(sqlState(error) ?? "");
}

function apply(db: Database, migration: Migration): Promise<"applied" | "known" | "busy"> {
  return db.transaction(async (tx) => {
    const [lock] = await tx
      .select({ free: sql<boolean>`free` })
      .from(sql`pg_try_advisory_xact_lock(${LOCK}) free`);
    if (!lock?.free) return "busy";
    if ((await applications(tx)).some((row) => row.name === migration.name)) return "known";
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_TIMEOUT}'`));
    for (const statement of migration.sql.split("--> statement-breakpoint")) {
      await tx.execute(sql.raw(statement));
    }
    await tx.execute(sql`insert into migration (name) values (${migration.name})`);
    return "applied";
  });
}

/** If two run at once, `if not exists` finds no table in both, and the second then finds the name taken. */
async function createTable(db: Database): Promise<void> {
  try {
    await run(
      db.execute(
        sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`,
      ),
    );
  } catch (error) {
    if (!TAKEN.has(sqlState(error) ?? "")) throw error;
  }
}

function applications(db: Pick<Database, "select">) {
  return db.select({ name: sql<string>`name` }).from(sql`migration`);
}
