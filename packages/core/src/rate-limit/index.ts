// Rate limits: how often a password may be tried, an account created, a reset requested. The statement that reads the
// account also counts the attempt, so parallel attempts can't slip through. An attempt that the counters refuse adds no row, so
// strangers can't fill the table. An attempt with the right password is taken back, because a whole office may sign in from one
// address at nine o'clock.
//
// Nobody can lock the owner of an account out. Devices that have signed in before and live sessions have counters of their own,
// and a password reset clears the account's counters.
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { config } from "../config.ts";
import { column, cte, step } from "../db/cte.ts";
import { AppError } from "../errors.ts";
import { RESET_MAILS_AN_HOUR } from "../password-reset/schema.ts";

/** What is limited. Passwords are tried by signing in and by changing a password. */
export type Purpose = "password" | "sign-up" | "reset" | "reset-mail";

/** Windows begin at multiples of a quarter of an hour, which is the unit of `slot`. */
const QUARTER_SECONDS = 15 * 60;
const WINDOW_QUARTERS: Record<Purpose, number> = { password: 1, "sign-up": 4, reset: 1, "reset-mail": 4 };
/** Windows that are older than this count for nothing. */
const OLDEST_QUARTERS = 2 * Math.max(...Object.values(WINDOW_QUARTERS));
/** How many rows of old windows an attempt deletes. It deletes more than it adds, so the table keeps only what counts. */
const SWEPT_ROWS = 20;
/** An IPv6 /64 counts as one address. The client's /48 has 65,536 of them, and is allowed this many times as much. */
const ADDRESSES_PER_NETWORK = 10;

/** One attempt of a request. It is counted, and perhaps taken back, in the same window. */
export interface Attempt {
  /** Unique to this attempt, so that a repetition is not counted. */
  id: string;
  /** Unique to taking it back, so that a repetition does not take a second attempt back. */
  backId: string;
  /** The window's length, and its beginning since 1970. */
  quarters: number;
  slot: number;
  /** The part of the window that has passed, 0 to 1. */
  passed: number;
  /**
   * How the attempts of the previous window that still count are rounded. For mails it is down: a link works for as long as
   * their window, and once the links that strangers asked for have expired, the owner must get a new one.
   */
  rounding: "ceil" | "floor";
  /** An expression: the name of the known device that makes the attempt, or null. It decides which counters rise. */
  device: SQL;
  /** The rows (rank, key, most, device): the counters for a device, their order, and how many attempts each allows. */
  keys(device: SQL): SQL;
}

/** Where a request comes from, as rate limits see it. */
export interface From {
  /** The client's address in canonical form: IPv4, or the /64 of IPv6. */
  address: string;
}

/** The order in which counters are locked. It is the same for all requests, so that no two wait for each other. */
const RANKS = { pair: 0, session: 0, device: 0, account: 1, address: 2, network: 3 };

/** Who makes an attempt. What is left out is not counted. */
interface Attempter {
  /** The email that the request names, with or without an account. As SQL, because only the statement may know it. */
  email?: SQL;
  /** The client's address in canonical form. */
  address?: string;
  /** The id of a live session, which has a counter of its own. */
  session?: SQL;
  /** The name of a device where the account has signed in before, which has a counter of its own; null for any other. */
  device?: SQL;
}

