// How passwords are stored: Argon2id with OWASP's parameters (19 MiB, two passes, one lane), as a tagged string in the
// PHC format. Each hash carries its parameters, so they can be raised later. A password is hashed in Unicode's composed form
// (NFC, RFC 8265), since keyboards compose differently.
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

const derive = promisify(argon2);

/** @returns `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive("argon2id", {
    message: password.normalize("NFC"),
    nonce: salt,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: HASH_BYTES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(hash)}`;
}

/**
 * Whether `stored` was made from `password`. It takes the same time for an account that does not exist.
 * @param stored the result of `hashPassword`; undefined if the account does not exist
 * @throws Error if `stored` is not an Argon2id string
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const composed = password.normalize("NFC");
  if (await matches(composed, stored)) return true;
  // Older hashes are of the password as it was typed, not composed.
  return composed !== password && matches(password, stored);
}

async function matches(password: string, stored: string | undefined): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    stored ?? HASH_OF_NO_PASSWORD,
  );
  if (!parts) throw new Error("A stored password's hash is not in the Argon2id format.");
  const [, memory, passes, lanes, salt, hash] = parts;
  const expected = Buffer.from(hash ?? "", "base64");
  const actual = await derive("argon2id", {
    message: password,
    nonce: Buffer.from(salt ?? "", "base64"),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: expected.length,
  });
  return timingSafeEqual(actual, expected) && stored !== undefined;
}

/** A hash of no password. It is compared with the passwords for unknown emails. */
const HASH_OF_NO_PASSWORD = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${"A".repeat(22)}$${"A".repeat(43)}`;

/** Base64 without padding, as the PHC format requires. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
