// Choosing a new password by a mailed link. A request for a link gets the same answer in the same time for every email, because
// only the mail function, which runs later, looks for the account.
import { sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import { hashPassword, verifyPassword } from "../account/password.ts";
import { recordThing, recordUser } from "../db/calls.ts";
import { ALWAYS, column, cte, step } from "../db/cte.ts";
import { sweepExpired } from "../db/sweep.ts";
import { outsideSession } from "../db/viewer.ts";
import { type Device, newDevice, remembering } from "../device/index.ts";
import { type AppError, fieldError } from "../errors.ts";
import {
  type Attempt,
  attemptAt,
  counting,
  type From,
  forgetting,
  refuseIfLimited,
  takingBack,
} from "../rate-limit/index.ts";
import { hashOfToken, newToken } from "../token.ts";
import { passwordReset } from "./password-reset.sql.ts";
import { RESET_LINK_DEAD, RESET_MINUTES, type RedeemReset, type RequestReset } from "./schema.ts";

/**
 * Counts an attempt to have a link mailed, whether the email has an account or not.
 * @throws AppError `rate_limited`
 */
export async function request(input: RequestReset, from: From): Promise<void> {
  const attempt = attemptAt("reset", { email: sql`${input.email}::text`, address: from.address });
  const { ctes, counted } = counting(attempt);
  const [row] = await outsideSession("password-reset", (db) =>
    db
      .with(...ctes)
      .select({ waitSeconds: counted.waitSeconds })
      .from(counted),
  );
  refuseIfLimited(row?.waitSeconds);
}

/**
 * Makes a link for an account, at most three an hour.
 * @returns the link's token, which is not stored; null if no account has the email, or it has had its three
 */
export async function issue(input: RequestReset): Promise<string | null> {
  const token = newToken();
  const found = step(
    "found",
    sql`select a.id, a.email, a.epoch from account a where a.email = ${input.email}::text`,
  );
  const { ctes } = counting(
    attemptAt("reset-mail", { email: sql`${input.email}::text` }),
    sql`exists (select 1 from found)`,
  );
  const made = cte(
    "made",
    { userId: passwordReset.userId },
    sql`insert into password_reset (token_hash, user_id, epoch, created_at, expires_at)
      select ${hashOfToken(token)}::bytea, found.id, found.epoch, now(), now() + ${RESET_MINUTES}::int * interval '1 minute'
      from found, counted where counted.wait_seconds = 0
      on conflict (token_hash) do update set epoch = password_reset.epoch
      returning user_id`,
  );
  const [row] = await outsideSession("password-reset", (db) =>
    db
      .with(found, ...ctes, made)
      .select({ id: made.userId })
      .from(made),
  );
  if (!row) return null;
  recordThing("user", row.id);
  return token;
}

/**
 * Sets a new password by a link's token, ends all sessions, forgets the attempts on the account and all its devices, and
 * remembers this one as a new one: whoever had the old password may know its token too.
 * Two calls, so that no password is hashed for a token that does not exist. A repeated use succeeds, and remembers its
 * device too: the answer with the first device's token may have been lost.
 * @param from `deviceName` is what the device is called
 * @returns the device
 * @throws AppError `invalid_input` naming `token`, `rate_limited`
 */
export async function redeem(input: RedeemReset, from: From & { deviceName: string }): Promise<Device> {
  const device = newDevice(from.deviceName);
  const tokenHash = hashOfToken(input.token);
  const attempt = attemptAt("reset", { address: from.address });
  const { ctes, counted } = counting(attempt);
  const link = cte(
    "link",
    { userId: passwordReset.userId, setHash: passwordReset.setHash, live: column<boolean>("live") },
    sql`select r.user_id, case when r.set_hash = a.password_hash then r.set_hash end set_hash,
        r.set_hash is null and r.expires_at > now() and r.epoch = a.epoch live
      from password_reset r join account a on a.id = r.user_id where r.token_hash = ${tokenHash}::bytea`,
  );
  const [before] = await outsideSession("password-reset", (db) =>
    db
      .with(...ctes, link)
      .select({
        waitSeconds: counted.waitSeconds,
        userId: link.userId,
        setHash: link.setHash,
        live: link.live,
      })
      .from(counted)
      .leftJoin(link, ALWAYS),
  );
  refuseIfLimited(before?.waitSeconds);
  if (!before?.userId) throw linkDead();
  recordThing("user", before.userId);
  if (before.setHash) await repeatUse(tokenHash, input.password, before.setHash, attempt, device);
  else if (before.live) await setPassword(tokenHash, input.password, attempt, from.address, device);
  else throw linkDead();
  recordUser(before.userId);
  return device;
}

/** Sets the password by the link, if it is still unused. @throws AppError `invalid_input` naming `token` */
async function setPassword(
  tokenHash: Buffer,
  password: string,
  attempt: Attempt,
  address: string,
  device: Device,
): Promise<void> {
  const hash = await hashPassword(password);
  const old = cte(
    "old",
    { setHash: passwordReset.setHash },
    sql`select r.* from password_reset r where r.token_hash = ${tokenHash}::bytea for no key update of r`,
  );
  const owner = step(
    "owner",
    sql`select a.id, a.epoch from account a join old on a.id = old.user_id and a.epoch = old.epoch
      where old.set_hash is null and old.expires_at > now() for no key update of a`,
  );
  const changed = cte(
    "changed",
    { id: account.id },
    sql`update account set password_hash = ${hash}::text, epoch = owner.epoch + 1 from owner
      where account.id = owner.id returning account.id, account.email, account.epoch`,
  );
  const used = step(
    "used",
    sql`update password_reset set set_hash = ${hash}::text from changed
      where token_hash = ${tokenHash}::bytea returning user_id`,
  );
  const back = takingBack(attempt, sql`exists (select 1 from changed)`);
  const forgotten = forgetting(sql`(select email from changed)`, address);
  const owned = { id: sql`(select id from changed)`, epoch: sql`(select epoch from changed)` };
  const remembered = remembering(device, owned, 0);
  const [row] = await outsideSession("password-reset", (db) =>
    db
      .with(old, owner, changed, used, back, forgotten, ...remembered)
      .select({ setHash: old.setHash, changed: changed.id })
      .from(old)
      .leftJoin(changed, ALWAYS),
  );
  // Hashes are salted. If the row has this very hash, the SDK has repeated this statement. If not, the link was used twice at once.
  if (row?.changed || row?.setHash === hash) return;
  if (!row?.setHash) throw linkDead();
  await repeatUse(tokenHash, password, row.setHash, attempt, device);
}

/**
 * Takes the attempt of a repeated use back and remembers its device, if the link has set the same password, and the account
 * still has it. A used token alone proves nothing.
 * @param setHash the hash of the password that the link has set
 * @throws AppError `invalid_input` naming `token`
 */
async function repeatUse(
  tokenHash: Buffer,
  password: string,
  setHash: string,
  attempt: Attempt,
  device: Device,
): Promise<void> {
  if (!(await verifyPassword(password, setHash))) throw linkDead();
  const owner = cte(
    "owner",
    { id: account.id },
    sql`select a.id, a.epoch from account a join password_reset r on r.user_id = a.id
      where r.token_hash = ${tokenHash}::bytea and a.password_hash = ${setHash}::text for share of a`,
  );
  const back = takingBack(attempt, sql`exists (select 1 from owner)`);
  const remembered = remembering(device, {
    id: sql`(select id from owner)`,
    epoch: sql`(select epoch from owner)`,
  });
  const [row] = await outsideSession("password-reset", (db) =>
    db
      .with(owner, back, ...remembered)
      .select({ id: owner.id })
      .from(owner),
  );
  if (!row) throw linkDead();
}

/** Deletes links that expired, as `sweepExpired` says. */
export function sweep(now: Date, rows: number): Promise<number> {
  return sweepExpired(passwordReset, passwordReset.tokenHash, now, rows);
}

function linkDead(): AppError {
  const message = RESET_LINK_DEAD;
  return fieldError("invalid_input", "token", { code: "expired", message }, message);
}
