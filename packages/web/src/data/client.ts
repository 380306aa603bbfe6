// The typed client of the API: its routes, inputs and answers are the Hono app's own types.
import type { AppType } from "@notejam/functions/api/app";
import { hc } from "hono/client";

/** The API through `fetch`, which decides what becomes of answers that are no success. */
export function connect(fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>) {
  return hc<AppType>(location.origin, { fetch }).api;
}
