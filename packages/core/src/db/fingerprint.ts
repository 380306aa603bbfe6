// How a write recognises its own repetition: the row keeps a hash of the request. The SDK and browsers send a request again
// if they get no answer.
import { createHash, randomBytes } from "node:crypto";

/**
 * SHA-256 of everything that was sent. It takes the whole parsed input, not a list of its fields, so a field that is
 * added later can't be left out. What was not sent (undefined) differs from null.
 */
export function fingerprint(input: Record<string, unknown>): Buffer {
  return createHash("sha256").update(JSON.stringify(input, withSortedKeys)).digest();
}

/** Sorts the members of an object, whose order has no meaning. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fingerprint of a request that equals only its own repetition by the SDK. */
export function once(): Buffer {
  return randomBytes(32);
}
