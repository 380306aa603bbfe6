// Operations on accounts: sign up, which also signs in, and change the password.
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { recordUser } from "../db/calls.ts";
import { ALWAYS, column, cte, step } from "../db/cte.ts";
import { withIsoTimes } from "../db/times.ts";
import {
  authorised,
  type BeginsWithViewer,
  type Exceptions,
  outsideSession,
  type Viewer,
  viewerId,
  viewerOf,
  viewerSessionId,
} from "../db/viewer.ts";
import { type Device, deviceToRemember, keepingOnly } from "../device/index.ts";
import { AppError, fieldError } from "../errors.ts";
import { attemptAt, counting, refuseIfLimited, takingBack } from "../rate-limit/index.ts";
import { type FromBrowser, type Opened, opening } from "../session/opening.ts";
import { REPLACED_TOKEN_MINUTES } from "../session/schema.ts";
import { session } from "../session/session.sql.ts";
import { newToken } from "../token.ts";
import { account } from "./account.sql.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import type { ChangePassword, SignUp, User } from "./schema.ts";

/**
 * Creates an account and opens its first session, in two calls: the first counts the attempt, before a password is hashed. The
 * attempt also counts if it succeeds, so that one address can't create accounts without end. The session that the browser had ends.
 * @throws AppError `email_taken`, `rate_limited`
 */
export async function signUp(input: SignUp, from: FromBrowser): Promise<Opened & { user: User }> {
  const attempt = attemptAt("sign-up", { email: sql`${input.email}::text`, address: from.address });
  const { ctes, counted } = counting(attempt);
  const isTaken = sql<boolean>`exists (select 1 from account a where a.email = ${input.email}::text)`;
  const [before] = await outsideSession("sign-up", (db) =>
    db
      .with(...ctes)
      .select({ waitSeconds: counted.waitSeconds, isTaken })
      .from(counted),
  );
  refuseIfLimited(before?.waitSeconds);
  if (before?.isTaken) throw emailTaken();

  const id = randomUUID();
  const hash = await hashPassword(input.password);
  const made = cte(
    "made",
    { id: account.id, email: account.email, createdAt: account.createdAt },
    // The update changes nothing: it locks the row of a concurrent or repeated request, and returns it.
    sql`insert into account (id, email, password_hash, epoch, pads, created_at)
      values (${id}::uuid, ${input.email}::text, ${hash}::text, 1, 0, clock_timestamp())
      on conflict (email) do update set email = account.email
      returning id, email, created_at, epoch`,
  );
  const owner = step("owner", sql`select id, epoch from made where id = ${id}::uuid`);
  const toOpen = { token: newToken(), device: deviceToRemember(from.device, false) };
  const { ctes: open, opened } = opening(toOpen, from.previous);
  const [user] = await outsideSession("sign-up", (db) =>
    db
      .with(made, owner, ...open)
      .select({ id: made.id, email: made.email, createdAt: made.createdAt })
      .from(made)
      .innerJoin(opened, ALWAYS),
  );
  if (!user) throw emailTaken();
  recordUser(id);
  return { ...toOpen, user: withIsoTimes(user) };
}

function emailTaken(): AppError {
  const message = "User with this email is already signed up";
  return fieldError("email_taken", "email", { code: "taken", message }, message);
}

/** A password that was confirmed, for the statement that then does what the user asked for. */
export interface Confirmed {
  /** The stored hash. If it has changed by then, the statement does nothing. */
  passwordHash: string;
  /** Takes the attempt back, if `where` holds. */
  takingBack(where: SQL): ReturnType<typeof takingBack>;
}

/** The first call of a change that asks for the password. It counts the attempt and reads the stored hashes. */
async function beginConfirming(viewer: Viewer, exceptions: Exceptions = {}) {
  const attempt = attemptAt("password", { session: viewerSessionId });
  const { ctes, counted } = counting(attempt, sql`exists (select 1 from viewer)`);
  const current = cte(
    "current",
    {
      passwordHash: account.passwordHash,
      replacedHash: session.replacedHash,
      hasLiveToken: column<boolean>("has_live_token"),
    },
    sql`select a.password_hash, s.replaced_hash, s.token_hash = ${viewer.tokenHash}::bytea has_live_token
      from account a, session s where a.id = ${viewerId} and s.id = ${viewerSessionId}`,
  );
  const build = (begin: BeginsWithViewer) =>
    begin([...ctes, current], {
      waitSeconds: counted.waitSeconds,
      passwordHash: current.passwordHash,
      replacedHash: current.replacedHash,
      hasLiveToken: current.hasLiveToken,
    })
      .leftJoin(counted, ALWAYS)
      .leftJoin(current, ALWAYS);
  const [before] = await authorised(viewer, build, exceptions);
  refuseIfLimited(before.waitSeconds);
  return { ...before, attempt };
}

/**
 * Compares a password with the viewer's, in one call. The next call does what the user asked for.
 * @throws AppError `unauthenticated`, `wrong_credentials` naming `password`, `rate_limited`
 */
