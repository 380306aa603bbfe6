// One request, and the patience it deserves: turned away by a full service, it waits as long as it was told and goes
// again. Sending again is safe for each call of the contract. What a lost session needs is in session.ts.
import { asProblem, Problem, problemOf } from "./problem.ts";
import { wait } from "./waiting.ts";

/** A longer wait is for the reader to decide. */
const WAIT_MAX_SECONDS = 60;
const WAITS_MAX = 5;

/**
 * As `fetch`, but every answer that is not a success is thrown.
 * @throws Problem
 */
export async function request(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  for (let turn = 0; ; turn++) {
    try {
      return await once(input, init);
    } catch (thrown) {
      const problem = asProblem(thrown);
      const seconds = secondsToWait(problem, turn);
      if (seconds === undefined || !(await wait(seconds))) throw problem;
    }
  }
}

async function once(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init).catch((cause) => {
    throw new Problem("unreachable", { detail: String(cause) });
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

/**
 * Seconds to wait before the next turn, or undefined where waiting is not for us to decide. Between a tenth and
 * three tenths are added by chance, so that those who were turned away together do not come back together.
 */
export function secondsToWait(problem: Problem, turn: number, chance = Math.random()): number | undefined {
  if (problem.code !== "unavailable" && problem.code !== "rate_limited") return undefined;
  const told = problem.retryAfterSeconds ?? 2 ** turn;
  if (turn >= WAITS_MAX || told > WAIT_MAX_SECONDS) return undefined;
  return Math.max(1, told) * (1.1 + chance * 0.2);
}
