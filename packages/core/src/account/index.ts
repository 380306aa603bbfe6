// Operations on accounts: sign up, and change the password.
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { recordUser } from "../db/calls.ts";
import { ALWAYS, cte, step } from "../db/cte.ts";
import { withIsoTimes } from "../db/times.ts";
import { authorised, outsideSession, type Viewer, viewerId, viewerSessionId } from "../db/viewer.ts";
import { type AppError, fieldError } from "../errors.ts";
import { attemptAt, counting, type From, refuseIfLimited, takingBack } from "../rate-limit/index.ts";
import { session } from "../session/session.sql.ts";
import { account } from "./account.sql.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import type { ChangePassword, SignUp, User } from "./schema.ts";

/**
 * Creates an account in two calls: the first counts the attempt, before a password is hashed. The attempt also counts if it
 * succeeds, so that one address can't create accounts without end.
 * @throws AppError `email_taken`, `rate_limited`
 */
export async function signUp(input: SignUp, from: From): Promise<User> {
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
      returning id, email, created_at`,
  );
  const [row] = await outsideSession("sign-up", (db) =>
    db.with(made).select({ id: made.id, email: made.email, createdAt: made.createdAt }).from(made),
  );
  if (row?.id !== id) throw emailTaken();
  recordUser(id);
  return withIsoTimes(row);
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
async function beginConfirming(viewer: Viewer) {
  const attempt = attemptAt("password", { session: viewerSessionId });
  const { ctes, counted } = counting(attempt, sql`exists (select 1 from viewer)`);
  const current = cte(
    "current",
    { passwordHash: account.passwordHash, replacedHash: session.replacedHash },
    sql`select a.password_hash, s.replaced_hash from account a, session s
      where a.id = ${viewerId} and s.id = ${viewerSessionId}`,
  );
  const [before] = await authorised(viewer, (begin) =>
    begin([...ctes, current], {
      waitSeconds: counted.waitSeconds,
      passwordHash: current.passwordHash,
      replacedHash: current.replacedHash,
    })
      .leftJoin(counted, ALWAYS)
      .leftJoin(current, ALWAYS),
  );
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

/**
 * Changes the viewer's password and ends the other sessions, by raising the account's epoch. Two calls: the first reads
 * the current password, the second replaces it if it is still the same. A repeated change succeeds.
 * @throws AppError `unauthenticated`, `wrong_credentials` naming `currentPassword`, `rate_limited`
 */
export async function changePassword(viewer: Viewer, input: ChangePassword): Promise<void> {
  const { attempt, ...before } = await beginConfirming(viewer);
  const stored = before.passwordHash ?? undefined;
  if (!(await verifyPassword(input.currentPassword, stored))) {
    // Perhaps this is a repetition: the change was made, and its answer was lost. Then this session has replaced the password
    // that was sent as the current one. Without that check, the new password would be a second guess in the same attempt.
    const wasCurrent = await verifyPassword(input.currentPassword, before.replacedHash ?? undefined);
    if (!wasCurrent || !(await verifyPassword(input.newPassword, stored)))
      throw wrongPassword("currentPassword");
    const back = takingBack(attempt, ALWAYS);
    await authorised(viewer, (begin) => begin([back], {}));
    return;
  }
  await replacePassword(
    viewer,
    stored,
    input.newPassword,
    takingBack(attempt, sql`exists (select 1 from updated)`),
  );
}

/** Replaces the password if it is still `stored`. @throws AppError as `changePassword` */
async function replacePassword(
  viewer: Viewer,
  stored: string | undefined,
  newPassword: string,
  back: ReturnType<typeof takingBack>,
): Promise<void> {
  const hash = await hashPassword(newPassword);
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
      returning account.epoch`,
  );
  const kept = step(
    "kept",
    sql`update session set epoch = updated.epoch, replaced_hash = ${stored}::text from updated
      where session.id = ${viewerSessionId} returning session.epoch`,
  );
  const [row] = await authorised(viewer, (begin) =>
    begin([old, updated, kept, back], { passwordHash: old.passwordHash, epoch: updated.epoch })
      .leftJoin(old, ALWAYS)
      .leftJoin(updated, ALWAYS),
  );
  // If there was no update, another request has changed it in between: a repetition of this one, or a different one.
  const done = row.epoch !== null || (await verifyPassword(newPassword, row.passwordHash ?? undefined));
  if (!done) throw wrongPassword("currentPassword");
}

/** @param field the field that has the password */
export function wrongPassword(field: "password" | "currentPassword"): AppError {
  const message = field === "password" ? "Password is not correct" : "Current password is not correct";
  return fieldError("wrong_credentials", field, { code: "wrong", message }, message);
}
