// Attempts: how often a password is tried, an account made, a reset asked for. Each is counted in the statement that
// reads what it is about, before that is looked at, so that parallel attempts can't slip through; one that succeeds is
// taken back, since an office behind one address signs in at nine o'clock.
import { randomUUID } from "node:crypto";
import { type SQL, sql, type WithSubquery } from "drizzle-orm";
import { config } from "../config.ts";
import { database, run } from "../db/client.ts";

import { AppError } from "../errors.ts";
import { RESET_MAILS_AN_HOUR } from "../password-reset/schema.ts";

/** What is tried. Passwords are tried by signing in and by confirming one. */
export type Purpose = "password" | "sign-up" | "reset" | "reset-mail";

const WINDOW_SECONDS = 15 * 60;
const MAIL_WINDOW_SECONDS = 60 * 60;

/** One attempt of a request: it is counted, and perhaps taken back, in the same window. */
export interface Attempt {
  /** Of this attempt alone, so that a repetition is not counted. */
  id: string;
  windowSeconds: number;
  /** Number of the window since 1970, and the part of it that has passed (0 to 1). */
  slot: number;
  passed: number;
  /** The rows (place, key, most): what is counted, in which order, and how many attempts are allowed there. */
  keys: SQL;
}

/** The order in which counters are locked, the same for everybody, so that no two requests wait for each other. */
const PLACES = { pair: 0, account: 1, address: 2 };

/**
 * @param of who is named: an email (which need not have an account), as SQL where only the statement knows it; and
 *   the address that asks, in canonical form. What is left out is not counted.
 */
export function attemptAt(purpose: Purpose, of: { email?: SQL; address?: string }): Attempt {
  const keys: SQL[] = [];
  const count = (scope: keyof typeof PLACES, most: number, ...parts: SQL[]) => {
    // U+001F stands in no email and no address, so no two lists of parts read the same.
    const name = sql.join([sql`${`${purpose}-${scope}`}::text`, ...parts], sql` || chr(31) || `);
    keys.push(sql`(${PLACES[scope]}::int, sha256(convert_to(${name}, 'UTF8')), ${most}::int)`);
  };
  const { email } = of;
  const address = of.address === undefined ? undefined : sql`${of.address}::text`;
  if (purpose === "reset-mail") {
    if (email) count("account", RESET_MAILS_AN_HOUR, email);
  } else {
    const { perAccountAndAddress, perAccount, perAddress } = config.attempts;
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
 * The CTEs that count an attempt: put them into the statement in this order, and join the last, `counted`. The window
 * slides: of the one before, the part that is still within reach counts. A count stops one above its limit, so that a
 * flood locks an account for no longer than a trickle does; and what the pair of account and address refuses counts
 * for neither alone, or one address could lock an account for everybody.
 * @param where holds where the attempt is to be counted
 */
export function counting(attempt: Attempt, where: SQL = sql`true`) {
  const db = database();
  const cte = (name: string, statement: SQL) =>
    db.$with(name, { key: sql<Uint8Array>`key`.as("key") }).as(statement);

  const count = (keys: SQL) => sql`insert into attempt (key, slot, n, counted_by)
    select k.key, ${attempt.slot}::int, 1, ${attempt.id}::uuid from attempt_key k where ${keys} order by k.place
    on conflict (key, slot) do update
      set n = case when attempt.counted_by = excluded.counted_by then attempt.n
          else least(attempt.n, (select k.most from attempt_key k where k.key = excluded.key)) + 1 end,
        counted_by = excluded.counted_by
    returning key, n`;
  const loads = (tried: SQL) => sql`select t.key, k.most, t.n, coalesce(prior.n, 0) before,
      t.n + ceil(coalesce(prior.n, 0) * (1 - ${attempt.passed}::float8)) load
    from ${tried} t join attempt_key k on k.key = t.key
      left join attempt prior on prior.key = t.key and prior.slot = ${attempt.slot - 1}::int`;

  const key = cte("attempt_key", sql`select k.* from (${attempt.keys}) k(place, key, most) where ${where}`);
  const pair = cte("pair_tried", count(sql`k.place = ${PLACES.pair}::int`));
  const pairLoad = cte("pair_load", loads(sql`pair_tried`));
  const alone = cte(
    "alone_tried",
    count(
      sql`k.place > ${PLACES.pair}::int and not exists (select 1 from pair_load l where l.load > l.most)`,
    ),
  );
  const counted = db.$with("counted", { waitSeconds: sql<number>`wait_seconds`.as("wait_seconds") }).as(
    sql`select coalesce(max(case
          when l.load <= l.most then 0
          when l.n < l.most then greatest(1, ceil((1 - (l.most - l.n - 1)::float8 / l.before - at.passed) * at.seconds))
          else ceil((1 - at.passed + 2.0 / (l.most + 1)) * at.seconds)
        end), 0)::int wait_seconds
      from (select * from pair_load union all ${loads(sql`alone_tried`)}) l,
        (select ${attempt.passed}::float8 passed, ${attempt.windowSeconds}::int seconds) at`,
  );
  return { ctes: [key, pair, pairLoad, alone, counted] as const, counted };
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
      from (select a.key, a.slot from attempt a join (${attempt.keys}) k(place, key, most) on k.key = a.key
        where a.slot = ${attempt.slot}::int and ${where} order by k.place for no key update of a) mine
      where attempt.key = mine.key and attempt.slot = mine.slot
      returning attempt.key`,
    );
}

/** Takes an attempt back, where nothing else is left to do. `viewer`: the CTE that its email is read through, if it is. */
export async function takeBack(attempt: Attempt, ...viewer: WithSubquery[]): Promise<void> {
  const back = takingBack(attempt, sql`true`);
  await run(
    database()
      .with(...viewer, back)
      .select({ key: back.key })
      .from(back),
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
