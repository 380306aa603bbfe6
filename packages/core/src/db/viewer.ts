// Where a reader meets the idea of the project: one request, one statement, authorised inside it.
//
// A call to the Data API costs about 17 ms before the database does anything, so nobody is looked up first. Each
// statement begins with `viewer`: the session's row, read every time. Where it is not there, nothing behind it finds
// anything, and the statement answers no row at all: 401. Where it is there, the answer stands beside it, or nothing
// does: 404. No statement reaches a row except through `(select user_id from viewer)`, so no user reaches another's.
import { createHash } from "node:crypto";
import { and, eq, gt, sql } from "drizzle-orm";
import { account } from "../account/account.sql.ts";
import { AppError } from "../errors.ts";
import { session } from "../session/session.sql.ts";
import { database, run } from "./client.ts";

/** Who asks: the SHA-256 of a session's token. Whether it lives is decided in the statement that answers. */
export type Viewer = Buffer & { readonly viewer: unique symbol };

/** @param token the session token of the cookie */
export function viewerOf(token: string): Viewer {
  return createHash("sha256").update(token).digest() as Viewer;
}

/**
 * The CTE that each statement begins with. It is read, never updated: requests of one session would queue behind
 * each other. Use it as a scalar, `(select user_id from viewer)`: a join with it prevents ordered index scans.
 */
export function viewerIs(viewer: Viewer) {
  const db = database();
  return db.$with("viewer").as(
    db
      .select({ userId: session.userId, sessionId: sql<string>`${session.id}`.as("session_id") })
      .from(session)
      .innerJoin(account, and(eq(account.id, session.userId), eq(account.epoch, session.epoch)))
      .where(and(eq(session.tokenHash, viewer), gt(session.expiresAt, sql`now()`))),
  );
}

/** The user that a statement acts for; no row, so nothing found, without a living session. */
export const viewerId = sql`(select user_id from viewer)`;

/**
 * Runs a statement that begins with `viewer`.
 * @returns its rows, at least one
 * @throws AppError `unauthenticated` where there is none, `unavailable` where the database can't be reached
 */
export async function authorised<Row>(statement: PromiseLike<Row[]>): Promise<[Row, ...Row[]]> {
  const [first, ...rest] = await run(statement);
  if (first === undefined) throw new AppError("unauthenticated");
  return [first, ...rest];
}
