// The document that carries a problem to the client (RFC 9457).
import { FIELD_CODES } from "@notejam/core/field/schema";
import * as z from "zod/mini";
import { PROBLEMS, type ProblemCode } from "./problems.ts";

/** What every error is answered with. */
export const Problem = z.object({
  /** Where the code is explained: a response of the OpenAPI document. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
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
