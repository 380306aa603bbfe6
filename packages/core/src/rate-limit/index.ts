// Rate limits: how often a password may be tried, an account created, a reset requested. The statement that reads the
// account counts the attempt first, so parallel attempts can't slip through. An attempt that succeeds is taken back, because
// a whole office may sign in from one address at nine o'clock.
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { config } from "../config.ts";
import { column, cte } from "../db/cte.ts";
import { AppError } from "../errors.ts";
import { RESET_MAILS_AN_HOUR } from "../password-reset/schema.ts";

/** What is limited. Passwords are tried by signing in and by changing a password. */
export type Purpose = "password" | "sign-up" | "reset" | "reset-mail";

const WINDOW_SECONDS = 15 * 60;
const MAIL_WINDOW_SECONDS = 60 * 60;

/** One attempt of a request. It is counted, and perhaps taken back, in the same window. */
export interface Attempt {
  /** Unique to this attempt, so that a repetition is not counted. */
  id: string;
  windowSeconds: number;
  /** Number of the window since 1970, and the part of it that has passed (0 to 1). */
  slot: number;
  passed: number;
  /** The rows (place, key, most): the counters, their order, and how many attempts each allows. */
  keys: SQL;
}

/** Where a request comes from, as rate limits see it. */
export interface From {
  /** The client's address in canonical form: IPv4, or the /64 of IPv6. */
  address: string;
}

/** The order in which counters are locked. It is the same for all requests, so that no two wait for each other. */
const PLACES = { pair: 0, account: 1, address: 2 };

/**
 * @param of the email that the request names (with or without an account), as SQL because only the statement may know it,
 *   and the client's address in canonical form. What is left out is not counted.
 */
export function attemptAt(purpose: Purpose, of: { email?: SQL; address?: string }): Attempt {
  const keys: SQL[] = [];
  const count = (scope: keyof typeof PLACES, most: number, ...parts: SQL[]) => {
    // Emails and addresses can't contain U+001F, so no two lists of parts read the same.
    const name = sql.join([sql`${`${purpose}-${scope}`}::text`, ...parts], sql` || chr(31) || `);
    keys.push(sql`(${PLACES[scope]}::int, sha256(convert_to(${name}, 'UTF8')), ${most}::int)`);
  };
  const { email } = of;
  const address = of.address === undefined ? undefined : sql`${of.address}::text`;
  if (purpose === "reset-mail") {
    if (email) count("account", RESET_MAILS_AN_HOUR, email);
  } else {
    const { perAccountAndAddress, perAccount, perAddress } = config.rateLimits;
    if (email && address) count("pair", perAccountAndAddress, email, address);
    if (email) count("account", perAccount, email);
    if (address) count("address", perAddress, address);
  }
  const windowSeconds = purpose === "reset-mail" ? MAIL_WINDOW_SECONDS : WINDOW_SECONDS;
  const windows = Date.now() / 1000 / windowSeconds;
  const slot = Math.floor(windows);
  return {
    id: randomUUID(),
    windowSeconds,
    slot,
    passed: windows - slot,
    keys: sql`values ${sql.join(keys, sql`, `)}`,
  };
}

/**
 * The CTEs that count an attempt. Put them into the statement in this order, and join the last, `counted`. The window
 * slides: the part of the previous window that is still within reach counts. A count stops one above its limit, so many
 * attempts lock an account for no longer than a few. An attempt that is refused for the pair of account and address does
 * not count for the account or the address alone; otherwise one address could lock an account for everyone.
 * @param where holds if the attempt is to be counted
 */
export function counting(attempt: Attempt, where: SQL = sql`true`) {
  const keys = cte(
    "attempt_key",
    KEY,
    sql`select k.* from (${attempt.keys}) k(place, key, most) where ${where}`,
  );
  const pair = cte("pair_tried", KEY, countOnce(attempt, sql`k.place = ${PLACES.pair}::int`));
  const pairLoad = cte("pair_load", KEY, loads(attempt, sql`pair_tried`));
  const alone = cte(
    "alone_tried",
    KEY,
    countOnce(
      attempt,
      sql`k.place > ${PLACES.pair}::int and not exists (select 1 from pair_load l where l.load > l.most)`,
    ),
  );
  const counted = cte(
    "counted",
    { waitSeconds: column<number>("wait_seconds") },
    sql`select coalesce(max(case
          when l.load <= l.most then 0
          when l.n < l.most then greatest(1, ceil((1 - (l.most - l.n - 1)::float8 / l.before - at.passed) * at.seconds))
          else ceil((1 - at.passed + 2.0 / (l.most + 1)) * at.seconds)
        end), 0)::int wait_seconds
      from (select * from pair_load union all ${loads(attempt, sql`alone_tried`)}) l,
        (select ${attempt.passed}::float8 passed, ${attempt.windowSeconds}::int seconds) at`,
  );
  return { ctes: [keys, pair, pairLoad, alone, counted] as const, counted };
}

const KEY = { key: column<Uint8Array>("key") };

/** Adds the attempt to the counters that `keys` chooses. */
function countOnce(attempt: Attempt, keys: SQL): SQL {
  return sql`insert into attempt (key, slot, n, counted_by)
    select k.key, ${attempt.slot}::int, 1, ${attempt.id}::uuid from attempt_key k where ${keys} order by k.place
    on conflict (key, slot) do update
      set n = case when attempt.counted_by = excluded.counted_by then attempt.n
          else least(attempt.n, (select k.most from attempt_key k where k.key = excluded.key)) + 1 end,
        counted_by = excluded.counted_by
    returning key, n`;
}

/** The load of each counter in `tried`, with the part of the previous window that is still within reach. */
function loads(attempt: Attempt, tried: SQL): SQL {
  return sql`select t.key, k.most, t.n, coalesce(prior.n, 0) before,
      t.n + ceil(coalesce(prior.n, 0) * (1 - ${attempt.passed}::float8)) load
    from ${tried} t join attempt_key k on k.key = t.key
      left join attempt prior on prior.key = t.key and prior.slot = ${attempt.slot - 1}::int`;
}

/**
 * The CTE that takes an attempt back.
 * @param where holds if the attempt succeeded, and for the first time
 */
export function takingBack(attempt: Attempt, where: SQL) {
  return cte(
    "taken_back",
    KEY,
    sql`update attempt set n = greatest(attempt.n - 1, 0)
      from (select a.key, a.slot from attempt a join (${attempt.keys}) k(place, key, most) on k.key = a.key
        where a.slot = ${attempt.slot}::int and ${where} order by k.place for no key update of a) mine
      where attempt.key = mine.key and attempt.slot = mine.slot
      returning attempt.key`,
  );
}

/** @throws AppError `rate_limited` if `counted` asked to wait */
export function refuseIfLimited(waitSeconds: number | null | undefined): void {
  if (!waitSeconds) return;
  const minutes = Math.ceil(waitSeconds / 60);
  throw new AppError("rate_limited", {
    detail: `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    retryAfterSeconds: waitSeconds,
  });
}
