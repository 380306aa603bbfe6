// How a write recognises its own repetition: the row keeps a hash of what was sent. The SDK sends a request again if its
// answer was lost, and so does a browser.
import { createHash, randomBytes } from "node:crypto";

/**
 * SHA-256 of everything that was sent. It takes the whole parsed input, not a list of its fields, so a field that is
 * added later can't be left out. What was not sent (undefined) differs from null.
 */
export function fingerprint(sent: Record<string, unknown>): Buffer {
  return createHash("sha256").update(JSON.stringify(sent, withSortedKeys)).digest();
}

/** The order in which a client writes the members of an object means nothing. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fingerprint of a request that equals only its own repetition by the SDK. */
export function once(): Buffer {
  return randomBytes(32);
}
