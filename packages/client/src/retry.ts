// When a call is sent again. Every call of the contract can be repeated without a second effect, so a policy only decides
// whether repeating helps, and how long to wait for it.
import type { Code, Problem } from "./problem.ts";

/** What a policy knows of a call beside its problem. */
export interface Attempt {
  /** How often the call was repeated already. */
  turn: number;
  /** Since it was sent first. */
  elapsedSeconds: number;
  /** The call's own signal. */
  signal: AbortSignal | undefined;
}

/** Resolves to true when the call is to be sent again, to false when its problem is final. */
export type Retry = (problem: Problem, attempt: Attempt) => Promise<boolean>;

/** How long a caller is prepared to wait. */
export interface Patience {
  /** The problems that may pass. */
  repeat: readonly Code[];
  /** The longest single wait. */
  waitMaxSeconds: number;
  /** From when the call was sent first until it is sent last. */
  totalMaxSeconds?: number;
  /** The most repetitions. */
  turnsMax?: number;
}

export interface BackoffOptions extends Patience {
  /** Waits, and resolves to whether the call is sent again; rejects when the signal is aborted. */
  wait?: (seconds: number, signal: AbortSignal | undefined) => Promise<boolean>;
}

/** Waits as long as the service asks, or else longer each time, and sends again within the limits. */
export function backoff({ wait = sleep, ...patience }: BackoffOptions): Retry {
  return async (problem, attempt) => {
    const seconds = secondsToWait(problem, attempt, patience);
    return seconds !== undefined && (await wait(seconds, attempt.signal));
  };
}

/** The longest wait that the service did not ask for. */
const UNASKED_MAX_SECONDS = 30;

/**
 * Seconds to wait before the next attempt; undefined where there is none. A tenth to three tenths are added at random, so
 * that callers who were turned away together do not come back together, as far as the limits leave room.
 * @param chance from 0 to 1
 */
export function secondsToWait(
  problem: Problem,
  { turn, elapsedSeconds }: Pick<Attempt, "turn" | "elapsedSeconds">,
  { repeat, waitMaxSeconds, totalMaxSeconds = Infinity, turnsMax = Infinity }: Patience,
  chance = Math.random(),
): number | undefined {
  if (!repeat.includes(problem.code) || turn >= turnsMax) return undefined;
  const asked = Math.max(1, problem.retryAfterSeconds ?? Math.min(2 ** turn, UNASKED_MAX_SECONDS));
  const longest = Math.min(waitMaxSeconds, totalMaxSeconds - elapsedSeconds);
  if (asked > longest) return undefined;
  return Math.min(asked * (1.1 + chance * 0.2), longest);
}

/** Resolves to true after `seconds`. @throws the signal's reason when it is aborted */
export function sleep(seconds: number, signal?: AbortSignal): Promise<true> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve(true);
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
