// Retention: which earlier states keep their content, depending on their age. A job looks at a state only when the next rule
// begins to apply to it, so it reads no more than it must.
import { type SQL, sql } from "drizzle-orm";
import { cte, listOf, step } from "../db/cte.ts";
import { columnOf, nameOf } from "../db/versioned.ts";
import { outsideSession } from "../db/viewer.ts";
import { notes } from "../note/versioned.ts";
import { revision } from "../revision/revision.sql.ts";
import { KEPT_DAYS } from "./limits.ts";

/**
 * From which age of a state its rule holds, until the next one does: of all states that were made within `each`, the last one
 * keeps its content. Times are cut at midnight, UTC, so that the last one of a day is the last one of its minutes too.
 */
const RULES = [
  { from: "1 hour", each: "1 minute" },
  { from: "24 hours", each: "10 minutes" },
  { from: "30 days", each: "1 day" },
] as const;

/** Kinds of states that keep their content, because a person may want to see both sides of a decision. */
const KEPT_KINDS = ["conflict", "import", "revert"];
/** The state before one of these keeps its content too: what was deleted, and the other side of a conflict. */
const KEPT_BEFORE = ["delete", "conflict"];

const list = (kinds: readonly string[]) => sql.raw(kinds.map((kind) => `'${kind}'`).join(", "));

export interface Thinned {
  /** How many states it looked at. */
  taken: number;
  /** How many of them it emptied. */
  thinned: number;
}

/**
 * Looks at states that are due, the longest due first, and empties the content of those that no rule keeps. Their digests and
 * links stay. It skips rows that another statement has locked, so it never waits; a later run finds them.
 * @param rows how many it looks at, at most
 */
export async function thin(now: Date, rows: number): Promise<Thinned> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const due = step(
    "due",
    sql`select r.user_id, r.note_id, r.version, r.kind, r.changed_at from revision r
      where r.due_at <= ${at} order by r.due_at limit ${rows}::int for update skip locked`,
  );
  // By limits of one, every plan looks the rows up in the primary keys.
  const next = step(
    "next",
    sql`select due.*, coalesce(r.kind, n.kind) next_kind, coalesce(r.changed_at, n.changed_at) ended_at
      from due
        left join lateral (select r.kind, r.changed_at from revision r
          where r.user_id = due.user_id and r.note_id = due.note_id and r.version = due.version + 1 limit 1) r on true
        left join lateral (select n.kind, n.changed_at from note n
          where n.user_id = due.user_id and n.id = due.note_id and n.version = due.version + 1 limit 1) n on true`,
  );
  const isKept = sql`(next.kind in (${list(KEPT_KINDS)}) or next.next_kind in (${list(KEPT_BEFORE)})
    or next.ended_at is null)`;
  const rules = RULES.map(({ each }, i) => {
    const then = RULES[i + 1]?.from;
    const until = then ? sql`next.changed_at + ${sql.raw(`interval '${then}'`)}` : EXPIRY;
    const bin = (time: string) =>
      sql.raw(`date_bin('${each}', next.${time}, timestamptz '2000-01-01 00:00:00+00')`);
    return sql`when ${at} < ${until} then case when ${bin("ended_at")} > ${bin("changed_at")} then ${until} end`;
  });
  const judged = step(
    "judged",
    sql`select next.*, ${isKept} is_kept, case
        when ${at} < next.changed_at + interval '1 hour' then next.changed_at + interval '1 hour'
        when ${at} >= ${EXPIRY} then null
        ${sql.join(rules, sql` `)} end again_at
      from next`,
  );
  const updated = cte(
    "updated",
    { thinnedAt: revision.thinnedAt },
    sql`update revision r set due_at = case when judged.is_kept then null else judged.again_at end,
        ${listOf(
          [[sql`thinned_at`, at] as const, ...notes.content.map(emptied)].map(
            ([name, empty]) =>
              sql`${name} = case when judged.is_kept or judged.again_at is not null then r.${name} else ${empty} end`,
          ),
        )}
      from judged where r.user_id = judged.user_id and r.note_id = judged.note_id and r.version = judged.version
      returning r.thinned_at`,
  );
  const [counted] = await outsideSession("thin", (db) =>
    db
      .with(due, next, judged, updated)
      .select({ taken: sql<number>`count(*)::int`, thinned: sql<number>`count(${updated.thinnedAt})::int` })
      .from(updated),
  );
  return counted ?? { taken: 0, thinned: 0 };
}

/** What a column of the content is emptied to. */
const EMPTY: Record<string, SQL> = { text: sql`''`, boolean: sql`true`, jsonb: sql`'[]'::jsonb` };

function emptied(key: (typeof notes.content)[number]): readonly [name: SQL, empty: SQL] {
  const column = columnOf(notes, key);
  const empty = column.notNull ? EMPTY[column.getSQLType()] : sql`null`;
  if (!empty) throw new Error(`Say what ${key} is emptied to.`);
  return [nameOf(notes, key), empty];
}

/** A state's three years begin when another follows it: until then it was what the note says. */
const EXPIRY = sql`(next.ended_at + ${sql.raw(`interval '${KEPT_DAYS} days'`)})`;
