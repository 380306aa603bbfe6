// What is repeated when the Data API fails, and when it is given up: the SDK repeats 500, 503 and 504 by itself, since
// every write here recognises its own repetition; the rest is decided in this file.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../errors.ts";
import { sqlState } from "./errors.ts";

/** A paused cluster wakes in about 15 s: wait a little of that here, the rest at the client. */
const WAIT_FOR_RESUMING_SECONDS = 4;
const RETRY_AFTER_RESUMING_SECONDS = 5;
const RETRY_AFTER_FAULT_SECONDS = 2;
/** Repetitions of a statement that lost against another one. */
const CONFLICTS = 3;

/** Serialization failure and deadlock: the statement left nothing behind. */
const LOST_TO_ANOTHER = new Set(["40001", "40P01"]);

/** Names of the Data API's errors, and codes of Node's, that mean: not now. */
const NOT_NOW = new Set([
  "ServiceUnavailableError",
  "DatabaseUnavailableException",
  "InternalServerErrorException",
  "InternalFailure",
  "StatementTimeoutException",
  "TimeoutError",
  "ThrottlingException",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
]);

/**
 * Calls `call`, and again where that is safe and of use: while the database resumes, and where a statement outside a
 * transaction lost against another.
 * @throws AppError `unavailable` where the database does not answer in time
 */
export async function repeatWhereSafe<T>(call: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + WAIT_FOR_RESUMING_SECONDS * 1000;
  let conflicts = 0;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const { name, code } = error as { name?: string; code?: string };
      if (name === "DatabaseResumingException") {
        if (performance.now() >= giveUpAt) throw unavailable(error, RETRY_AFTER_RESUMING_SECONDS);
        await sleep(500);
      } else if (LOST_TO_ANOTHER.has(sqlState(error) ?? "") && conflicts < CONFLICTS) {
        conflicts++;
        await sleep(20 * conflicts * (1 + Math.random()));
      } else if (NOT_NOW.has(name ?? "") || NOT_NOW.has(code ?? "")) {
        throw unavailable(error, RETRY_AFTER_FAULT_SECONDS);
      } else {
        throw error;
      }
    }
  }
}

function unavailable(cause: unknown, retryAfterSeconds: number): AppError {
  return new AppError("unavailable", {
    detail: "The database can't be reached just now. Nothing is lost; try again in a moment.",
    retryAfterSeconds,
    cause,
  });
}
