// The typed client of the HTTP API. Its routes, inputs and answers are the API's own types; it decides that a call
// answers with a success or throws a Problem. README.md shows a program that uses it.
import type { AppType } from "@notejam/functions/api/app";
import { hc } from "hono/client";
import type { Retry } from "./retry.ts";
import { type Fetch, sending } from "./send.ts";

export interface ConnectOptions {
  /** Where the service is: `https://notes.example.com`. */
  origin: string;
  /** What carries the requests: `fetch` unless given. `withCookies` adds a session for programs; a test may call a handler. */
  fetch?: Fetch;
  /** Decides after each problem whether the call is sent again; without it, each call is sent once. See `backoff`. */
  retry?: Retry;
}

/** The API's routes as methods: `api.notes[":id"].$get({ param: { id } })`. */
export type Api = ReturnType<typeof connect>;

/**
 * The API of the service at `origin`. Each call resolves to a response of status 2xx, read to its end. A call ends early
 * with its signal: `api.notes.$get({}, { init: { signal } })`.
 * @throws Problem, from each call
 */
export function connect({ origin, fetch = globalFetch, retry }: ConnectOptions) {
  return hc<AppType>(origin, { fetch: sending(fetch, retry) }).api;
}

const globalFetch: Fetch = (input, init) => fetch(input, init);

/** The header that names the version a change is based on. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
