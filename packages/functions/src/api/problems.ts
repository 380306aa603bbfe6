// The problems of the HTTP contract: each code with its status and title. The API and its client share this table, so it
// imports nothing that a browser would have to load.
import type { ErrorCode } from "@notejam/core/errors";

/** A code of the contract. */
export type ProblemCode = ErrorCode;

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
} as const satisfies Record<ProblemCode, { status: number; title: string; detail: string | undefined }>;
