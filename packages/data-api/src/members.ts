// Checks of what a program, or a request to the admin endpoint, gives the server: each names the member that is no good
// and says what would be right.
import { OptionError } from "./errors.ts";

/**
 * @param known the names that it may have; any unless given
 * @throws OptionError where `value` is no object, or has a member that nobody knows
 */
export function membersOf<Name extends string>(
  value: unknown,
  path: string,
  known?: readonly Name[],
): Partial<Record<Name, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new OptionError(`${path} must be an object.`);
  }
  const unknown = known && Object.keys(value).find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) {
    throw new OptionError(`${path} has no member ${unknown}: it may have ${known?.join(", ")}.`);
  }
  return value;
}

/** @throws OptionError unless `value` has exactly one of the members */
export function oneMemberOf<Name extends string>(
  value: unknown,
  path: string,
  known: readonly Name[],
): [Name, unknown] {
  const members = membersOf(value, path, known);
  const given = known.filter((name) => members[name] !== undefined);
  const [name] = given;
  if (given.length !== 1 || name === undefined) {
    throw new OptionError(`${path} must have exactly one of ${known.join(", ")}.`);
  }
  return [name, members[name]];
}

/** @throws OptionError */
export function oneOf<const T>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new OptionError(`${path} must be one of ${allowed.join(", ")}.`);
  return found;
}

/** @throws OptionError */
export function numberOf(value: unknown, path: string, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new OptionError(`${path} must be a number from ${min} to ${max}.`);
}

/** @throws OptionError */
export function wholeNumberOf(
  value: unknown,
  path: string,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  const bounds = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw new OptionError(`${path} must be a whole number ${bounds}.`);
}

/** Longer than anything waits for; timers of Node.js go to 24 days and fire at once beyond. */
export const DAY_MS = 24 * 3_600_000;

/** @throws OptionError */
export function millisecondsOf(value: unknown, path: string): number {
  return numberOf(value, path, 0, DAY_MS);
}
