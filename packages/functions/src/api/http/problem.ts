// Turns an error into an answer, a problem document (RFC 9457); ../problem-document.ts has its words. Any error but an AppError
// is a fault of ours: the client gets `internal`, and only the log says more.
import { AppError } from "@notejam/core/errors";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Problem, WORDS } from "../problem-document.ts";
import { PROBLEM_MEDIA_TYPE, type ProblemCode, STATUSES } from "../problems.ts";
import type { ApiEnv } from "./context.ts";
import { fieldsOf } from "./fields.ts";
import { RequestError } from "./request-error.ts";

/** Seconds to wait if an error that calls for Retry-After names none. */
const RETRY_AFTER_SECONDS = 5;

/** The AppError that `error` is, or that the database client has wrapped in it; any other error is `internal`. */
export function toAppError(error: unknown): AppError<ProblemCode> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AppError) return cause;
  }
  return new RequestError("internal", { cause: error });
}

/** Answers `error` as a problem. */
export function answerProblem(c: Context<ApiEnv>, error: AppError<ProblemCode>): Response {
  const status = STATUSES[error.code];
  const { title, detail } = WORDS[error.code];
  const problem: Problem = {
    type: `/api/openapi.json#/components/responses/${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.detail ?? detail,
    ...(error.fields && fieldsOf(error.fields)),
    current: error.current,
    requestId: c.var.requestId,
  };
  c.header("Content-Type", PROBLEM_MEDIA_TYPE);
  if (status === 429 || status === 503) {
    c.header("Retry-After", String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS))));
  }
  return c.body(JSON.stringify(problem), status as ContentfulStatusCode);
}
