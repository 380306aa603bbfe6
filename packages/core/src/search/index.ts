// Finds notes as a user types. The answer does not depend on how notes are found (note/matching.ts), which may change.
import { sql } from "drizzle-orm";
import { ALWAYS, column, columnsOf, cte, step } from "../db/cte.ts";
import { withIsoTimes } from "../db/times.ts";
import { authorised, type Viewer, viewerId } from "../db/viewer.ts";
import {
  contains,
  firstHit,
  hitsIn,
  livePad,
  passes,
  requirePad,
  requireTurn,
  searchTurn,
} from "../note/matching.ts";
import { shown } from "../note/versioned.ts";
import { FOUND_DEFAULT, type FoundNote, type SearchNotes } from "./schema.ts";
import { snippetOf, WINDOW } from "./snippet.ts";

/**
 * The viewer's live notes with `q` in their names, then those with it in their texts, each the newest first. Without `q`,
 * those that the filters let through, the newest first.
 * @throws AppError `unauthenticated`, `not_found` if `pad` is not a live pad of this user, `rate_limited` if two searches
 *   of the user run already
 */
export async function find(viewer: Viewer, wanted: SearchNotes): Promise<FoundNote[]> {
  const { q = "", pad } = wanted;
  const turn = searchTurn(q !== "");
  const inPad = livePad(pad);
  const found = q === "" ? [newest(wanted)] : [withName(wanted, q), withText(wanted, q), both(wanted)];
  const shownFound = windows(q);
  const rows = await authorised(viewer, (begin) =>
    begin([turn, inPad, ...found, shownFound], {
      hasTurn: turn.free,
      padId: inPad.id,
      note: columnsOf(shownFound, shown),
      text: shownFound.window,
      from: shownFound.from,
    })
      .leftJoin(turn, ALWAYS)
      .leftJoin(inPad, ALWAYS)
      .leftJoin(shownFound, ALWAYS)
      .orderBy(shownFound.rank),
  );
  requireTurn(rows[0].hasTurn);
  requirePad(pad, rows[0].padId);
  return rows.flatMap(({ note, text, from }) =>
    note === null
      ? []
      : [{ ...withIsoTimes(note), inName: hitsIn(note.name, q), ...snippetOf(text ?? "", from === 1, q) }],
  );
}

function mostOf({ limit = FOUND_DEFAULT }: SearchNotes) {
  return sql`limit ${limit}::int`;
}

function newest(wanted: SearchNotes) {
  return step(
    "found",
    sql`select n.id, row_number() over (order by n.updated_at desc, n.id desc) rank
      from note n where ${passes(wanted)} order by n.updated_at desc, n.id desc ${mostOf(wanted)}`,
  );
}

function withName(wanted: SearchNotes, q: string) {
  return step(
    "with_name",
    sql`select n.id, n.updated_at from note n
      where (select turn.free from turn) and ${passes(wanted)} and ${contains(sql`n.name`, q)}
      order by n.updated_at desc, n.id desc ${mostOf(wanted)}`,
  );
}

/** Those that `with_name` lacks. Texts are read only if there are too few names. */
function withText(wanted: SearchNotes, q: string) {
  const { limit = FOUND_DEFAULT } = wanted;
  return step(
    "with_text",
    sql`select n.id, n.updated_at from note n
      where (select turn.free from turn) and (select count(*) from with_name) < ${limit}::int
        and ${passes(wanted)} and n.id not in (select w.id from with_name w) and ${contains(sql`n.text`, q)}
      order by n.updated_at desc, n.id desc ${mostOf(wanted)}`,
  );
}

function both(wanted: SearchNotes) {
  return step(
    "found",
    sql`select f.id, row_number() over (order by f.kind, f.updated_at desc, f.id desc) rank
      from (select w.*, 0 kind from with_name w union all select w.*, 1 kind from with_text w) f
      order by rank ${mostOf(wanted)}`,
  );
}

/** The notes in `found`, each with the part of its text that its snippet is cut from. */
function windows(q: string) {
  const hit = q === "" ? sql`0` : firstHit(sql`n.text`, q);
  return cte(
    "shown_found",
    {
      ...shown,
      window: column<string>("text_window"),
      from: column<number>("text_from"),
      rank: column<number>("rank"),
    },
    sql`select n.*, at.text_from, substr(n.text, at.text_from, ${WINDOW.characters + 1}::int) text_window, f.rank
      from found f join note n on n.user_id = ${viewerId} and n.id = f.id,
        lateral (select greatest(${hit} - ${WINDOW.before}::int, 1) text_from) at`,
  );
}
