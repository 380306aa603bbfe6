// The SCRAM-SHA-256 verifier of a password, in the form that PostgreSQL stores. A statement can set a password by its verifier,
// so the password itself never reaches a log.
// https://www.rfc-editor.org/rfc/rfc5802#section-3, https://www.postgresql.org/docs/18/catalog-pg-authid.html
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** PostgreSQL's default (scram_iterations). */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

/**
 * @param password printable ASCII, which needs no preparation (SASLprep)
 * @returns `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`
 */
export function scramVerifier(
  password: string,
  {
    salt = randomBytes(SALT_BYTES),
    iterations = ITERATIONS,
  }: { salt?: Uint8Array; iterations?: number } = {},
): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  const serverKey = hmac("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString("base64")}$${storedKey}:${serverKey}`;
}
