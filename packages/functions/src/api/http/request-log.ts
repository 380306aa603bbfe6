// Writes the log line of each request. It has the route's pattern instead of the path, which contains ids.
import { countingCalls, noCalls } from "@notejam/core/db/calls";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { ANSWER_WITHIN_SECONDS } from "../../functions.ts";
import { describeError, writeLine } from "../../log.ts";
import type { ApiEnv } from "./context.ts";
import { toAppError } from "./problem.ts";

/** Gives the request its id, logs it once it is answered, and counts its Data API calls. */
export const logged: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const startedAt = performance.now();
  const calls = noCalls(AbortSignal.timeout(ANSWER_WITHIN_SECONDS * 1000));
  // Lambda's id is in the platform's own lines too. An id from a client is ignored, because it could be anything.
  const requestId = c.env?.lambda?.awsRequestId ?? crypto.randomUUID();
  c.set("requestId", requestId);
  await countingCalls(next, calls);
  c.header("x-request-id", requestId);
  const outcome = c.error && toAppError(c.error);
  writeLine({
    level: c.res.status >= 500 ? "error" : "info",
    requestId,
    method: c.req.method,
    route: matchedRoutes(c).findLast(({ method }) => method !== "ALL")?.path ?? "none",
    status: c.res.status,
    ms: Math.round(performance.now() - startedAt),
    dataApiCalls: calls.count,
    // Who can write the database could compute a chain anew, but not this line. It is kept for three years.
    links: someOf(calls.links),
    purged: someOf(calls.purged),
    code: outcome?.code,
    error: c.res.status >= 500 ? describeError(outcome?.cause) : undefined,
  });
};

/** A list for the log, where an empty one is left out. */
function someOf<Item>(items: Item[]): Item[] | undefined {
  return items.length > 0 ? items : undefined;
}
