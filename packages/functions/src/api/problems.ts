// The problems of the HTTP contract: each code with its status. The API and its client share this table, so it contains only
// what a browser needs. The words of each problem are in problem-document.ts.
import type { ErrorCode } from "@notejam/core/errors";

/** The codes for a request that is refused before core sees it, and `internal` for our own faults. */
export type RequestCode =
  | "malformed"
  | "forbidden_origin"
  | "too_large"
  | "unsupported_media_type"
  | "version_required"
  | "internal";

/** A code of the contract. */
export type ProblemCode = ErrorCode | RequestCode;

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** The HTTP status of each code. Codes that share a status are in the contract's order, the general one first. */
export const STATUSES = {
  malformed: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden_origin: 403,
  not_found: 404,
  conflict: 409,
  email_taken: 409,
  too_many_pads: 409,
  quota_exceeded: 409,
  version_mismatch: 412,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  version_required: 428,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ProblemCode, number>;
