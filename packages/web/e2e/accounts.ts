// Accounts for tests that are not about signing up: their rows are written into the service's database. Their passwords are
// stored with Argon2 parameters that cost nothing, which signing in reads from the stored hash.
import { argon2Sync, createHash, randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** The password of each account. */
export const PASSWORD = "correct horse";

/** Makes an account. @returns its email */
export async function createAccount(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  await query(
    "insert into account (id, email, password_hash, created_at) values ($1, $2, $3, clock_timestamp())",
    [randomUUID(), email, CHEAP_HASH],
  );
  return email;
}

/** Opens a session of an account. @returns its token */
export async function openSession(email: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await query(
    `insert into session (id, user_id, token_hash, epoch, device, created_at, expires_at)
      select $1, id, $2, epoch, 'Chrome on Linux', now(), now() + interval '1 day' from account where email = $3`,
    [randomUUID(), createHash("sha256").update(token).digest(), email],
  );
  return token;
}

/** The account has written so many bytes of text in this hour. None: it has begun a new hour. */
export async function hasWritten(email: string, bytes: number): Promise<void> {
  await query(
    `insert into written (user_id, slot, hour, bytes, total)
      select id, 0, date_trunc('hour', now(), 'UTC'), $1::bigint, $1::bigint from account where email = $2
      on conflict (user_id, slot) do update set bytes = excluded.bytes`,
    [bytes, email],
  );
}

const CHEAP_HASH = cheapHash(PASSWORD);

/** As core's `hashPassword`, with the least that Argon2 allows. */
function cheapHash(password: string): string {
  const salt = randomBytes(16);
  const cost = { memory: 8, passes: 1, parallelism: 1 };
  const hash = argon2Sync("argon2id", { message: password, nonce: salt, tagLength: 32, ...cost });
  const [base64Salt, base64Hash] = [salt, hash].map((bytes) => bytes.toString("base64").replace(/=+$/, ""));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64Salt}$${base64Hash}`;
}

let database: pg.Pool | undefined;

async function query(sql: string, values: unknown[]): Promise<void> {
  // A worker that has ended leaves its connection to the server, which closes it.
  database ??= new pg.Pool({ connectionString: inject("databaseUrl"), max: 1, allowExitOnIdle: true });
  await database.query(sql, values);
}
