// The calls of the Data API that belong to one request: how many there were, and until when they are of use.
import { AsyncLocalStorage } from "node:async_hooks";

export interface Calls {
  count: number;
  /** Is aborted when the client no longer waits for an answer: calls under way are given up, and no other begins. */
  deadline?: AbortSignal;
}

const current = new AsyncLocalStorage<Calls>();

/** Runs `run`, and adds one to `calls.count` for each call to the Data API that it makes. */
export function countingCalls<T>(run: () => Promise<T>, calls: Calls): Promise<T> {
  return current.run(calls, run);
}

/** Counts one call, for the request that makes it. */
export function countCall(): void {
  const calls = current.getStore();
  if (calls) calls.count++;
}

/** Until when a call is of use to the request that makes it. */
export function deadlineOfRequest(): AbortSignal | undefined {
  return current.getStore()?.deadline;
}
