// The places of the sidebar with their counts of notes, in one statement.
import { sql } from "drizzle-orm";
import { READERS_COLLATION } from "../db/columns.ts";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import { passes } from "../note/matching.ts";
import { livePads, pads, shown } from "../pad/index.ts";
import { type Places, TAGS_LISTED_MAX } from "./schema.ts";

/** Tags in one row of the answer: at most 20 KB. With a row for each tag, every row would repeat the other columns. */
const TAGS_IN_ROW = sql.raw("100");

/** What a row has beside a pad: the first row the counts, each row after it tags with their numbers of notes. */
type Beside = Omit<Places, "pads" | "tags"> | [name: string, noteCount: number][];

/**
 * The viewer's places.
 * @throws AppError `unauthenticated`
 */
export async function list(viewer: Viewer): Promise<Places> {
  const live = livePads(sql`select c.pad_id, c.notes n from counted c where c.pad_id is not null`);
  const beside = besides();
  const row = cte(
    "ranked_row",
    { rank: column<number>("rank") },
    sql`select g.rank from generate_series(1, greatest((select count(*) from live), (select count(*) from beside))) g(rank)`,
  );
  const rows = await authorised(viewer, (begin) =>
    begin([counted(), counts(), tagOf(), tagged(), beside, live, row], {
      beside: beside.value,
      pad: columnsOf(live, shown),
    })
      .leftJoin(row, ALWAYS)
      .leftJoin(beside, sql`${beside.rank} = ${row.rank}`)
      .leftJoin(live, sql`${live.rank} = ${row.rank}`)
      .orderBy(row.rank),
  );
  const [first, ...others] = rows.flatMap((row) => (row.beside === null ? [] : [row.beside]));
  return {
    ...(first as Exclude<Beside, unknown[]>),
    pads: rows.flatMap((row) => (row.pad ? [pads.serialize(row.pad, "")] : [])),
    tags: others
      .flatMap((tags) => (Array.isArray(tags) ? tags : []))
      .map(([name, noteCount]) => ({ name, noteCount })),
  };
}

/** Counts the notes of each pad, and of no pad, by one scan of an index. */
function counted() {
  const isActive = sql`c.archived_at is null`;
  return step(
    "counted",
    sql`select c.pad_id, count(*) notes, count(*) filter (where ${isActive}) active,
        count(*) filter (where ${isActive} and c.pinned_at is not null) pinned
      from note c where c.user_id = ${viewerId} and c.deleted_at is null group by c.pad_id`,
  );
}

function counts() {
  const deleted = (table: "note" | "pad") => sql`(select count(*) from ${sql.raw(table)} t
    where t.user_id = ${viewerId} and t.deleted_at is not null ${table === "pad" ? sql`and t.purged_at is null` : sql``})`;
  return step(
    "counts",
    sql`select coalesce(sum(c.active), 0) notes, coalesce(sum(c.pinned), 0) pinned,
        coalesce(sum(c.notes - c.active), 0) archived, ${deleted("note")} + ${deleted("pad")} trash
      from counted c where c.pad_id is null or c.pad_id not in
        (select p.id from pad p where p.user_id = ${viewerId} and p.deleted_at is not null)`,
  );
}

/** Each tag of each note, read once for `tagged`. */
function tagOf() {
  return step(
    "tag_of",
    sql`select n.id, n.tags, t.name from note n, jsonb_array_elements_text(n.tags) t(name)
      where ${passes({ archived: "false" })} and n.tags <> '[]'::jsonb`,
  );
}

/** The tags, and what they are under: `work` of `work/meeting`. A note with several tags under one counts there once. */
function tagged() {
  const order = sql`count(*) desc, t.name ${READERS_COLLATION}`;
  return step(
    "tagged",
    sql`select t.name, count(*) notes, row_number() over (order by ${order}) rank
      from (
        select o.name from tag_of o union all
        select a.name from (
          select distinct o.id, above.name from tag_of o, string_to_array(o.name, '/') parts,
            generate_series(1, cardinality(parts) - 1) removed, array_to_string(trim_array(parts, removed), '/') above(name)
          where strpos(o.name, '/') > 0 and above.name <> '' and not jsonb_exists(o.tags, above.name)
        ) a
      ) t
      group by t.name order by ${order} limit ${TAGS_LISTED_MAX}::int`,
  );
}

function besides() {
  return cte(
    "beside",
    {
      rank: column<number>("rank"),
      value: sql`value`.mapWith((json): Beside => JSON.parse(String(json))).as("value"),
    },
    sql`select 1 rank, to_jsonb(c) value from counts c union all
      select 2 + (t.rank - 1) / ${TAGS_IN_ROW}, jsonb_agg(jsonb_build_array(t.name, t.notes) order by t.rank)
      from tagged t group by 1`,
  );
}
