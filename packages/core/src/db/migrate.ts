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
/** Unique violation (in the catalogue), duplicate table, and duplicate object (the table's row type). */
const TAKEN = new Set(["23505", "42P07", "42710"]);
/** How long to wait for locks and for another process. The function that migrates has two minutes more (functions.ts). */
const GIVE_UP_AFTER_MINUTES = 12;

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
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MINUTES * 60_000;
  const db = database("transactions");
  await untilDone(giveUpAt, () => createTable(db));
  const known = await untilDone(giveUpAt, () => run(applications(db)));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (known.some(({ name }) => name === migration.name)) continue;
    if (await applyInTurn(db, migration, giveUpAt)) applied.push(migration.name);
  }
  return { applied };
}

/** Another process is migrating. */
class Busy extends Error {
  override name = "Busy";
  constructor() {
    super(`Another process has been migrating for ${GIVE_UP_AFTER_MINUTES} minutes; try again.`);
  }
}

/** @returns false if another process has applied it in the meantime */
async function applyInTurn(db: Database, migration: Migration, giveUpAt: number): Promise<boolean> {
  let mayBeCommitted = false;
  return untilDone(giveUpAt, async () => {
    try {
      const outcome = await run(apply(db, migration));
      if (outcome === "busy") throw new Busy();
      return outcome === "applied" || mayBeCommitted;
    } catch (error) {
      mayBeCommitted ||= isLost(error);
      throw error;
    }
  });
}

/** Tries again every second while that may help. @throws what `work` threw last */
async function untilDone<T>(giveUpAt: number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error, performance.now() - startedAt) || performance.now() >= giveUpAt) throw error;
      await sleep(1000);
    }
  }
}

function mayPass(error: unknown, elapsedMs: number): boolean {
  if (error instanceof AppError) return isLost(error) && elapsedMs < config.databaseWaitSeconds * 1000;
  return error instanceof Busy || isLost(error) || TRY_AGAIN.has(sqlState(error) ?? "");
}

/** Whether the connection or its transaction was lost. What was sent last may be committed. */
function isLost(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "unavailable";
  return (error as { name?: string }).name === "TransactionNotFoundException";
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
