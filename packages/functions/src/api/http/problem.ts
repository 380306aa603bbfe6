// Answers an error with a problem document (RFC 9457), whose words are in ../problem-document.ts. Any error but an AppError is
// our own fault: the client gets `internal`, and only the log says more.
import { AppError } from "@notejam/core/errors";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Problem, WORDS } from "../problem-document.ts";
import { PROBLEM_MEDIA_TYPE, type ProblemCode, STATUSES } from "../problems.ts";
import type { ApiEnv } from "./context.ts";
import { fieldsOf } from "./fields.ts";
import { RequestError } from "./request-error.ts";

/** The Retry-After of an error that names no seconds. */
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
  const { status, headers, body } = problemOf(error, c.var.requestId);
  return c.body(body, status as ContentfulStatusCode, headers);
}

/** The status, the headers and the body of the problem that answers `error`. */
export function problemOf(
  error: AppError<ProblemCode>,
  requestId: string,
): { status: number; headers: Record<string, string>; body: string } {
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
    requestId,
  };
  const headers: Record<string, string> = { "content-type": PROBLEM_MEDIA_TYPE };
  if (status === 429 || status === 503) {
    const seconds = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS;
    headers["retry-after"] = String(Math.max(1, Math.ceil(seconds)));
  }
  return { status, headers, body: JSON.stringify(problem) };
}
