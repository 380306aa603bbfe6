// The one kind of error that core throws, with the domain's codes. The API adds its own codes and gives each a status
// (functions/src/api/problems.ts). Any other error is a fault in the code.
import type { FieldCode } from "./field/schema.ts";

/** The domain's error codes. They are stable, because clients act on them. */
export type ErrorCode =
  | "unauthenticated"
  | "wrong_credentials"
  | "not_found"
  | "conflict"
  | "email_taken"
  | "too_many_pads"
  | "quota_exceeded"
  | "version_mismatch"
  | "invalid_input"
  | "rate_limited"
  | "unavailable";

/** What is wrong with a field: a code for programs, and a message for people. */
export interface FieldProblem {
  code: FieldCode;
  message: string;
}

export interface ErrorDetails {
  /** A sentence for the user: what happened, and what to do. */
  detail?: string;
  /** What is wrong, by the name of the field. */
  fields?: Record<string, FieldProblem[]>;
  /** With `version_mismatch`: the note or pad as it is now. */
  current?: unknown;
  /** With `rate_limited` and `unavailable`: seconds until it is worth trying again. */
  retryAfterSeconds?: number;
  /** The underlying error. It is logged and never sent to the client. */
  cause?: unknown;
}

/** An outcome that a client can act on. All of it except `cause` is sent to the client. */
export class AppError<Code extends string = ErrorCode> extends Error {
  override name = "AppError";
  readonly code: Code;
  readonly detail: string | undefined;
  readonly fields: Record<string, FieldProblem[]> | undefined;
  readonly current: unknown;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: Code, details: ErrorDetails = {}) {
    super(details.detail ?? code, { cause: details.cause });
    this.code = code;
    this.detail = details.detail;
    this.fields = details.fields;
    this.current = details.current;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/**
 * An error that names one field.
 * @param detail about the whole request; without it, the field's message alone says what is wrong
 */
export function fieldError(code: ErrorCode, name: string, problem: FieldProblem, detail?: string): AppError {
  return new AppError(code, { fields: { [name]: [problem] }, ...(detail !== undefined && { detail }) });
}
