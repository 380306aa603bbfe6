// Deployments take turns: two that change the database's tables and roles at once wait for each other, and each tries again
// while that may help.
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { Database } from "./client.ts";
import { sqlState } from "./errors.ts";

/** An advisory lock that nothing else in the database takes. */
const LOCK = 7_460_215;
/** A statement that waits longer for a lock blocks all the statements behind it. It gives up, and is tried again. */
const LOCK_TIMEOUT = "2s";
/** Lock not available and deadlock. The transaction left nothing behind. */
const TRY_AGAIN = new Set(["55P03", "40P01"]);
/** How long to wait for locks and for another process. The function that migrates has two minutes more (functions.ts). */
const GIVE_UP_AFTER_MINUTES = 12;

/** Another process is at it. */
export class Busy extends Error {
  override name = "Busy";
  constructor() {
    super(`Another process has been migrating for ${GIVE_UP_AFTER_MINUTES} minutes; try again.`);
  }
}

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/**
 * Runs `work` in a transaction while no other deployment runs one.
 * @throws Busy if another one does, and what `work` throws; then nothing was done
 */
export function inTurn<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    const [lock] = await tx
      .select({ free: sql<boolean>`free` })
      .from(sql`pg_try_advisory_xact_lock(${LOCK}) free`);
    if (!lock?.free) throw new Busy();
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_TIMEOUT}'`));
    return work(tx);
  });
}

/** When what begins now gives up: a time of `performance.now()`. */
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
