// Measures how much text an account has, earlier states included, for the account's quota. A statement reads a limited number of
// lengths in the order of a primary key, and locks nothing that users write.
import { sql } from "drizzle-orm";
import { column, cte } from "../db/cte.ts";
import { outsideSession } from "../db/viewer.ts";
import { account } from "./account.sql.ts";

/** Lengths that one statement reads. */
export const LENGTHS_MAX = 10_000;

/** An account is measured again when its last figure is older than this. */
const AFTER = sql.raw("interval '20 hours'");

/** The accounts that were measured longest ago. @param most how many */
export async function unmeasured(now: Date, most: number): Promise<string[]> {
  const rows = await outsideSession("measure", (db) =>
    db
      .select({ id: account.id })
      .from(account)
      .where(sql`${account.measuredAt} < ${now.toISOString()}::timestamptz - ${AFTER}`)
      .orderBy(account.measuredAt)
      .limit(most),
  );
  return rows.map(({ id }) => id);
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

/** Stores an account's size. If the account is locked, the next run measures it again. */
export async function keepSize(userId: string, bytes: number, now: Date): Promise<void> {
  await outsideSession("measure", (db) =>
    db.execute(sql`update account set bytes = ${bytes}::bigint, measured_at = ${now.toISOString()}::timestamptz
      where id in (select a.id from account a where a.id = ${userId}::uuid for no key update skip locked)`),
  );
}
