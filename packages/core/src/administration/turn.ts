// Deployments take turns: only one at a time changes the tables and roles of a database. The others wait, and try again for
// some minutes.
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { sqlState } from "../db/errors.ts";
import { AppError } from "../errors.ts";

/** An advisory lock that nothing else in the database takes. */
const LOCK = 7_460_215;
/** A statement that waits for a lock blocks all the statements behind it. So it gives up after this time, and is tried again. */
const LOCK_TIMEOUT = "2s";
/** Lock not available and deadlock. The transaction left nothing behind. */
const TRY_AGAIN = new Set(["55P03", "40P01"]);
/** How long to wait for locks and for another process. The function that migrates has two minutes more (functions.ts). */
const GIVE_UP_AFTER_MINUTES = 12;

/** Another process has the turn. */
export class Busy extends Error {
  override name = "Busy";
  constructor() {
    super(`Another process has been migrating for ${GIVE_UP_AFTER_MINUTES} minutes; try again.`);
  }
}

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/**
 * Runs `work` in a transaction while no other deployment runs one, as the owner of the tables.
 * @throws Busy if another one does, and what `work` throws; then nothing was done
 */
export function inTurn<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await becomeOwner(tx);
    const [lock] = await tx
      .select({ free: sql<boolean>`free` })
      .from(sql`pg_try_advisory_xact_lock(${LOCK}) free`);
    if (!lock?.free) throw new Busy();
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_TIMEOUT}'`));
    return work(tx);
  });
}

/**
 * Runs statements as the owner of the tables. If the owner is another role, they run in a transaction.
 * @throws what `work` throws
 */
export function asOwner<T>(db: Database, work: (db: Statements) => Promise<T>): Promise<T> {
  if (config.databaseOwnerRole === undefined) return work(db);
  return db.transaction(async (tx) => {
    await becomeOwner(tx);
    return work(tx);
  });
}

type Statements = Pick<Database, "execute" | "select">;

/** On a shared cluster, the role that the deployment logs in as reads and writes rows only. */
async function becomeOwner(tx: Transaction): Promise<void> {
  const owner = config.databaseOwnerRole;
  if (owner !== undefined) await tx.execute(sql.raw(`set local role "${owner}"`));
}

/**
 * Runs `work` while nothing else runs for the same subject. A transaction holds the lock, so `work` may also run statements
 * outside it, such as those that can't be in a transaction. It waits for its turn for a moment only.
 * @throws the database's error (55P03) if it did not get its turn, and what `work` throws
 */
export function oneAtATime<T>(
  db: Database,
  subject: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`);
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK}::int, hashtext(${subject}))::text`);
    return work(tx);
  });
}

/** The time of `performance.now()` at which something that begins now gives up. */
export function giveUpTime(): number {
  return performance.now() + GIVE_UP_AFTER_MINUTES * 60_000;
}

/** Tries again every second while that may help. @throws what `work` threw last */
export async function untilDone<T>(giveUpAt: number, work: () => Promise<T>): Promise<T> {
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
  return (
    error instanceof Busy ||
    isLost(error) ||
    TRY_AGAIN.has(sqlState(error) ?? "") ||
    isConcurrentUpdate(error)
  );
}

/** Whether the connection or its transaction was lost. What was sent last may be committed. */
export function isLost(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "unavailable";
  return (error as { name?: string }).name === "TransactionNotFoundException";
}

/** Roles belong to the whole cluster: another database's deployment may have changed the same row of the catalogue. */
function isConcurrentUpdate(error: unknown): boolean {
  return (
    sqlState(error) === "XX000" && /tuple concurrently (?:updated|deleted)/.test((error as Error).message)
  );
}
