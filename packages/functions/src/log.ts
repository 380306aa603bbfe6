// The log: one JSON line a request. It never holds a token, a password, an email, a name or a text, so it says the
// route's pattern instead of the path, and of an error nothing that the database put values into.
import { type Calls, countingCalls } from "@notejam/core/db/client";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { ApiEnv } from "./api/http/context.ts";
import { outcomeOf } from "./api/http/problem.ts";

/** Gives the request its id, logs it when it is answered, and counts its Data API calls. */
export const logged: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const startedAt = performance.now();
  const calls: Calls = { count: 0 };
  // Lambda's id finds the platform's own lines too. What a client sends as an id is not taken over: it could be
  // anything.
  const requestId = c.env?.lambda?.awsRequestId ?? crypto.randomUUID();
  c.set("requestId", requestId);
  await countingCalls(next, calls);
  c.header("x-request-id", requestId);
  const outcome = c.error && outcomeOf(c.error);
  writeLine({
    level: c.res.status >= 500 ? "error" : "info",
    requestId,
    method: c.req.method,
    route: matchedRoutes(c).findLast(({ method }) => method !== "ALL")?.path ?? "none",
    status: c.res.status,
    ms: Math.round(performance.now() - startedAt),
    dataApiCalls: calls.count,
    code: outcome?.code,
    error: c.res.status >= 500 ? describeError(outcome?.cause) : undefined,
  });
};

/** Writes one line, with its time first, to standard output: `console.log` would add Lambda's own columns. */
export function writeLine(line: { level: "info" | "error"; [key: string]: unknown }): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

/** What may be known of an error: where it came from, and of the database's no statement, parameter or detail. */
export function describeError(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : { name: typeof error };
  return {
    name: error.name,
    message: "query" in error ? undefined : withoutValues(error.message),
    // The first lines of a stack repeat the message.
    stack: error.stack?.split("\n").flatMap((line) => (/^\s+at /.test(line) ? line.trim() : [])),
    cause: describeError(error.cause),
  };
}

/**
 * A message without what it may quote: addresses, as SES does; of the Data API what PostgreSQL quotes from rows and
 * parameters, `Detail` and `Hint`, and of a data exception (class 22, `invalid input syntax for type uuid: "…"`) what
 * stands in quotes.
 */
function withoutValues(message: string): string {
  if (!message.startsWith("ERROR: ")) return message.replaceAll(/[^\s"'<>]+@[^\s"'<>]+/g, "…@…");
  const state = /SQLState: ([0-9A-Z]{5})$/.exec(message)?.[1] ?? "";
  const primary = message.replace(/; (Detail|Hint|Position|SQLState): .*$/s, "");
  return `${state.startsWith("22") ? primary.replace(/".*"/s, '"…"') : primary}; SQLState: ${state}`;
}