export async function confirmPassword(viewer: Viewer, password: string): Promise<Confirmed> {
  const { passwordHash, attempt } = await beginConfirming(viewer);
  if (passwordHash === null || !(await verifyPassword(password, passwordHash)))
    throw wrongPassword("password");
  return { passwordHash, takingBack: (where) => takingBack(attempt, where) };
}

/** A token that a change of password has replaced can ask for that change again. Everything else needs the new one. */
const REPEATING: Exceptions = { orReplaced: true };

/**
 * Changes the viewer's password, ends the other sessions by raising the account's epoch, gives this one a new token, and forgets
 * the user's other devices. So nobody who had the password or the token before has anything left. Two calls: the first reads
 * the current password, the second replaces it if it is still the same. A repeated change succeeds.
 * @param device of the request, which stays known if it is
 * @returns the session's new token; undefined if the change was made before, and the viewer has its new token
 * @throws AppError `unauthenticated`, `wrong_credentials` naming `currentPassword`, `rate_limited`
 */
export async function changePassword(
  viewer: Viewer,
  input: ChangePassword,
  device: Device,
): Promise<string | undefined> {
  const { attempt, hasLiveToken, ...before } = await beginConfirming(viewer, REPEATING);
  const stored = before.passwordHash ?? undefined;
  if (hasLiveToken && (await verifyPassword(input.currentPassword, stored))) {
    const back = takingBack(attempt, sql`exists (select 1 from updated)`);
    return replacePassword(viewer, stored, input.newPassword, { device, back });
  }
  // Perhaps this is a repetition: the change was made, and its answer was lost. Then this session has replaced the password
  // that was sent as the current one. Without that check, the new password would be a second guess in the same attempt.
  const wasCurrent = await verifyPassword(input.currentPassword, before.replacedHash ?? undefined);
  const isRepetition = wasCurrent && (await verifyPassword(input.newPassword, stored));
  if (isRepetition) return repeatChange(viewer, takingBack(attempt, ALWAYS), !hasLiveToken);
  throw hasLiveToken ? wrongPassword("currentPassword") : new AppError("unauthenticated");
}

/** @param needsToken whether the answer with the session's new token was lost: then it gets another one */
async function repeatChange(
  viewer: Viewer,
  back: ReturnType<typeof takingBack> | undefined,
  needsToken: boolean,
): Promise<string | undefined> {
  const token = newToken();
  const renewed = step(
    "renewed",
    sql`update session set token_hash = ${viewerOf(token).tokenHash}::bytea
      where id = ${viewerSessionId} and ${needsToken}::boolean returning id`,
  );
  await authorised(viewer, (begin) => begin([...(back ? [back] : []), renewed], {}), REPEATING);
  return needsToken ? token : undefined;
}

/** Replaces the password if it is still `stored`. @throws AppError as `changePassword` */
async function replacePassword(
  viewer: Viewer,
  stored: string | undefined,
  newPassword: string,
  { device, back }: { device: Device; back: ReturnType<typeof takingBack> },
): Promise<string | undefined> {
  const [hash, token] = [await hashPassword(newPassword), newToken()];
  const old = cte(
    "old",
    { passwordHash: account.passwordHash },
    sql`select a.id, a.epoch, a.password_hash from account a where a.id = ${viewerId} for no key update of a`,
  );
  const updated = cte(
    "updated",
    { epoch: account.epoch },
    sql`update account set password_hash = ${hash}::text, epoch = old.epoch + 1
      from old where account.id = old.id and old.password_hash = ${stored}::text
      returning account.id, account.epoch`,
  );
  const kept = step(
    "kept",
    sql`update session set epoch = updated.epoch, replaced_hash = ${stored}::text,
        token_hash = ${viewerOf(token).tokenHash}::bytea
      from updated where session.id = ${viewerSessionId} returning session.id`,
  );
  const replaced = step(
    "replaced",
    sql`insert into replaced_token (session_id, token_hash, expires_at)
      select kept.id, ${viewer.tokenHash}::bytea, now() + ${REPLACED_TOKEN_MINUTES}::int * interval '1 minute' from kept
      on conflict (session_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at
      returning session_id`,
  );
  const build = (begin: BeginsWithViewer) =>
    begin([old, updated, kept, replaced, ...keepingOnly(device, sql`updated`), back], {
      passwordHash: old.passwordHash,
      epoch: updated.epoch,
    })
      .leftJoin(old, ALWAYS)
      .leftJoin(updated, ALWAYS);
  const [row] = await authorised(viewer, build, REPEATING);
  // Hashes are salted. If the row has this very hash, the SDK has repeated this statement.
  if (row.epoch !== null || row.passwordHash === hash) return token;
  // Otherwise another request has changed it in between: a repetition of this one, or a different one.
  if (!(await verifyPassword(newPassword, row.passwordHash ?? undefined)))
    throw wrongPassword("currentPassword");
  return repeatChange(viewer, undefined, true);
}

/** @param field the field that has the password */
export function wrongPassword(field: "password" | "currentPassword"): AppError {
  const message = field === "password" ? "Password is not correct" : "Current password is not correct";
  return fieldError("wrong_credentials", field, { code: "wrong", message }, message);
}
