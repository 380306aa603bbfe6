// The part of a statement that opens a session. Signing in has it, and signing up.
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { column, cte, step } from "../db/cte.ts";
import { type Viewer, viewerOf } from "../db/viewer.ts";
import { type Device, remembering } from "../device/index.ts";
import type { From } from "../rate-limit/index.ts";
import { SESSION_DAYS } from "./schema.ts";
import { session } from "./session.sql.ts";

/** The browser that a session is opened in. */
export interface FromBrowser extends From {
  /** It is remembered, and names the session in the list. */
  device: Device;
  /** The session that the browser has until then, whoever's it is. */
  previous?: Viewer;
}

/** What the cookies of a browser get when a session was opened in it. */
export interface Opened {
  /** The session's, which is not stored. */
  token: string;
  /** The device that is remembered. */
  device: Device;
}

/**
 * The CTEs that open a session, and remember its device. They also end the session that the browser had: its cookie is replaced, so
 * nobody could sign out of it any more. Put them behind a CTE `owner`, with the account's `id` and `epoch` of a locked row, or with
 * no row: then nothing is opened, and nothing ends.
 */
export function opening({ token, device }: Opened, previous: Viewer | undefined) {
  const remembered = remembering(device, {
    id: sql`(select id from owner)`,
    epoch: sql`(select epoch from owner)`,
  });
  const opened = cte(
    "opened",
    { id: session.id, created: column<boolean>("created") },
    // The update changes nothing: it returns the row to a repetition of the statement.
    sql`insert into session (id, user_id, token_hash, epoch, device, device_id, created_at, expires_at)
      select ${randomUUID()}::uuid, owner.id, ${viewerOf(token).tokenHash}::bytea, owner.epoch, ${device.name}::text,
        device_remembered.id, at.now, at.now + ${SESSION_DAYS}::int * interval '1 day'
      from owner, device_remembered, (select clock_timestamp() now) at
      on conflict (id) do update set device = session.device
      returning id, old.id is null created`,
  );
  const ended =
    previous &&
    step(
      "previous_ended",
      sql`update session set expires_at = now()
        where token_hash = ${previous.tokenHash}::bytea and expires_at > now() and exists (select 1 from opened) returning id`,
    );
  return { ctes: [...remembered, opened, ...(ended ? [ended] : [])], opened };
}
