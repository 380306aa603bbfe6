// The problems of the HTTP contract: each code with its status and title. The API and its client share this table, so it
// imports nothing that a browser would have to load.
import type { ErrorCode } from "@notejam/core/errors";

/** What can be wrong with a request before the domain sees it, and `internal`, a fault of ours. */
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

/** Each code of the contract: its status, its title, and the sentence for an error that has none of its own. */
export const PROBLEMS = {
  malformed: { status: 400, title: "Malformed", detail: "The body is not valid JSON." },
  unauthenticated: { status: 401, title: "Not signed in", detail: "Sign in to continue." },
  wrong_credentials: { status: 401, title: "Wrong credentials", detail: undefined },
  forbidden_origin: { status: 403, title: "Forbidden origin", detail: undefined },
  not_found: { status: 404, title: "Not found", detail: "Nothing was found here." },
  conflict: { status: 409, title: "Conflict", detail: undefined },
  email_taken: { status: 409, title: "Email taken", detail: undefined },
  too_many_pads: { status: 409, title: "Too many pads", detail: undefined },
  version_mismatch: {
    status: 412,
    title: "Version mismatch",
    detail: "It was changed after the version that If-Match names. `current` is how it is now.",
  },
  too_large: { status: 413, title: "Too large", detail: undefined },
  unsupported_media_type: { status: 415, title: "Unsupported media type", detail: undefined },
  invalid_input: { status: 422, title: "Invalid input", detail: "See `fields`." },
  version_required: {
    status: 428,
    title: "Version required",
    detail: 'Name the version that the change is based on: If-Match: "3".',
  },
  rate_limited: { status: 429, title: "Too many attempts", detail: "Try again later." },
  internal: { status: 500, title: "Internal error", detail: undefined },
  unavailable: { status: 503, title: "Unavailable", detail: "Try again in a moment." },
} as const satisfies Record<ProblemCode, { status: number; title: string; detail: string | undefined }>;
