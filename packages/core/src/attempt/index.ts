// Attempts: how often a password is tried, an account made, a reset asked for. Each is counted in the statement that
// reads what it is about, before that is looked at, so that parallel attempts can't slip through; one that succeeds is
// taken back, since an office behind one address signs in at nine o'clock.
import { type SQL, sql } from "drizzle-orm";
import { config } from "../config.ts";
import { database } from "../db/client.ts";
import { AppError } from "../errors.ts";

/** What is tried. Passwords are tried by signing in and by confirming one. */
export type Purpose = "password" | "sign-up" | "reset" | "reset-mail";

const WINDOW_SECONDS = 15 * 60;
const MAIL_WINDOW_SECONDS = 60 * 60;
/** Reset mails to one account in an hour. */
const MAILS = 3;

/** One attempt of a request: it is counted, and perhaps taken back, in the same window. */
export interface Attempt {
  windowSeconds: number;
  /** Number of the window since 1970, and the part of it that has passed (0 to 1). */
  slot: number;
  passed: number;
  /** The rows (key, most): what is counted, and how many attempts are allowed there. */
  keys: SQL;
}

/**
 * @param of who is named: an email (which need not have an account), as SQL where only the statement knows it; and
 *   the address that asks, in canonical form. What is left out is not counted.
 */
export function attemptAt(purpose: Purpose, of: { email?: SQL; address?: string }): Attempt {
  const keys: SQL[] = [];
  const count = (scope: "pair" | "account" | "address", most: number, ...parts: SQL[]) => {
    // U+001F stands in no email and no address, so no two lists of parts read the same.
    const name = sql.join([sql`${`${purpose}-${scope}`}::text`, ...parts], sql` || chr(31) || `);
    keys.push(sql`(sha256(convert_to(${name}, 'UTF8')), ${most}::int)`);
  };
  const { email } = of;
  const address = of.address === undefined ? undefined : sql`${of.address}::text`;
  if (purpose === "reset-mail") {
    if (email) count("account", MAILS, email);
  } else {
    const { perAccountAndAddress, perAccount, perAddress } = config.attempts;
    if (email && address) count("pair", perAccountAndAddress, email, address);
    if (email) count("account", perAccount, email);
    if (address) count("address", perAddress, address);
  }
  const windowSeconds = purpose === "reset-mail" ? MAIL_WINDOW_SECONDS : WINDOW_SECONDS;
  const windows = Date.now() / 1000 / windowSeconds;
  const slot = Math.floor(windows);
  return { windowSeconds, slot, passed: windows - slot, keys: sql`values ${sql.join(keys, sql`, `)}` };
}

/**
 * The CTEs that count an attempt: put them into the statement in this order, and join the last, `counted`. The window
 * slides: of the one before, the part that is still within reach counts. Rows are locked in the order of their keys,
 * so two requests never wait for each other; a count stops one above its limit, so that a flood locks an account for
 * no longer than a trickle does.
 * @param where holds where the attempt is to be counted
 */
export function counting(attempt: Attempt, where: SQL = sql`true`) {
  const db = database();
  const key = db
    .$with("attempt_key", { key: sql<Uint8Array>`key`.as("key") })
    .as(sql`select k.key, k.most from (${attempt.keys}) k(key, most) where ${where}`);
  const tried = db.$with("tried", { key: sql<Uint8Array>`key`.as("key") }).as(
    sql`insert into attempt (key, slot, n) select k.key, ${attempt.slot}::int, 1 from attempt_key k order by k.key
      on conflict (key, slot) do update
        set n = least(attempt.n, (select k.most from attempt_key k where k.key = excluded.key)) + 1
      returning key, n`,
  );
  const counted = db.$with("counted", { waitSeconds: sql<number>`wait_seconds`.as("wait_seconds") }).as(
    sql`select coalesce(max(case
          when load <= most then 0
          when n < most then greatest(1, ceil((1 - (most - n - 1)::float8 / before - passed) * seconds))
          else ceil((1 - passed + 2.0 / (most + 1)) * seconds)
        end), 0)::int wait_seconds
      from (select k.most, tried.n, coalesce(prior.n, 0) before, at.passed, at.seconds,
          tried.n + ceil(coalesce(prior.n, 0) * (1 - at.passed)) load
        from tried join attempt_key k on k.key = tried.key
          left join attempt prior on prior.key = k.key and prior.slot = ${attempt.slot - 1}::int,
          (select ${attempt.passed}::float8 passed, ${attempt.windowSeconds}::int seconds) at) loads`,
  );
  return { ctes: [key, tried, counted] as const, counted };
}

/**
 * The CTE that takes an attempt back.
 * @param where holds where the attempt succeeded, and for the first time
 */
export function takingBack(attempt: Attempt, where: SQL) {
  return database()
    .$with("taken_back", { key: sql<Uint8Array>`key`.as("key") })
    .as(
      sql`update attempt set n = greatest(attempt.n - 1, 0)
      from (select a.key, a.slot from attempt a
        where a.slot = ${attempt.slot}::int and a.key in (select k.key from (${attempt.keys}) k(key, most)) and ${where}
        order by a.key for no key update of a) mine
      where attempt.key = mine.key and attempt.slot = mine.slot
      returning attempt.key`,
    );
}

/** @throws AppError `rate_limited` where `counted` said to wait */
export function refuseIfLimited(waitSeconds: number | null): void {
  if (!waitSeconds) return;
  const minutes = Math.ceil(waitSeconds / 60);
  throw new AppError("rate_limited", {
    detail: `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    retryAfterSeconds: waitSeconds,
  });
}
