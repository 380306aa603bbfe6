// Operations on sessions: open one by email and password, read its user, list and end sessions.
import { sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import { verifyPassword } from "../account/password.ts";
import type { User } from "../account/schema.ts";
import { recordThing, recordUser } from "../db/calls.ts";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { sweepExpired } from "../db/sweep.ts";
import { withIsoTimes } from "../db/times.ts";
import { authorised, outsideSession, type Viewer, viewerId, viewerSessionId } from "../db/viewer.ts";
import { deviceToRemember, knownDevice } from "../device/index.ts";
import { AppError } from "../errors.ts";
import {
  type Attempt,
  asCounted,
  attemptAt,
  counting,
  refuseIfLimited,
  takingBack,
} from "../rate-limit/index.ts";
import { newToken } from "../token.ts";
import { type FromBrowser, type Opened, opening } from "./opening.ts";
import { type Session, type SignIn, WRONG_CREDENTIALS } from "./schema.ts";
import { session } from "./session.sql.ts";

/** Sessions in a list: the viewer's own and the newest. */
const SESSIONS_SHOWN = 200;

const user = { id: account.id, email: account.email, createdAt: account.createdAt };

/**
 * Opens a session, and ends the one that the browser had. The first call counts the attempt, before the password is checked. The
 * second opens the session if the password is still the same, and takes the attempt back. A failure makes one call, ends nothing,
 * and takes the same time for an email without an account.
 * @throws AppError `wrong_credentials`, `rate_limited`
 */
export async function signIn(input: SignIn, from: FromBrowser): Promise<Opened & { user: User }> {
  const email = sql`${input.email}::text`;
  const known = knownDevice(from.device, email);
  const attempt = attemptAt("password", { email, address: from.address, device: known });
  const { ctes, counted } = counting(attempt);
  const found = cte(
    "found",
    { ...user, passwordHash: account.passwordHash },
    sql`select a.id, a.email, a.created_at, a.password_hash from account a where a.email = ${input.email}::text`,
  );
  const [before] = await outsideSession("sign-in", (db) =>
    db
      .with(...ctes, found)
      .select({
        waitSeconds: counted.waitSeconds,
        device: counted.device,
        user: columnsOf(found, user),
        passwordHash: found.passwordHash,
      })
      .from(counted)
      .leftJoin(found, ALWAYS),
  );
  // For the log: the account that somebody tries to sign in to. Only a right password makes it the user who asks.
  if (before?.user) recordThing("user", before.user.id);
  refuseIfLimited(before?.waitSeconds);
  const right = await verifyPassword(input.password, before?.passwordHash ?? undefined);
  if (!right || !before?.user || !before.passwordHash) throw wrongCredentials();
  const toOpen = { token: newToken(), device: deviceToRemember(from.device, before.device !== null) };
  const verified = { id: before.user.id, passwordHash: before.passwordHash };
  const isOpen = await open(verified, toOpen, from.previous, asCounted(attempt, before.device));
  if (!isOpen) throw wrongCredentials();
  recordUser(before.user.id);
  return { ...toOpen, user: withIsoTimes(before.user) };
}

/** Opens a session if the account still has this password hash. @returns whether it is open */
async function open(
  { id, passwordHash }: { id: string; passwordHash: string },
  toOpen: Opened,
  previous: Viewer | undefined,
  attempt: Attempt,
): Promise<boolean> {
  const owner = step(
    "owner",
    sql`select a.id, a.epoch from account a
      where a.id = ${id}::uuid and a.password_hash = ${passwordHash}::text for share of a`,
  );
  const { ctes, opened } = opening(toOpen, previous);
  // Deletes the user's sessions that ended at least a day ago, at no extra cost.
  const swept = step(
    "swept",
    sql`delete from session where user_id = (select id from owner) and expires_at < now() - interval '1 day' returning id`,
  );
  const back = takingBack(attempt, sql`(select created from opened)`);
  const [row] = await outsideSession("sign-in", (db) =>
    db
      .with(owner, ...ctes, swept, back)
      .select({ id: opened.id })
      .from(opened),
  );
  return row !== undefined;
}

function wrongCredentials(): AppError {
  return new AppError("wrong_credentials", { detail: WRONG_CREDENTIALS });
}

/** @throws AppError `unauthenticated` */
export async function get(viewer: Viewer): Promise<User> {
  const me = cte("me", user, sql`select a.id, a.email, a.created_at from account a where a.id = ${viewerId}`);
  const [row] = await authorised(viewer, (begin) =>
    begin([me], { user: columnsOf(me, user) }).innerJoin(me, ALWAYS),
  );
  return withIsoTimes(row.user);
}

/** Ends the viewer's session. A session that has ended already stays as it is. */
export async function signOut({ tokenHash }: Viewer): Promise<void> {
  const { rows } = await outsideSession("sign-out", (db) =>
    db.execute<{ user_id: string }>(
      sql`update session set expires_at = least(expires_at, now()) where token_hash = ${tokenHash}::bytea returning user_id`,
    ),
  );
  if (rows[0]) recordUser(rows[0].user_id);
}

/**
 * The viewer's open sessions, newest first.
 * @throws AppError `unauthenticated`
 */
export async function list(viewer: Viewer): Promise<Session[]> {
  const shown = {
    id: session.id,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
    device: session.device,
    deviceId: session.deviceId,
  };
  const open = cte(
    "open",
    { ...shown, current: column<boolean>("current") },
    sql`select s.id, s.created_at, s.expires_at, s.device, s.device_id, s.id = ${viewerSessionId} as current
      from session s join account a on a.id = s.user_id and a.epoch = s.epoch
      where s.user_id = ${viewerId} and s.expires_at > now()
      order by s.id = ${viewerSessionId} desc, s.created_at desc limit ${SESSIONS_SHOWN}::int`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([open], { session: columnsOf(open, { ...shown, current: true }) })
      .innerJoin(open, ALWAYS)
      .orderBy(sql`${open.createdAt} desc, ${open.id}`),
  );
  return rows.map((row) => withIsoTimes(row.session));
}

/**
 * Ends one of the viewer's sessions. The session is marked, not deleted, so a repetition succeeds, even if the viewer's own
 * session was ended.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function end(viewer: Viewer, id: string): Promise<void> {
  const ended = cte(
    "ended",
    { id: session.id },
    sql`update session set expires_at = least(expires_at, now())
      where user_id = ${viewerId} and id = ${id}::uuid returning id`,
  );
  const [row] = await authorised(
    viewer,
    (begin) => begin([ended], { id: ended.id }).leftJoin(ended, ALWAYS),
    { evenIfEnded: id },
  );
  if (!row.id) throw new AppError("not_found");
  recordThing("session", row.id);
}

/**
 * Ends all sessions of all accounts, and makes all links to choose a new password invalid, by raising the accounts' epochs. It is
 * for a database that was restored, and for tokens that have leaked. It goes through the accounts in steps.
 * @param rows how many accounts a step takes
 * @returns how many accounts there were
 */
export async function endAll(rows: number): Promise<number> {
  let after = "00000000-0000-0000-0000-000000000000";
  let total = 0;
  for (;;) {
    const raised = cte(
      "raised",
      { id: account.id },
      sql`update account set epoch = account.epoch + 1
        from (select a.id from account a where a.id > ${after}::uuid order by a.id limit ${rows}::int for no key update of a) step
        where account.id = step.id returning account.id`,
    );
    const [counted] = await outsideSession("end-all-sessions", (db) =>
      db
        .with(raised)
        .select({ n: sql<number>`count(*)::int`, last: sql<string | null>`max(${raised.id}::text)` })
        .from(raised),
    );
    total += counted?.n ?? 0;
    if (!counted?.last || counted.n < rows) return total;
    after = counted.last;
  }
}

/** Deletes sessions that ended or expired, as `sweepExpired` says. */
export function sweep(now: Date, rows: number): Promise<number> {
  return sweepExpired(session, session.id, now, rows);
}
