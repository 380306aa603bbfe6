// The one kind of error that core throws. Each code is one of the HTTP contract's; the API's own table turns
// codes into statuses (functions/src/api/problem.ts). Everything else that is thrown is a fault of ours.

/** The stable codes of the contract; what each means, functions/src/api/problem.ts says. */
export type ErrorCode =
  | "malformed"
  | "unauthenticated"
  | "wrong_credentials"
  | "forbidden_origin"
  | "not_found"
  | "conflict"
  | "email_taken"
  | "too_many_pads"
  | "version_mismatch"
  | "too_large"
  | "unsupported_media_type"
  | "invalid_input"
  | "version_required"
  | "rate_limited"
  | "unavailable"
  | "internal";

export interface ErrorDetails {
  /** A sentence for the reader: what happened, and what to do. */
  detail?: string;
  /** Messages by the name of the field that is wrong. */
  fields?: Record<string, string[]>;
  /** With `version_mismatch`: the note or pad as it is now. */
  current?: unknown;
  /** With `rate_limited` and `unavailable`: seconds until it is worth trying again. */
  retryAfterSeconds?: number;
  /** What was thrown underneath; it is logged, never answered. */
  cause?: unknown;
}

/** An outcome that the contract names. `fields`, `current` and `retryAfterSeconds` travel to the client. */
export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly fields: Record<string, string[]> | undefined;
  readonly current: unknown;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.detail ?? code, { cause: details.cause });
    this.code = code;
    this.detail = details.detail;
    this.fields = details.fields;
    this.current = details.current;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
