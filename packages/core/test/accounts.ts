// Accounts for tests whose passwords are hashed with Argon2's smallest parameters. A stored hash carries its parameters, so signing in
// to such an account takes no time either, while an account that was signed up takes a tenth of a second each time.
import { argon2Sync, randomBytes } from "node:crypto";

const MEMORY_KIB = 8;
const PASSES = 1;
const LANES = 1;

/** @returns the statement that adds an account, for the database's owner. No value has quotes. */
export function addingAccount(account: { id: string; email: string; password: string }): string {
  return `insert into account (id, email, password_hash, created_at)
    values ('${account.id}', '${account.email}', '${cheapHash(account.password)}', clock_timestamp())`;
}

/** As `hashPassword`, with the least that Argon2 allows. */
function cheapHash(password: string): string {
  const salt = randomBytes(16);
  const hash = argon2Sync("argon2id", {
    message: password.normalize("NFC"),
    nonce: salt,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: 32,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(hash)}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
