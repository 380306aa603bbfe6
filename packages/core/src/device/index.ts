// Devices: where a user has signed in before. OWASP describes the idea as device cookies:
// https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
import { type SQL, sql } from "drizzle-orm";
import { cte, step } from "../db/cte.ts";
import { hashOfToken, newToken } from "../token.ts";
import { device } from "./device.sql.ts";

/** Days after which a device is forgotten where the user has not signed in again. */
export const DEVICE_DAYS = 365;
/** Devices of one account, the last used ones. Each allows some attempts on the password, so their number is limited. */
const DEVICES_MAX = 20;

export interface Device {
  /** What its cookie holds. */
  token: string;
  /** Browser and system, in short: `Firefox on Linux`. */
  name: string;
  /**
   * Whether the service made the token, as the signature of its cookie shows. Any other may be known to somebody who put it into
   * the browser, so it counts only where the account has the device already.
   */
  isSigned: boolean;
}

export function newDevice(name: string): Device {
  return { token: newToken(), name, isSigned: true };
}

/** The device to remember where a user signs in: the browser's own, or a new one in place of a token of unknown origin. */
export function deviceToRemember(device: Device, isKnown: boolean): Device {
  return device.isSigned || isKnown ? device : newDevice(device.name);
}

/** An expression: the device's name in counters if the account with `email` has signed in there before; else null. */
export function knownDevice({ token }: Device, email: SQL): SQL {
  return sql`(select d.user_id || ' ' || encode(d.token_hash, 'hex') from device d join account a on a.id = d.user_id
    where a.email = ${email} and d.token_hash = ${hashOfToken(token)}::bytea and d.expires_at > now()
      and coalesce(d.epoch, a.epoch) = a.epoch)`;
}

/**
 * The CTEs that remember a device, and forget the account's oldest beyond its limit.
 * @param owner expressions, of a row that is locked: the account, or null for none, and its epoch
 * @param others how many other devices the account keeps
 */
export function remembering(
  { token, name }: Device,
  owner: { id: SQL; epoch: SQL },
  others: number = DEVICES_MAX - 1,
) {
  const hash = sql`${hashOfToken(token)}::bytea`;
  const remembered = cte(
    "device_remembered",
    { id: device.id },
    sql`insert into device (user_id, token_hash, name, epoch, created_at, expires_at)
      select owner.id, ${hash}, ${name}::text, owner.epoch, now(), now() + ${DEVICE_DAYS}::int * interval '1 day'
      from (select ${owner.id} id, ${owner.epoch} epoch) owner where owner.id is not null
      on conflict (user_id, token_hash) do update
        set name = excluded.name, epoch = excluded.epoch, expires_at = excluded.expires_at
      returning id`,
  );
  const forgotten = cte(
    "devices_forgotten",
    {},
    sql`delete from device d using (
        select o.user_id, o.token_hash from device o where o.user_id = ${owner.id} and o.token_hash <> ${hash}
        order by o.expires_at desc offset ${others}::int for update skip locked) old
      where d.user_id = old.user_id and d.token_hash = old.token_hash returning d.user_id`,
  );
  return [remembered, forgotten] as const;
}

/**
 * The CTEs of a new password: they forget the account's devices but the one that made the change. One that another statement adds
 * meanwhile is forgotten by its epoch.
 * @param changed a CTE with the account's `id` and its new `epoch`, or no row
 */
export function keepingOnly({ token }: Device, changed: SQL) {
  const hash = sql`${hashOfToken(token)}::bytea`;
  const kept = step(
    "device_kept",
    sql`update device set epoch = changed.epoch from (select id, epoch from ${changed}) changed
      where device.user_id = changed.id and device.token_hash = ${hash} returning device.user_id`,
  );
  const forgotten = step(
    "other_devices_forgotten",
    sql`delete from device d using (
        select o.user_id, o.token_hash from device o
        where o.user_id = (select id from ${changed}) and o.token_hash <> ${hash} for update skip locked) old
      where d.user_id = old.user_id and d.token_hash = old.token_hash returning d.user_id`,
  );
  return [kept, forgotten] as const;
}
