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
  "CallTimedOut",
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
 * @param of `transaction`: whether the call is part of one, which is then lost as a whole
 * @throws AppError `unavailable` where the database does not answer in time
 */
export async function repeatWhereSafe<T>(
  call: () => Promise<T>,
  of: { transaction: boolean } = { transaction: false },
): Promise<T> {
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
      } else if (!of.transaction && LOST_TO_ANOTHER.has(sqlState(error) ?? "") && conflicts < CONFLICTS) {
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

/** Codes of a connection that was cut. */
const CUT = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Turns a call that took too long into one that the SDK does not repeat: it would repeat a `TimeoutError`, and whatever
 * has one for its cause.
 * @throws Error named `CallTimedOut`, which `repeatWhereSafe` makes `unavailable`
 */
export async function giveUpOnTimeout<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    // The SDK names a cut connection so, too: that one is worth repeating at once.
    if (name !== "TimeoutError" || CUT.has(code ?? "")) throw error;
    throw Object.assign(new Error("The Data API did not answer in time."), { name: "CallTimedOut" });
  }
}

function unavailable(cause: unknown, retryAfterSeconds: number): AppError {
  return new AppError("unavailable", {
    detail: "The database can't be reached just now. Nothing is lost; try again in a moment.",
    retryAfterSeconds,
    cause,
  });
}
