// Devices: where a user has signed in before. OWASP describes the idea as device cookies:
// https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
import { type SQL, sql } from "drizzle-orm";
import { step } from "../db/cte.ts";
import { hashOfToken, newToken } from "../token.ts";

/** Days after which a device is forgotten where the user has not signed in again. */
export const DEVICE_DAYS = 365;
/** Devices of one account, the last used ones. Each allows some attempts on the password, so their number is limited. */
const DEVICES_MAX = 20;

export interface Device {
  /** What its cookie holds. */
  token: string;
  /** Browser and system, in short: `Firefox on Linux`. */
  name: string;
}

/** @param token of the browser's cookie, if it has one */
export function deviceWith(name: string, token = newToken()): Device {
  return { token, name };
}

/** An expression: the device's name in counters if the account with `email` has signed in there before; else null. */
export function knownDevice({ token }: Device, email: SQL): SQL {
  return sql`(select d.user_id || ' ' || encode(d.token_hash, 'hex') from device d join account a on a.id = d.user_id
    where a.email = ${email} and d.token_hash = ${hashOfToken(token)}::bytea and d.expires_at > now())`;
}

/**
 * The CTEs that remember a device, and forget the account's oldest beyond its limit.
 * @param userId an expression: the account, or null for none
 */
export function remembering({ token, name }: Device, userId: SQL) {
  const hash = sql`${hashOfToken(token)}::bytea`;
  const remembered = step(
    "device_remembered",
    sql`insert into device (user_id, token_hash, name, created_at, expires_at)
      select owner.id, ${hash}, ${name}::text, now(), now() + ${DEVICE_DAYS}::int * interval '1 day'
      from (select ${userId} id) owner where owner.id is not null
      on conflict (user_id, token_hash) do update set name = excluded.name, expires_at = excluded.expires_at
      returning user_id`,
  );
  const forgotten = step(
    "devices_forgotten",
    sql`delete from device d using (
        select o.user_id, o.token_hash from device o where o.user_id = ${userId} and o.token_hash <> ${hash}
        order by o.expires_at desc offset ${DEVICES_MAX - 1}::int for update skip locked) old
      where d.user_id = old.user_id and d.token_hash = old.token_hash returning d.user_id`,
  );
  return [remembered, forgotten] as const;
}
