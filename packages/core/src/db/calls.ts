// The calls of the Data API that belong to one request: how many there were, until when they are of use, and the states that
// they made, which its log line names.
import { AsyncLocalStorage } from "node:async_hooks";

export interface Calls {
  count: number;
  /** Is aborted when the client no longer waits for an answer: calls under way are given up, and no other begins. */
  deadline?: AbortSignal;
  /** The newest links of what was changed, or was to be changed (chain.ts). */
  links: NewLink[];
  /** What was deleted for ever. */
  purged: Purged[];
}

/** What a request deleted for ever. A database that is restored from a backup deletes it again. */
export interface Purged {
  user: string;
  kind: "note" | "pad";
  id: string;
}

/** The link of a state that a request made, or found. */
export interface NewLink {
  /** The kind of thing and its id: `note 0b8d…`. */
  thing: string;
  version: number;
  /** In hex. */
  link: string;
}

const current = new AsyncLocalStorage<Calls>();

/** The calls of a request that begins. */
export function noCalls(deadline?: AbortSignal): Calls {
  return { count: 0, links: [], purged: [], ...(deadline && { deadline }) };
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

/** Keeps the link of a state for the log line of the request that made it. */
export function noteLink(link: NewLink): void {
  current.getStore()?.links.push(link);
}

/** @param noun the kind of thing: `note` */
export function newLinkOf(noun: string, id: string, version: number, link: Uint8Array): NewLink {
  return { thing: `${noun} ${id}`, version, link: Buffer.from(link).toString("hex") };
}

/** Keeps what was deleted for ever for the log line of the request. */
export function notePurged(thing: Purged): void {
  current.getStore()?.purged.push(thing);
}
