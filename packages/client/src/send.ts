// Sends one request, and sends it again where a policy says so. It decides what counts as an answer: a response of status
// 2xx whose body arrived whole.
import { Problem, problemOf } from "./problem.ts";
import type { Retry } from "./retry.ts";

export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/**
 * As `fetch`, but resolves to a success only. What `fetch` throws on purpose (a Problem of the caller's own, the reason of
 * an aborted signal) passes through and is not repeated.
 * @throws Problem
 */
export function sending(fetch: Fetch, retry: Retry = async () => false): Fetch {
  return async (input, init) => {
    const started = performance.now();
    for (let turn = 0; ; turn++) {
      const outcome = await send(fetch, input, init);
      if (outcome instanceof Response) return outcome;
      const elapsedSeconds = (performance.now() - started) / 1000;
      const signal = init?.signal ?? undefined;
      const again = await retry(outcome, { turn, elapsedSeconds, signal });
      signal?.throwIfAborted();
      if (!again) throw outcome;
    }
  };
}

async function send(
  fetch: Fetch,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response | Problem> {
  try {
    const answer = await fetch(input, init);
    // A connection can break in the middle of a body: only what was read is known to be an answer.
    const body = await answer.arrayBuffer();
    // A 204 must not have a body, not even an empty one.
    const response = new Response(body.byteLength ? body : null, answer);
    return response.ok ? response : problemOf(response);
  } catch (thrown) {
    if (init?.signal?.aborted || !isNoAnswer(thrown)) throw thrown;
    return new Problem("unreachable", { detail: String(thrown), cause: thrown });
  }
}

/** How `fetch` reports that a connection failed (a TypeError), or that AbortSignal.timeout() ended it. */
function isNoAnswer(thrown: unknown): boolean {
  return thrown instanceof TypeError || (thrown instanceof DOMException && thrown.name === "TimeoutError");
}