export function attemptAt(purpose: Purpose, { email, address, session, device }: Attempter): Attempt {
  const { perAccountAndAddress, perAccount, perAddress } = config.rateLimits;
  const keys: SQL[] = [];
  const count = (scope: keyof typeof RANKS, most: number, ...parts: SQL[]) =>
    keys.push(sql`(${RANKS[scope]}::int, ${keyOf(purpose, scope, parts)}, ${most}::int, ${scope}::text)`);
  if (purpose === "reset-mail") {
    if (email) count("account", RESET_MAILS_AN_HOUR, email);
  } else if (session) {
    count("session", perAccountAndAddress, sql`${session}::text`);
  } else {
    if (device) count("device", perAccountAndAddress, sql`known.device`);
    if (email && address) count("pair", perAccountAndAddress, email, sql`${address}::text`);
    // For sign-ups and resets an email has no counter, because strangers could use it up. The mails themselves are limited.
    if (email && purpose === "password") count("account", perAccount, email);
    if (address) count("address", perAddress, sql`${address}::text`);
    const network = address && networkOf(address);
    if (network) count("network", perAddress * ADDRESSES_PER_NETWORK, sql`${network}::text`);
  }
  const quarters = WINDOW_QUARTERS[purpose];
  const windows = Date.now() / 1000 / QUARTER_SECONDS / quarters;
  const number = Math.floor(windows);
  return {
    id: randomUUID(),
    backId: randomUUID(),
    quarters,
    slot: number * quarters,
    passed: windows - number,
    rounding: purpose === "reset-mail" ? "floor" : "ceil",
    device: device ?? sql`null`,
    keys: (name) => sql`select k.rank, k.key, k.most, known.device from (select ${name}::text device) known,
      lateral (values ${sql.join(keys, sql`, `)}) k(rank, key, most, scope)
      where (k.scope = 'device') = (known.device is not null)`,
  };
}

/**
 * The attempt as it was counted, to take it back. In between, its device may have become known or been forgotten. A sign-in
 * would then lower counters that it has not raised, and guesses would go uncounted.
 * @param device as `counted` returned it
 */
export function asCounted(attempt: Attempt, device: string | null | undefined): Attempt {
  return { ...attempt, device: sql`${device ?? null}` };
}

/** Emails and addresses can't contain U+001F, so no two lists of parts read the same. */
function keyOf(purpose: Purpose, scope: keyof typeof RANKS, parts: readonly SQL[]): SQL {
  const name = sql.join([sql`${`${purpose}-${scope}`}::text`, ...parts], sql` || chr(31) || `);
  return sql`sha256(convert_to(${name}, 'UTF8'))`;
}

/** The /48 of an IPv6 client's /64, `2001:db8:1::/48`. */
function networkOf(address: string): string | undefined {
  const [, network] = /^((?:[0-9a-f]+:){3})[0-9a-f]+::\/64$/.exec(address) ?? [];
  return network && `${network}:/48`;
}

/**
 * The CTEs that count an attempt. Put them into the statement in this order, and join the last, `counted`. The window
 * slides: a part of the previous window still counts. A counter that would exceed its limit refuses the attempt, and then no
 * counter is raised. Parallel attempts all see the same counters, so each is judged again by the counters that it has raised. An
 * attempt that the pair of account and address refuses then does not count for the account or the address alone. Otherwise one
 * address could lock an account for everyone.
 * @param where holds if the attempt is to be counted
 */
export function counting(attempt: Attempt, where: SQL = sql`true`) {
  const keys = step("attempt_key", sql`select k.* from (${attempt.keys(attempt.device)}) k where ${where}`);
  const seen = step("seen_load", loads(attempt, seenCounts(attempt)));
  const pair = step(
    "pair_tried",
    countOnce(attempt, sql`k.rank = ${RANKS.pair}::int and ${noneAbove(sql`seen_load`)}`),
  );
  const pairLoad = step("pair_load", loads(attempt, sql`pair_tried`));
  const alone = step(
    "alone_tried",
    countOnce(
      attempt,
      sql`k.rank > ${RANKS.pair}::int and ${noneAbove(sql`seen_load`)} and ${noneAbove(sql`pair_load`)}`,
    ),
  );
  const counted = cte(
    "counted",
    { waitSeconds: column<number>("wait_seconds"), device: column<string | null>("device") },
    sql`select (select max(k.device) from attempt_key k) device, coalesce(max(case
          when l.load <= l.most then 0
          when l.n < l.most then greatest(1, ceil((1 - (l.most - l.n - 1)::float8 / l.before - at.passed) * at.seconds))
          else ceil((1 - at.passed + 2.0 / (l.most + 1)) * at.seconds)
        end), 0)::int wait_seconds
      from (select * from seen_load union all select * from pair_load union all ${loads(attempt, sql`alone_tried`)}) l,
        (select ${attempt.passed}::float8 passed, ${attempt.quarters * QUARTER_SECONDS}::int seconds) at`,
  );
  return { ctes: [keys, seen, pair, pairLoad, alone, sweeping(), counted] as const, counted };
}

