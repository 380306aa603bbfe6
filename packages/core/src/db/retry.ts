// Decides which failed calls of the Data API are repeated, and for how long. The SDK itself repeats 500, 503 and 504. That is
// safe, because every write recognises its own repetition. This file decides about all other errors.
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../errors.ts";
import { sqlState } from "./errors.ts";

/** Seconds after which a client should try again. */
const RETRY_AFTER_SECONDS = { waking: 5, diskFull: 10, otherwise: 2 };
/** The pause between two calls doubles from `first` to `most`. A cluster wakes in about 15 s, a failover takes up to 60. */
const PAUSE_MS = { first: 250, most: 2_000 };
/** How often a statement is repeated that lost against another one. */
const CONFLICTS = 3;

/** Serialization failure and deadlock. The statement changed nothing. */
const LOST_TO_ANOTHER = new Set(["40001", "40P01"]);

/** SQLSTATEs of a database that can't answer at the moment. */
const NOT_NOW_STATES = new Set([
  /** Wrong password: RDS changes the master password every week, and new connections may get the old one for a minute. */
  "28P01",
  /** The server shuts down, has crashed, or starts: a failover. */
  "57P01",
  "57P02",
  "57P03",
  /** Read-only: the connection still leads to the former writer. */
  "25006",
  /** Too many connections. */
  "53300",
]);

/** The Data API's errors for the same. */
const NOT_NOW_ERRORS = new Set([
  "DatabaseResumingException",
  "InvalidResourceStateException",
  "SecretsErrorException",
]);

/** What a statement began to write is undone. It is not repeated: somebody has to make space first. */
const DISK_FULL = "53100";

/** Names of errors, and Node's error codes, after which the SDK has repeated the call already, or the call may still run. */
const GIVEN_UP = new Set([
  "ServiceUnavailableError",
  "DatabaseUnavailableException",
  "InternalServerErrorException",
  "InternalFailure",
  "StatementTimeoutException",
  "CallTimedOut",
  "AbortError",
  "ThrottlingException",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
]);

export interface Patience {
  /** How long to wait for a database that can't answer: seconds for a browser, minutes for a migration. */
  waitSeconds: number;
  /** Whether the call is part of a transaction. Then it can't be repeated: the transaction is lost as a whole. */
  transaction?: boolean;
  /** Aborts when the caller no longer waits. */
  deadline?: AbortSignal | undefined;
}

/**
 * Calls `call`, and repeats it if that is safe and useful: while the database can't answer and the caller still waits, or if a
 * statement outside a transaction lost against another one.
 * @throws AppError `unavailable` if the database does not answer in time
 */
export async function repeatWhereSafe<T>(call: () => Promise<T>, patience: Patience): Promise<T> {
  const { waitSeconds, transaction, deadline } = patience;
  const giveUpAt = performance.now() + waitSeconds * 1000;
  let conflicts = 0;
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.most)) {
    try {
      return await call();
    } catch (error) {
      const verdict = judge(error);
      if (verdict === "final" || (verdict === "conflict" && transaction)) throw error;
      // A database that wakes up has not received the call, and has no open transaction.
      const mayWait = verdict === "not-now" && (!transaction || isWaking(error));
      if (verdict === "conflict" ? ++conflicts > CONFLICTS : !mayWait) throw unavailable(error);
      const waitMs = verdict === "conflict" ? 20 * conflicts * (1 + Math.random()) : pauseMs;
      if (performance.now() + waitMs >= giveUpAt) throw unavailable(error);
      await sleep(waitMs, undefined, { signal: deadline }).catch(() => {
        throw unavailable(error);
      });
    }
  }
}

function judge(error: unknown): "not-now" | "given-up" | "conflict" | "final" {
  const { name = "", code = "" } = error as { name?: string; code?: string };
  const state = sqlState(error) ?? "";
  if (NOT_NOW_ERRORS.has(name) || NOT_NOW_STATES.has(state)) return "not-now";
  if (LOST_TO_ANOTHER.has(state)) return "conflict";
  return state === DISK_FULL || GIVEN_UP.has(name) || GIVEN_UP.has(code) ? "given-up" : "final";
}

function isWaking(error: unknown): boolean {
  return (error as { name?: string }).name === "DatabaseResumingException";
}

/** Codes of a connection that was cut. */
const CUT = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Turns a call that took too long into one that the SDK does not repeat. It would repeat a `TimeoutError`, and anything
 * whose cause is one.
 * @throws Error named `CallTimedOut`, which `repeatWhereSafe` makes `unavailable`
 */
export async function giveUpOnTimeout<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    // The SDK gives a cut connection the same name, but repeating that call at once is useful.
    if (name !== "TimeoutError" || CUT.has(code ?? "")) throw error;
    throw Object.assign(new Error("The Data API did not answer in time."), { name: "CallTimedOut" });
  }
}

function unavailable(cause: unknown): AppError {
  const isFull = sqlState(cause) === DISK_FULL;
  const what = isFull ? "The database's disk is full." : "The database can't be reached at the moment.";
  const seconds = RETRY_AFTER_SECONDS;
  return new AppError("unavailable", {
    detail: `${what} Nothing was lost. Try again in a moment.`,
    retryAfterSeconds: isWaking(cause) ? seconds.waking : isFull ? seconds.diskFull : seconds.otherwise,
    cause,
  });
}
