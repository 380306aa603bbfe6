// The problem document that a client gets (RFC 9457), and its words.
import { FIELD_CODES } from "@notejam/core/field/schema";
import * as z from "zod/mini";
import { type ProblemCode, STATUSES } from "./problems.ts";

/** The body of every error answer. */
export const Problem = z.object({
  /** The address that explains the code: a response of the OpenAPI document. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(STATUSES) as [ProblemCode, ...ProblemCode[]]),
  detail: z.optional(z.string()),
  /** What is wrong, by the name of the field, query parameter or header. */
  fields: z.optional(z.record(z.string(), z.array(z.string()))),
  /** A stable code for each message in `fields`, in the same order: `required`, `too_long`. */
  codes: z.optional(z.record(z.string(), z.array(z.enum(FIELD_CODES)))),
  /** With `version_mismatch`: the note or pad as it is now. */
  current: z.optional(z.unknown()),
  requestId: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** The title of each problem, and the detail for an error that has none. */
export const WORDS = {
  malformed: { title: "Malformed", detail: "The body is not valid JSON." },
  unauthenticated: { title: "Not signed in", detail: "Sign in to continue." },
  wrong_credentials: { title: "Wrong credentials", detail: undefined },
  forbidden_origin: { title: "Forbidden origin", detail: undefined },
  not_found: { title: "Not found", detail: "Nothing was found here." },
  conflict: { title: "Conflict", detail: undefined },
  email_taken: { title: "Email taken", detail: undefined },
  too_many_pads: { title: "Too many pads", detail: undefined },
  quota_exceeded: { title: "Quota exceeded", detail: undefined },
  version_mismatch: {
    title: "Version mismatch",
    detail: "It was changed after the version in If-Match. `current` is its present state.",
  },
  too_large: { title: "Too large", detail: undefined },
  unsupported_media_type: { title: "Unsupported media type", detail: undefined },
  invalid_input: { title: "Invalid input", detail: "See `fields`." },
  version_required: {
    title: "Version required",
    detail: 'Name the version that the change is based on: If-Match: "3".',
  },
  rate_limited: { title: "Too many requests", detail: "Try again later." },
  internal: { title: "Internal error", detail: undefined },
  unavailable: { title: "Unavailable", detail: "Try again in a moment." },
} as const satisfies Record<ProblemCode, { title: string; detail: string | undefined }>;
