// What can be done with a session: open one by email and password, read who it is, list and end them.
import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import { type From, serialize as serializeUser } from "../account/index.ts";
import { verifyPassword } from "../account/password.ts";
import type { User } from "../account/schema.ts";
import { database, run } from "../db/client.ts";
import { authorised, type Viewer, viewerId, viewerIs, viewerOf } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { attemptAt, counting, refuseIfLimited, takingBack } from "../rate-limit/index.ts";
import { SESSION_DAYS, type Session, type SignIn, WRONG_CREDENTIALS } from "./schema.ts";
import { session } from "./session.sql.ts";

const TOKEN_BYTES = 32;
/** Sessions in a list: the one that asks, and the newest. */
const SESSIONS_SHOWN = 200;

/** A session as the contract has it. */
function serialize(row: {
  id: string;
  currentId: string;
  createdAt: Date;
  expiresAt: Date;
  device: string;
}): Session {
  return {
    id: row.id,
    current: row.id === row.currentId,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    device: row.device,
  };
}

/**
 * Opens a session. The first call counts the attempt, before the password is looked at; the second opens the session
 * if the password is still that one, and takes the attempt back. A failure makes one call, and takes as long for an
 * email that has no account.
 * @param from `device` is what the session is called in the list, `Firefox on Linux`
 * @returns the token, which is nowhere else
 * @throws AppError `wrong_credentials`, `rate_limited`
 */
export async function signIn(
  input: SignIn,
  from: From & { device: string },
): Promise<{ token: string; user: User }> {
  const db = database();
  const attempt = attemptAt("password", { email: sql`${input.email}::text`, address: from.address });
  const { ctes, counted } = counting(attempt);
  const found = db
    .$with("found", {
      id: account.id,
      email: account.email,
      createdAt: account.createdAt,
      passwordHash: account.passwordHash,
    })
    .as(
      sql`select a.id, a.email, a.created_at, a.password_hash from account a where a.email = ${input.email}::text`,
    );
  const [before] = await run(
    db
      .with(...ctes, found)
      .select({
        waitSeconds: counted.waitSeconds,
        id: found.id,
        email: found.email,
        createdAt: found.createdAt,
        passwordHash: found.passwordHash,
      })
      .from(counted)
      .leftJoin(found, sql`true`),
  );
  refuseIfLimited(before?.waitSeconds ?? 0);
  const right = await verifyPassword(input.password, before?.passwordHash ?? undefined);
  if (!right || !before?.id || !before.email || !before.createdAt) throw wrongCredentials();

  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const tokenHash = viewerOf(token);
  const owner = db.$with("owner", { id: account.id }).as(
    sql`select a.id, a.epoch from account a
        where a.id = ${before.id}::uuid and a.password_hash = ${before.passwordHash}::text for share of a`,
  );
  const opened = db.$with("opened", { id: session.id, created: sql<boolean>`created`.as("created") }).as(
    sql`insert into session (id, user_id, token_hash, epoch, device, created_at, expires_at)
      select ${randomUUID()}::uuid, owner.id, ${tokenHash}::bytea, owner.epoch, ${from.device}::text, at.now,
        at.now + ${SESSION_DAYS}::int * interval '1 day'
      from owner, (select clock_timestamp() now) at
      on conflict (id) do update set device = session.device
      returning id, old.id is null created`,
  );
  // Housekeeping where it costs nothing: this user's sessions that ended a day ago and more.
  const swept = db
    .$with("swept", { id: session.id })
    .as(
      sql`delete from session where user_id = (select id from owner) and expires_at < now() - interval '1 day' returning id`,
    );
  const back = takingBack(attempt, sql`(select created from opened)`);
  const [row] = await run(db.with(owner, opened, swept, back).select({ id: opened.id }).from(opened));
  if (!row) throw wrongCredentials();
  return {
    token,
    user: serializeUser({ id: before.id, email: before.email, createdAt: before.createdAt }),
  };
}

function wrongCredentials(): AppError {
  return new AppError("wrong_credentials", { detail: WRONG_CREDENTIALS });
}

/** @throws AppError `unauthenticated` */
export async function get(viewer: Viewer): Promise<User> {
  const mine = viewerIs(viewer);
  const db = database();
  const me = db
    .$with("me", { id: account.id, email: account.email, createdAt: account.createdAt })
    .as(sql`select a.id, a.email, a.created_at from account a where a.id = ${viewerId}`);
  const [row] = await authorised(
    db
      .with(mine, me)
      .select({ id: me.id, email: me.email, createdAt: me.createdAt })
      .from(mine)
      .innerJoin(me, sql`true`),
  );
  return serializeUser(row);
}

/** Ends the viewer's session; one that is over already is no fault. */
export async function signOut(viewer: Viewer): Promise<void> {
  await run(
    database().execute(
      sql`update session set expires_at = least(expires_at, now()) where token_hash = ${viewer}::bytea`,
    ),
  );
}

/**
 * The viewer's open sessions, newest first.
 * @throws AppError `unauthenticated`
 */
export async function list(viewer: Viewer): Promise<Session[]> {
  const db = database();
  const mine = viewerIs(viewer);
  const open = db
    .$with("open", {
      id: session.id,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      device: session.device,
    })
    .as(
      sql`select s.id, s.created_at, s.expires_at, s.device
        from session s join account a on a.id = s.user_id and a.epoch = s.epoch
        where s.user_id = ${viewerId} and s.expires_at > now()
        order by s.id = (select session_id from viewer) desc, s.created_at desc limit ${SESSIONS_SHOWN}::int`,
    );
  const rows = await authorised(
    db
      .with(mine, open)
      .select({
        currentId: mine.sessionId,
        id: open.id,
        createdAt: open.createdAt,
        expiresAt: open.expiresAt,
        device: open.device,
      })
      .from(mine)
      .innerJoin(open, sql`true`)
      .orderBy(sql`${open.createdAt} desc, ${open.id}`),
  );
  return rows.map(serialize);
}

/**
 * Ends one of the viewer's sessions. It is marked, not removed, so that ending it again is the same; a session that
 * has ended itself may say so again.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function end(viewer: Viewer, id: string): Promise<void> {
  const db = database();
  const mine = db.$with("viewer", { userId: session.userId }).as(
    sql`select s.user_id from session s join account a on a.id = s.user_id and a.epoch = s.epoch
      where s.token_hash = ${viewer}::bytea and (s.expires_at > now() or s.id = ${id}::uuid)`,
  );
  const ended = db.$with("ended", { id: session.id }).as(
    sql`update session set expires_at = least(expires_at, now())
      where user_id = ${viewerId} and id = ${id}::uuid returning id`,
  );
  const [row] = await authorised(
    db.with(mine, ended).select({ id: ended.id }).from(mine).leftJoin(ended, sql`true`),
  );
  if (!row.id) throw new AppError("not_found");
}
