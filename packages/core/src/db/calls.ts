// What a request collects while its statements run: how often it called the Data API, who asked, and what it changed. Its log
// line says so. A request also has a deadline, after which nobody waits for its calls.
import { AsyncLocalStorage } from "node:async_hooks";

export interface Calls {
  count: number;
  /** Aborts when the client no longer waits for an answer. Running calls are given up then, and no other call begins. */
  deadline?: AbortSignal;
  /** The id of the user who asks. It is null until a statement has found the user. */
  user: string | null;
  /** The things that the request changed, or tried to change. */
  things: Thing[];
}

/** A thing that a request changed, without its content. */
export interface Thing {
  /** Its kind and its id: `note 0b8d…`, `session 7c1d…`. */
  thing: string;
  /** The version of its newest state, and that state's chain link (chain.ts) in hex. */
  version?: number;
  link?: string;
  /** It was deleted for ever. If the database is restored from a backup, it is deleted again. */
  purged?: true;
  /** When it was deleted for ever, if the line is of a later time. */
  at?: string;
}

const current = new AsyncLocalStorage<Calls>();

/** The record of a request that begins. */
export function noCalls(deadline?: AbortSignal): Calls {
  return { count: 0, user: null, things: [], ...(deadline && { deadline }) };
}

/** Runs `run`. What its statements record goes into `calls`. */
export function countingCalls<T>(run: () => Promise<T>, calls: Calls): Promise<T> {
  return current.run(calls, run);
}

/** Counts one call of the Data API. */
export function countCall(): void {
  const calls = current.getStore();
  if (calls) calls.count++;
}

/** The deadline of the request that makes the call. */
export function deadlineOfRequest(): AbortSignal | undefined {
  return current.getStore()?.deadline;
}

/** Records who asks. */
export function recordUser(id: string): void {
  const calls = current.getStore();
  if (calls) calls.user = id;
}

/**
 * Records a thing that the request changed.
 * @param kind `note`
 */
export function recordThing(kind: string, id: string, more: Omit<Thing, "thing"> = {}): void {
  current.getStore()?.things.push({ thing: `${kind} ${id}`, ...more });
}

/** Records the newest chain link of a thing that the request changed, or found changed already. */
export function recordChainLink(kind: string, id: string, version: number, chainLink: Uint8Array): void {
  recordThing(kind, id, { version, link: Buffer.from(chainLink).toString("hex") });
}
