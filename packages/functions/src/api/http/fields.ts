// Collects what is wrong with a request's fields: for each field, codes for programs and messages for people.
import type { FieldProblem } from "@notejam/core/errors";
import { codeOf, type FieldCode } from "@notejam/core/field/schema";
import type * as z from "zod/mini";

/** Problems by the name of the field, query parameter or header. It is a map, because a client may send the name `__proto__`. */
export type Fields = Map<string, FieldProblem[]>;

export const SENT_TWICE: FieldProblem = { code: "duplicate", message: "Sent more than once" };

/** How many names an answer has, and how long they are: the answer to 4 MiB of unknown names must be small. */
const NAMES_MAX = 20;
const NAME_MAX_UNITS = 100;

export function addTo(fields: Fields, name: string, problem: FieldProblem): void {
  const shortened = name.slice(0, NAME_MAX_UNITS);
  const problems = fields.get(shortened);
  if (problems?.some(({ message }) => message === problem.message)) return;
  if (problems) problems.push(problem);
  else if (fields.size < NAMES_MAX) fields.set(shortened, [problem]);
}

/**
 * `value` as `schema` parses it; undefined if it is wrong.
 * @param fields receives the problems
 * @param unknown the message for a name that the schema does not have
 */
export function check<S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  fields: Fields,
  unknown: string,
): z.output<S> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    // zod's issue for unknown keys has the keys instead of a path.
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) addTo(fields, key, { code: "unknown", message: unknown });
    } else {
      const code = codeOf(issue, value);
      addTo(fields, String(issue.path[0] ?? ""), { code, message: issue.message });
    }
  }
  return undefined;
}

/** Messages and codes by field, in the contract's form. */
export function fieldsOf(problems: Record<string, FieldProblem[]>): {
  fields: Record<string, string[]>;
  codes: Record<string, FieldCode[]>;
} {
  const map = <T>(of: (problem: FieldProblem) => T) =>
    Object.fromEntries(Object.entries(problems).map(([name, all]) => [name, all.map(of)]));
  return { fields: map(({ message }) => message), codes: map(({ code }) => code) };
}
