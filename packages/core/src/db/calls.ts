// The calls of the Data API that belong to one request: how many there were, until when they are of use, and what its log line
// says of them: who asked, and what the request acted on.
import { AsyncLocalStorage } from "node:async_hooks";

export interface Calls {
  count: number;
  /** Is aborted when the client no longer waits for an answer: calls under way are given up, and no other begins. */
  deadline?: AbortSignal;
  /** The id of the user who asks, as a statement found it; null if none did. */
  user: string | null;
  /** What was changed, or was to be changed. */
  things: Thing[];
}

/** What a request acted on, without its content. */
export interface Thing {
  /** Its kind and its id: `note 0b8d…`, `session 7c1d…`. */
  thing: string;
  /** The version and the link (chain.ts), in hex, of the state that the request made, or found. */
  version?: number;
  link?: string;
  /** It was deleted for ever. A database that is restored from a backup deletes it again. */
  purged?: true;
}

const current = new AsyncLocalStorage<Calls>();

/** The calls of a request that begins. */
export function noCalls(deadline?: AbortSignal): Calls {
  return { count: 0, user: null, things: [], ...(deadline && { deadline }) };
}

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

/** Keeps who asks for the log line of the request. */
export function recordUser(id: string): void {
  const calls = current.getStore();
  if (calls) calls.user = id;
}

/**
 * Keeps what the request acted on for its log line.
 * @param kind `note`
 */
export function recordThing(kind: string, id: string, more: Omit<Thing, "thing"> = {}): void {
  current.getStore()?.things.push({ thing: `${kind} ${id}`, ...more });
}

/**
 * Keeps the newest link of what the request changed, or found as it was to be.
 * @param link in bytes
 */
export function recordChainLink(kind: string, id: string, version: number, link: Uint8Array): void {
  recordThing(kind, id, { version, link: Buffer.from(link).toString("hex") });
}
