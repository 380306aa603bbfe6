// What the schemas of requests, options and faults share: how a member is named, and how what is wrong with it is said.
// A message is the rest of a sentence that begins with the member's name: `port` and "must be a whole number from 1."
import * as z from "zod/mini";
import { OptionError } from "./errors.ts";

/** Longer than anything waits. Timers of Node.js go to 24 days, and fire at once beyond. */
export const DAY_MS = 24 * 3_600_000;

export const milliseconds = between(0, DAY_MS);

export function between(min: number, max: number) {
  const message = `must be a number from ${min} to ${max}.`;
  return z.number(message).check(z.minimum(min, message), z.maximum(max, message));
}

export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  const message = `must be a whole number ${bounds}.`;
  return z.int(message).check(z.minimum(min, message), z.maximum(max, message));
}

export function oneOf<const Value extends string>(values: readonly Value[]) {
  return z.enum(values as [Value, ...Value[]], `must be one of ${values.join(", ")}.`);
}

/** An object that may have these members alone. */
export function members<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `has no member ${issue.keys[0]}: it may have ${Object.keys(shape).join(", ")}.`
        : "must be an object.",
  });
}

/** An object that must have one of these members, and may have no other. */
export function oneMember<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape) as (keyof Shape & string)[];
  return members(shape).check(
    z.refine(
      (value) => names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1,
      `must have exactly one of ${names.join(", ")}.`,
    ),
  );
}

/** The objects of several kinds, each with the members of its kind. */
export function kinds<const Kinds extends readonly [Kind, ...Kind[]]>(kindsOf: Kinds) {
  const names = kindsOf.flatMap((kind) => kind.shape.kind.def.values);
  return z.discriminatedUnion("kind", kindsOf, {
    error: ({ code }) =>
      code === "invalid_union" ? `must be one of ${names.join(", ")}.` : "must be an object.",
  });
}

type Kind = z.ZodMiniObject<{ kind: z.ZodMiniLiteral<string> } & z.core.$ZodLooseShape, z.core.$strict>;

/**
 * Reads what a program, or a request to the admin endpoint, gives the server.
 * @param name what the value is called
 * @param prefix what the names of its members begin with
 * @throws OptionError that names the member, and says what would be right
 */
export function read<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  name: string,
  prefix: string = name,
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues as [z.core.$ZodIssue];
  throw new OptionError(`${path.length > 0 ? nameOf(prefix, path) : name} ${message}`);
}

/** `databases.app`, `parameters[0].value`. */
export function nameOf(prefix: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === "number") return `${name}[${part}]`;
    return name === "" ? String(part) : `${name}.${String(part)}`;
  }, prefix);
}
