// Writes the log line of each request, from which CloudWatch extracts metrics (../../metrics.ts). The line has the pattern of the
// route, and not the path, which contains ids.
import { config } from "@notejam/core/config";
import { type Calls, countingCalls, noCalls } from "@notejam/core/db/calls";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { auditOf } from "../../audit.ts";
import { ANSWER_WITHIN_SECONDS } from "../../functions.ts";
import { describeError, writeLine } from "../../log.ts";
import { metricsOf, REQUEST_METRICS, type RequestMetrics } from "../../metrics.ts";
import type { ProblemCode } from "../problems.ts";
import type { ApiEnv } from "./context.ts";
import { SAFE_METHODS } from "./distribution.ts";
import { toAppError } from "./problem.ts";

/** Where passwords are guessed. */
const SIGN_IN = "POST /api/session";

/** Gives the request its id, and logs it when it is answered. */
export const logged: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const startedAt = performance.now();
  const calls = noCalls(AbortSignal.timeout(ANSWER_WITHIN_SECONDS * 1000));
  // Lambda's own log lines have the same id. An id from the client could be anything, so it is ignored.
  const requestId = c.env?.lambda?.awsRequestId ?? crypto.randomUUID();
  c.set("requestId", requestId);
  await countingCalls(next, calls);
  c.header("x-request-id", requestId);
  const problem = c.error && toAppError(c.error);
  const { status } = c.res;
  writeRequestLine({
    stage: config.stage,
    requestId,
    method: c.req.method,
    route: matchedRoutes(c).findLast(({ method }) => method !== "ALL")?.path ?? "none",
    status,
    startedAt,
    calls,
    code: problem?.code,
    error: status >= 500 ? problem?.cause : undefined,
  });
};

interface Answered {
  stage: string;
  requestId: string;
  /** Undefined if the request could not be read. */
  method?: string;
  /** The route's pattern, or `none`. */
  route: string;
  status: number;
  /** The time of `performance.now()`. */
  startedAt: number;
  calls: Calls;
  /** The problem that answered. */
  code?: ProblemCode | undefined;
  /** Our own fault. */
  error?: unknown;
}

let coldStart = true;

/** Writes the line of a request. */
export function writeRequestLine(answered: Answered): void {
  const { stage, requestId, method, route, status, startedAt, calls, code, error } = answered;
  const what = `${method} ${route}`;
  const isChange = method !== undefined && !SAFE_METHODS.has(method) && route !== "none";
  const metrics: RequestMetrics = {
    duration: Math.round(performance.now() - startedAt),
    faults: countOf(status >= 500 && status !== 503),
    unavailable: countOf(status === 503),
    refusedSignIns: countOf(what === SIGN_IN && (status === 401 || status === 429)),
    foreignOrigins: countOf(code === "forbidden_origin"),
  };
  writeLine({
    level: status >= 500 || error !== undefined ? "error" : "info",
    requestId,
    method,
    route,
    status,
    outcome: outcomeOf(status),
    code,
    dataApiCalls: calls.count,
    coldStart,
    audit: isChange ? auditOf(what, calls) : undefined,
    error: describeError(error),
    ...metricsOf(metrics, { stage }, REQUEST_METRICS),
  });
  coldStart = false;
}

function countOf(holds: boolean): 1 | undefined {
  return holds ? 1 : undefined;
}

/** The result of a request in one word. */
function outcomeOf(status: number): string {
  if (status < 400) return "ok";
  if (status === 503) return "unavailable";
  if (status >= 500) return "fault";
  return REFUSALS[status] ?? "invalid";
}

const REFUSALS: Record<number, string> = {
  401: "refused",
  403: "refused",
  404: "missing",
  409: "conflict",
  412: "conflict",
  429: "refused",
};
