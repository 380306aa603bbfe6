// What can be done with an account: make one, change its password.
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { database, run } from "../db/client.ts";
import { authorised, type Viewer, viewerId, viewerIs } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { attemptAt, counting, refuseIfLimited, takeBack, takingBack } from "../rate-limit/index.ts";
import { account } from "./account.sql.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import type { ChangePassword, SignUp, User } from "./schema.ts";

/** Who asks, as far as attempts are concerned. */
export interface From {
  /** The client's address in canonical form: IPv4, or the /64 of IPv6. */
  address: string;
}

/** An account as the contract has it. */
export function serialize(row: { id: string; email: string; createdAt: Date }): User {
  return { id: row.id, email: row.email, createdAt: row.createdAt.toISOString() };
}

/**
 * Makes an account, in two calls: the attempt is counted before a password is hashed.
 * @throws AppError `email_taken`, `rate_limited`
 */
export async function signUp(input: SignUp, from: From): Promise<User> {
  const db = database();
  const attempt = attemptAt("sign-up", { email: sql`${input.email}::text`, address: from.address });
  const { ctes, counted } = counting(attempt);
  const found = db
    .$with("found", { id: account.id })
    .as(sql`select a.id from account a where a.email = ${input.email}::text`);
  const [before] = await run(
    db
      .with(...ctes, found)
      .select({ waitSeconds: counted.waitSeconds, taken: found.id })
      .from(counted)
      .leftJoin(found, sql`true`),
  );
  refuseIfLimited(before?.waitSeconds ?? 0);
  if (before?.taken) throw emailTaken();

  const id = randomUUID();
  const hash = await hashPassword(input.password);
  const made = db
    .$with("made", {
      id: account.id,
      email: account.email,
      createdAt: account.createdAt,
      created: sql<boolean>`created`.as("created"),
    })
    .as(
      // The update changes nothing: it locks the row of a concurrent or repeated request, and returns it.
      sql`insert into account (id, email, password_hash, epoch, pads, created_at)
      values (${id}::uuid, ${input.email}::text, ${hash}::text, 1, 0, clock_timestamp())
      on conflict (email) do update set email = account.email
      returning id, email, created_at, old.id is null created`,
    );
  const back = takingBack(attempt, sql`(select created from made)`);
  const [row] = await run(
    db.with(made, back).select({ id: made.id, email: made.email, createdAt: made.createdAt }).from(made),
  );
  if (row?.id !== id) throw emailTaken();
  return serialize(row);
}

function emailTaken(): AppError {
  const message = "User with this email is already signed up";
  return new AppError("email_taken", { detail: message, fields: { email: [message] } });
}

/**
 * Changes the viewer's password and ends the other sessions, by raising the account's epoch. Two calls: the current
 * password is read, and then replaced if it is still the same. Sent again after it was done, it is done.
 * @throws AppError `unauthenticated`, `wrong_credentials` naming `currentPassword`, `rate_limited`
 */
export async function changePassword(viewer: Viewer, input: ChangePassword, from: From): Promise<void> {
  const db = database();
  const mine = viewerIs(viewer);
  const email = sql`(select a.email from account a where a.id = ${viewerId})`;
  const attempt = attemptAt("password", { email, address: from.address });
  const { ctes, counted } = counting(attempt, sql`exists (select 1 from viewer)`);
  const current = db
    .$with("current", { passwordHash: account.passwordHash })
    .as(sql`select a.password_hash from account a where a.id = ${viewerId}`);
  const [before] = await authorised(
    db
      .with(mine, ...ctes, current)
      .select({ waitSeconds: counted.waitSeconds, passwordHash: current.passwordHash })
      .from(mine)
      .leftJoin(counted, sql`true`)
      .leftJoin(current, sql`true`),
  );
  refuseIfLimited(before.waitSeconds);
  const stored = before.passwordHash ?? undefined;
  if (!(await verifyPassword(input.currentPassword, stored))) {
    // It may have been done already, and the answer lost. Then the attempt succeeded, too.
    if (!(await verifyPassword(input.newPassword, stored))) throw wrongCurrentPassword();
    await takeBack(attempt, mine);
    return;
  }

  const hash = await hashPassword(input.newPassword);
  const old = db
    .$with("old", { passwordHash: account.passwordHash })
    .as(
      sql`select a.id, a.epoch, a.password_hash from account a where a.id = ${viewerId} for no key update of a`,
    );
  const updated = db.$with("updated", { epoch: account.epoch }).as(
    sql`update account set password_hash = ${hash}::text, epoch = old.epoch + 1
      from old where account.id = old.id and old.password_hash = ${stored}::text
      returning account.epoch`,
  );
  const kept = db.$with("kept", { epoch: account.epoch }).as(
    sql`update session set epoch = updated.epoch from updated
      where session.id = (select session_id from viewer) returning session.epoch`,
  );
  const back = takingBack(attempt, sql`exists (select 1 from updated)`);
  const [row] = await authorised(
    db
      .with(mine, old, updated, kept, back)
      .select({ passwordHash: old.passwordHash, epoch: updated.epoch })
      .from(mine)
      .leftJoin(old, sql`true`)
      .leftJoin(updated, sql`true`),
  );
  // Changed in the meantime: by this same request, sent twice, or by another.
  const done = row.epoch !== null || (await verifyPassword(input.newPassword, row.passwordHash ?? undefined));
  if (!done) throw wrongCurrentPassword();
}

function wrongCurrentPassword(): AppError {
  const message = "Current password is not correct";
  return new AppError("wrong_credentials", { detail: message, fields: { currentPassword: [message] } });
}