function noneAbove(loads: SQL): SQL {
  return sql`not exists (select 1 from ${loads} l where l.load > l.most)`;
}

/** The counters as they would be with this attempt. A repetition of the statement is not counted again. */
function seenCounts(attempt: Attempt): SQL {
  return sql`(select k.key, coalesce(a.n, 0) + case when a.counted_by = ${attempt.id}::uuid then 0 else 1 end n
    from attempt_key k left join attempt a on a.key = k.key and a.slot = ${attempt.slot}::int)`;
}

/** Deletes some rows of old windows. It skips rows that another statement is deleting. */
function sweeping() {
  const oldest = Math.floor(Date.now() / 1000 / QUARTER_SECONDS) - OLDEST_QUARTERS;
  return step(
    "attempts_swept",
    sql`delete from attempt a using (
        select o.key, o.slot from attempt o where o.slot < ${oldest}::int
        order by o.slot limit ${SWEPT_ROWS}::int for update skip locked) old
      where a.key = old.key and a.slot = old.slot returning a.key`,
  );
}

/** Adds the attempt to the counters that `keys` chooses. */
function countOnce(attempt: Attempt, keys: SQL): SQL {
  return sql`insert into attempt (key, slot, n, counted_by)
    select k.key, ${attempt.slot}::int, 1, ${attempt.id}::uuid from attempt_key k where ${keys} order by k.rank
    on conflict (key, slot) do update
      set n = case when attempt.counted_by = excluded.counted_by then attempt.n
          else least(attempt.n, (select k.most from attempt_key k where k.key = excluded.key)) + 1 end,
        counted_by = excluded.counted_by
    returning key, n`;
}

/** The load of each counter in `tried`, with the part of the previous window that still counts. */
function loads(attempt: Attempt, tried: SQL): SQL {
  return sql`select t.key, k.most, t.n, coalesce(prior.n, 0) before,
      t.n + ${sql.raw(attempt.rounding)}(coalesce(prior.n, 0) * (1 - ${attempt.passed}::float8)) load
    from ${tried} t join attempt_key k on k.key = t.key
      left join attempt prior on prior.key = t.key and prior.slot = ${attempt.slot - attempt.quarters}::int`;
}

/**
 * The CTE that forgets the attempts on an account's password, so that its owner can sign in after a reset, at least from the
 * address of the reset.
 * @param email of the account, or null if nothing is to be forgotten
 */
export function forgetting(email: SQL, address: string) {
  const pair = keyOf("password", "pair", [email, sql`${address}::text`]);
  const account = keyOf("password", "account", [email]);
  return step(
    "forgotten",
    sql`delete from attempt a using (
        select o.key, o.slot from attempt o
          join (values (${RANKS.pair}::int, ${pair}), (${RANKS.account}::int, ${account})) k(rank, key) on k.key = o.key
        order by k.rank, o.slot for update of o) old
      where a.key = old.key and a.slot = old.slot returning a.key`,
  );
}

/**
 * The CTE that takes an attempt back. As in counting, a repetition by the SDK is recognised until another request changes the
 * counter.
 * @param where holds if the attempt succeeded; where the statement can tell, only for the first time
 */
export function takingBack(attempt: Attempt, where: SQL) {
  return step(
    "taken_back",
    sql`update attempt set counted_by = ${attempt.backId}::uuid,
        n = case when attempt.counted_by = ${attempt.backId}::uuid then attempt.n else greatest(attempt.n - 1, 0) end
      from (select a.key, a.slot from attempt a join (${attempt.keys(attempt.device)}) k on k.key = a.key
        where a.slot = ${attempt.slot}::int and ${where} order by k.rank for no key update of a) mine
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
