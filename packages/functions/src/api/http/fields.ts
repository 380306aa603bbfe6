// Messages by field, as problems carry them: how what a schema finds wrong becomes `fields`.
import type * as z from "zod/mini";

/** Messages by the name of the field, query parameter or header; names come from outside, hence no plain object. */
export type Fields = Map<string, string[]>;

export const GIVEN_TWICE = "Given more than once";

/** Names that an answer lists, and their length: an answer to 4 MiB of unknown names stays small. */
const NAMES_MAX = 20;
const NAME_MAX_UNITS = 100;

export function addTo(fields: Fields, name: string, message: string): void {
  const shortened = name.slice(0, NAME_MAX_UNITS);
  const messages = fields.get(shortened);
  if (messages?.includes(message)) return;
  if (messages) messages.push(message);
  else if (fields.size < NAMES_MAX) fields.set(shortened, [message]);
}

/**
 * `value` as `schema` makes of it; undefined where that finds it wrong.
 * @param fields receives what is wrong
 * @param unknown what is said of a name that the schema does not know
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
    // zod gives the issue of unknown keys no path, but the keys.
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) addTo(fields, key, unknown);
    } else {
      addTo(fields, String(issue.path[0] ?? ""), issue.message);
    }
  }
  return undefined;
}
