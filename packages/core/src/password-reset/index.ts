// Choosing a new password by a link that is mailed. Asking says the same to everybody, and takes as long: the account
// is looked up later, by the function that mails.
import { createHash, randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import type { From } from "../account/index.ts";
import { hashPassword, verifyPassword } from "../account/password.ts";
import { database, run } from "../db/client.ts";
import { AppError } from "../errors.ts";
import { attemptAt, counting, refuseIfLimited, takeBack, takingBack } from "../rate-limit/index.ts";
import { passwordReset } from "./password-reset.sql.ts";
import { RESET_LINK_DEAD, RESET_MINUTES, type RedeemReset, type RequestReset } from "./schema.ts";

const TOKEN_BYTES = 32;

/**
 * Counts an attempt to have a link mailed, whoever is named.
 * @throws AppError `rate_limited`
 */
export async function request(input: RequestReset, from: From): Promise<void> {
  const attempt = attemptAt("reset", { email: sql`${input.email}::text`, address: from.address });
  const { ctes, counted } = counting(attempt);
  const [row] = await run(
    database()
      .with(...ctes)
      .select({ waitSeconds: counted.waitSeconds })
      .from(counted),
  );
  refuseIfLimited(row?.waitSeconds ?? 0);
}

/**
 * Makes a link for an account, at most three in an hour.
 * @returns the link's token, which is nowhere else; null where there is no such account, or it had its three
 */
export async function issue(input: RequestReset): Promise<string | null> {
  const db = database();
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const found = db
    .$with("found", { id: account.id })
    .as(sql`select a.id, a.email, a.epoch from account a where a.email = ${input.email}::text`);
  const { ctes } = counting(
    attemptAt("reset-mail", { email: sql`${input.email}::text` }),
    sql`exists (select 1 from found)`,
  );
  const made = db.$with("made", { userId: passwordReset.userId }).as(
    sql`insert into password_reset (token_hash, user_id, epoch, created_at, expires_at)
      select ${hashOf(token)}::bytea, found.id, found.epoch, now(), now() + ${RESET_MINUTES}::int * interval '1 minute'
      from found, counted where counted.wait_seconds = 0
      on conflict (token_hash) do update set epoch = password_reset.epoch
      returning user_id`,
  );
  const [row] = await run(
    db
      .with(found, ...ctes, made)
      .select({ id: made.userId })
      .from(made),
  );
  return row ? token : null;
}

/**
 * Sets a new password by a link's token, and ends all sessions. Two calls, so that no password is hashed for a token
 * that is none. The same use again is the same.
 * @throws AppError `invalid_input` naming `token`, `rate_limited`
 */
export async function redeem(input: RedeemReset, from: From): Promise<void> {
  const db = database();
  const tokenHash = hashOf(input.token);
  const attempt = attemptAt("reset", { address: from.address });
  const { ctes, counted } = counting(attempt);
  const link = db.$with("link", { setHash: passwordReset.setHash, live: sql<boolean>`live`.as("live") }).as(
    sql`select case when r.set_hash = a.password_hash then r.set_hash end set_hash,
        r.set_hash is null and r.expires_at > now() and r.epoch = a.epoch live
      from password_reset r join account a on a.id = r.user_id where r.token_hash = ${tokenHash}::bytea`,
  );
  const [before] = await run(
    db
      .with(...ctes, link)
      .select({ waitSeconds: counted.waitSeconds, setHash: link.setHash, live: link.live })
      .from(counted)
      .leftJoin(link, sql`true`),
  );
  refuseIfLimited(before?.waitSeconds ?? 0);
  // Used, and the answer was lost: the password that it set tells.
  if (before?.setHash && (await verifyPassword(input.password, before.setHash))) return takeBack(attempt);
  if (!before?.live) throw linkDead();

  const hash = await hashPassword(input.password);
  const old = db
    .$with("old", { setHash: passwordReset.setHash })
    .as(
      sql`select r.* from password_reset r where r.token_hash = ${tokenHash}::bytea for no key update of r`,
    );
  const owner = db.$with("owner", { id: account.id }).as(
    sql`select a.id, a.epoch from account a join old on a.id = old.user_id and a.epoch = old.epoch
      where old.set_hash is null and old.expires_at > now() for no key update of a`,
  );
  const changed = db.$with("changed", { id: account.id }).as(
    sql`update account set password_hash = ${hash}::text, epoch = owner.epoch + 1 from owner
      where account.id = owner.id returning account.id`,
  );
  const used = db.$with("used", { userId: passwordReset.userId }).as(
    sql`update password_reset set set_hash = ${hash}::text from changed
      where token_hash = ${tokenHash}::bytea returning user_id`,
  );
  const back = takingBack(attempt, sql`exists (select 1 from changed)`);
  const [row] = await run(
    db
      .with(old, owner, changed, used, back)
      .select({ setHash: old.setHash, changed: changed.id })
      .from(old)
      .leftJoin(changed, sql`true`),
  );
  const done = row?.changed || (row?.setHash && (await verifyPassword(input.password, row.setHash)));
  if (!done) throw linkDead();
}

function linkDead(): AppError {
  return new AppError("invalid_input", { detail: RESET_LINK_DEAD, fields: { token: [RESET_LINK_DEAD] } });
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
