// The one error model: which status and title each code of the contract has, and how an error that was thrown
// becomes an answer (RFC 9457). What is no AppError is a fault of ours: it is answered as `internal`, and only the
// log says more.
import { AppError, type ErrorCode } from "@notejam/core/errors";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as z from "zod/mini";
import type { ApiEnv } from "./context.ts";

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** Each code of the contract: its status, its title, and the sentence where the error brings none. */
export const PROBLEMS = {
  malformed: { status: 400, title: "Malformed", detail: "The body is not JSON." },
  unauthenticated: { status: 401, title: "Not signed in", detail: "Sign in to go on." },
  wrong_credentials: { status: 401, title: "Wrong credentials", detail: undefined },
  forbidden_origin: { status: 403, title: "Forbidden origin", detail: undefined },
  not_found: { status: 404, title: "Not found", detail: "There is no such thing here." },
  conflict: { status: 409, title: "Conflict", detail: undefined },
  email_taken: { status: 409, title: "Email taken", detail: undefined },
  too_many_pads: { status: 409, title: "Too many pads", detail: undefined },
  version_mismatch: {
    status: 412,
    title: "Changed meanwhile",
    detail: "It was changed since the version that If-Match names; `current` is how it is now.",
  },
  too_large: { status: 413, title: "Too large", detail: undefined },
  unsupported_media_type: { status: 415, title: "Unsupported media type", detail: undefined },
  invalid_input: { status: 422, title: "Invalid input", detail: "See `fields`." },
  version_required: {
    status: 428,
    title: "Version required",
    detail: 'Say in If-Match which version the change is based on: If-Match: "3".',
  },
  rate_limited: { status: 429, title: "Too many attempts", detail: "Try again later." },
  internal: { status: 500, title: "Internal error", detail: undefined },
  unavailable: { status: 503, title: "Unavailable", detail: "Try again in a moment." },
} as const satisfies Record<
  ErrorCode,
  { status: ContentfulStatusCode; title: string; detail: string | undefined }
>;

/** Seconds to wait where an error that calls for Retry-After names none. */
const RETRY_AFTER_SECONDS = 5;

/** What every error is answered with. */
export const Problem = z.object({
  /** Where the code is explained: a response of the OpenAPI document. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ErrorCode, ...ErrorCode[]]),
  detail: z.optional(z.string()),
  /** What is wrong, by the name of the field, query parameter or header. */
  fields: z.optional(z.record(z.string(), z.array(z.string()))),
  /** With `version_mismatch`: the note or pad as it is now. */
  current: z.optional(z.unknown()),
  requestId: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** The outcome that `error` stands for: an AppError, itself or wrapped by the database client, or else `internal`. */
export function outcomeOf(error: unknown): AppError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AppError) return cause;
  }
  return new AppError("internal", { cause: error });
}

/** Answers `error` as a problem. */
export function answerProblem(c: Context<ApiEnv>, error: AppError): Response {
  const { status, title, detail } = PROBLEMS[error.code];
  const problem: Problem = {
    type: `/api/openapi.json#/components/responses/${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.detail ?? detail,
    fields: error.fields,
    current: error.current,
    requestId: c.var.requestId,
  };
  c.header("Content-Type", PROBLEM_MEDIA_TYPE);
  if (status === 429 || status === 503) {
    c.header("Retry-After", String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS))));
  }
  return c.body(JSON.stringify(problem), status);
}
