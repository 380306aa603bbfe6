// The central idea of the project: a request is one SQL statement, which authorises itself.
//
// A call to the Data API costs about 17 ms before the database does anything, so there is no separate query for the user.
// Each statement begins with the CTE `viewer`, which reads the session. If there is no live session, the statement returns no
// row, and the answer is 401. Otherwise it returns a row, which has the answer, or none if nothing was found: 404.
// Statements reach rows only through `(select user_id from viewer)`, so no user reaches the rows of another user.
//
// This module is the only way from the domain to the database. `authorised` begins the statement itself, so a statement
// without the viewer can't be run by accident. Statements outside a session name their purpose.
import { sql } from "drizzle-orm";
import type { SelectedFields } from "drizzle-orm/pg-core";
import { AppError } from "../errors.ts";
import { session } from "../session/session.sql.ts";
import { hashOfToken } from "../token.ts";
import { recordUser } from "./calls.ts";
import { type Database, database, run } from "./client.ts";
import { type Cte, column, cte } from "./cte.ts";

/** Who asks: a session, named by the SHA-256 of its token. The statement that answers decides whether it is alive. */
export interface Viewer {
  readonly tokenHash: Buffer;
}

/** Who may be the viewer beside a live session. */
export interface Exceptions {
  /** This session, even if it has ended. */
  evenIfEnded?: string;
  /** Whoever shows a token that a change of password replaced a few minutes ago, to repeat that change. */
  orReplaced?: boolean;
}

/** @param token the session token of the cookie */
export function viewerOf(token: string): Viewer {
  return { tokenHash: hashOfToken(token) };
}

/** The user that a statement acts for. It is null if the session is not alive, so nothing is found. */
export const viewerId = sql`(select user_id from viewer)`;
/** The viewer's session. */
export const viewerSessionId = sql<string>`(select session_id from viewer)`;
/** The device of the viewer's session: `Firefox on Linux`. */
export const viewerDevice = sql<string>`(select device from viewer)`;
/** The id of that device. */
export const viewerDeviceId = sql<string>`(select device_id from viewer)`;

/**
 * The CTE that each statement begins with. It is read and never updated: requests of one session would queue behind each
 * other. Statements use it as a scalar, `viewerId`, because a join with it prevents ordered index scans.
 */
function viewerCte({ tokenHash }: Viewer, { evenIfEnded, orReplaced }: Exceptions) {
  const isExcepted = evenIfEnded === undefined ? sql`false` : sql`s.id = ${evenIfEnded}::uuid`;
  const isReplaced = orReplaced
    ? sql`s.id = (select r.session_id from replaced_token r where r.token_hash = ${tokenHash}::bytea and r.expires_at > now())`
    : sql`false`;
  return cte(
    "viewer",
    {
      userId: session.userId,
      sessionId: column<string>("session_id"),
      device: session.device,
      deviceId: session.deviceId,
    },
    sql`select s.user_id, s.id session_id, s.device, s.device_id from session s join account a on a.id = s.user_id and a.epoch = s.epoch
      where (s.token_hash = ${tokenHash}::bytea or ${isReplaced}) and (s.expires_at > now() or ${isExcepted})`,
  );
}

/** Begins a statement with the viewer: `with viewer, … select … from viewer`. The caller joins what the answer needs. */
function beginsWithViewer(viewer: Viewer, exceptions: Exceptions) {
  const asking = viewerCte(viewer, exceptions);
  return <Fields extends SelectedFields>(ctes: readonly Cte[], fields: Fields) =>
    database()
      .with(asking, ...ctes)
      .select({ viewerId: asking.userId, ...fields })
      .from(asking);
}

export type BeginsWithViewer = ReturnType<typeof beginsWithViewer>;

/**
 * Runs a statement for the viewer.
 *
 *     const [row] = await authorised(viewer, (begin) =>
 *       begin([answer], { note: columnsOf(answer, shown) }).leftJoin(answer, ALWAYS));
 *
 * @param build continues the statement that `begin` starts with the viewer, and returns it
 * @param exceptions who else may be the viewer
 * @returns its rows, at least one
 * @throws AppError `unauthenticated` if the session is not alive, `unavailable` if the database can't be reached
 */
export async function authorised<Row extends { viewerId: string }>(
  viewer: Viewer,
  build: (begin: BeginsWithViewer) => PromiseLike<Row[]>,
  exceptions: Exceptions = {},
): Promise<[Row, ...Row[]]> {
  const begun = new Set<unknown>();
  const begin = beginsWithViewer(viewer, exceptions);
  const statement = build((ctes, fields) => {
    const started = begin(ctes, fields);
    begun.add(started);
    return started;
  });
  // drizzle's joins return the statement that they are called on.
  if (!begun.has(statement)) throw new Error("The statement does not begin with the viewer.");
  const [first, ...rest] = await run(statement);
  if (first === undefined) throw new AppError("unauthenticated");
  recordUser(first.viewerId);
  return [first, ...rest];
}

/** Everything that runs without a viewer. */
export type OutsideSession =
  | "sign-up"
  | "sign-in"
  | "sign-out"
  | "password-reset"
  | "sweep"
  | "thin"
  | "expire"
  | "apply-purged"
  | "log-purged"
  | "end-all-sessions"
  | "bring-in"
  | "measure";

/**
 * Runs a statement without a session.
 * @param _purpose one of a short list, so that each use is a decision
 * @throws AppError `unavailable` if the database can't be reached
 */
export function outsideSession<Result>(
  _purpose: OutsideSession,
  build: (db: Database) => PromiseLike<Result>,
): Promise<Result> {
  return run(build(database()));
}
