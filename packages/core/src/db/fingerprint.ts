// How a write recognises its own repetition: the row keeps a hash of what was sent. The SDK repeats a request whose
// answer was lost, and so does the browser.
import { createHash, randomBytes } from "node:crypto";

/** SHA-256 of what was sent. JSON keeps the parts apart: no two different lists of parts read the same. */
export function fingerprint(...sent: (string | number | null | undefined)[]): Buffer {
  return createHash("sha256")
    .update(JSON.stringify(sent.map((part) => (part === undefined ? [] : part))))
    .digest();
}

/** The fingerprint of a request that only its own repetition by the SDK equals. */
export function once(): Buffer {
  return randomBytes(32);
}
