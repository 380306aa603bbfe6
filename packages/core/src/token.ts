// Secret tokens: what the cookies of sessions and devices and the mailed links carry. The database has their hashes only.
import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;

/** A token that nobody can guess, in the form of `TOKEN` (field/schema.ts). */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
