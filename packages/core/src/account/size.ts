// Measures how much text an account has, earlier states included, for the account's quota. What it writes after that is added
// (note/quota.ts); what it loses is seen when it is measured again. A statement reads a limited number of
// lengths in the order of a primary key, and locks nothing that users write.
import { sql } from "drizzle-orm";
import { column, cte } from "../db/cte.ts";
import { outsideSession } from "../db/viewer.ts";
import { account } from "./account.sql.ts";
import { written } from "./written.sql.ts";

/** Lengths that one statement reads. */
export const LENGTHS_MAX = 10_000;

/** An account is measured again when its last figure is older than this, */
const AFTER = sql.raw("interval '20 hours'");
/** or when it has written so much since. It may have less by now: retention thins what was written. */
const AFTER_BYTES = sql.raw(String(32 * 1024 * 1024));
/** When who has written so much wrote last. The job runs each hour. */
const LATELY = sql.raw("interval '3 hours'");

/**
 * The accounts to measure: those that have written most since the last time, then those that were measured longest ago.
 * @param most how many
 */
export async function unmeasured(now: Date, most: number): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const limit = sql`${most}::int`;
  const due = cte(
    "due",
    { id: account.id },
    sql`(select a.id, t.total - a.measured_written since, a.measured_at
        from (select distinct w.user_id from written w where w.hour > ${at} - ${LATELY}) writer
        join account a on a.id = writer.user_id
        cross join lateral (select sum(w.total) total from written w where w.user_id = a.id) t
        where t.total - a.measured_written > ${AFTER_BYTES} order by since desc limit ${limit})
      union all
      (select a.id, 0, a.measured_at from account a where a.measured_at < ${at} - ${AFTER} order by a.measured_at limit ${limit})`,
  );
  const rows = await outsideSession("measure", (db) =>
    db
      .with(due)
      .select({ id: due.id })
      .from(due)
      .groupBy(due.id)
      .orderBy(sql`max(since) desc, min(measured_at)`)
      .limit(most),
  );
  return rows.map(({ id }) => id);
}

/** The bytes of text that an account has written by now, in all. */
export async function writtenBy(userId: string): Promise<number> {
  const [row] = await outsideSession("measure", (db) =>
    db
      .select({ total: sql<string>`coalesce(sum(${written.total}), 0)::text` })
      .from(written)
      .where(sql`${written.userId} = ${userId}::uuid`),
  );
  return Number(row?.total ?? 0);
}

/** What a statement has read, and the row after which the next one goes on. */
interface Read {
  bytes: number;
  lengths: number;
  last: { id: string; version: number } | undefined;
}

/**
 * Reads the lengths of an account's texts after a row.
 * @param of its notes, or their earlier states
 */
export async function lengthsAfter(
  userId: string,
  of: "note" | "revision",
  after: Read["last"],
): Promise<Read> {
  const user = sql`${userId}::uuid`;
  const id = sql.raw(of === "note" ? "id" : "note_id");
  const length =
    of === "note" ? sql`octet_length(t.text)` : sql`case when t.thinned_at is null then t.bytes else 0 end`;
  const rest = after ? sql`and (t.${id}, t.version) > (${after.id}::uuid, ${after.version}::int)` : sql``;
  const read = cte(
    "read",
    { id: column<string>("id") },
    sql`select t.${id} id, t.version, ${length} bytes from ${sql.raw(of)} t where t.user_id = ${user} ${rest}
      order by t.${id}, t.version limit ${LENGTHS_MAX}::int`,
  );
  const [row] = await outsideSession("measure", (db) =>
    db
      .with(read)
      .select({
        bytes: sql<string>`coalesce(sum(bytes), 0)::text`,
        lengths: sql<number>`count(*)::int`,
        id: sql<string | null>`(select l.id from read l order by l.id desc, l.version desc limit 1)`,
        version: sql<
          number | null
        >`(select l.version from read l order by l.id desc, l.version desc limit 1)`,
      })
      .from(read),
  );
  const { bytes = "0", lengths = 0, id: last = null, version = null } = row ?? {};
  return { bytes: Number(bytes), lengths, last: last && version ? { id: last, version } : undefined };
}

/**
 * Stores an account's size. If the account is locked, the next run measures it again.
 * @param since what the account had written when its measuring began (`writtenBy`): what it writes later is added to the size
 */
export async function keepSize(userId: string, bytes: number, since: number, now: Date): Promise<void> {
  await outsideSession("measure", (db) =>
    db.execute(sql`update account set bytes = ${bytes}::bigint, measured_written = ${since}::bigint,
        measured_at = ${now.toISOString()}::timestamptz
      where id in (select a.id from account a where a.id = ${userId}::uuid for no key update skip locked)`),
  );
}
