// Counts calls of the Data API, which are the main cost of a request.
import { AsyncLocalStorage } from "node:async_hooks";

/** The Data API calls of one request. */
export interface Calls {
  count: number;
}

const counting = new AsyncLocalStorage<Calls>();

/** Runs `run`, and adds one to `calls.count` for each call to the Data API that it makes. */
export function countingCalls<T>(run: () => Promise<T>, calls: Calls): Promise<T> {
  return counting.run(calls, run);
}

/** Counts one call, for the request that makes it. */
export function countCall(): void {
  const calls = counting.getStore();
  if (calls) calls.count++;
}
