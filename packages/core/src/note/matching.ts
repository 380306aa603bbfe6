// Which notes a list or a search finds: the filters as conditions of SQL, and the search for a part of a name or text.
import { type SQL, sql } from "drizzle-orm";
import { READERS_COLLATION } from "../db/columns.ts";
import { column, cte } from "../db/cte.ts";
import { viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import type { NoteFilters } from "./schema.ts";
import { isLive } from "./versioned.ts";

/** Holds if the note `n` is the viewer's, live, and let through by the filters. */
export function passes({ pad, tag, pinned, archived, updatedAfter, updatedBefore }: NoteFilters): SQL {
  const conditions = [sql`n.user_id = ${viewerId}`, isLive];
  if (pad === "none") conditions.push(sql`n.pad_id is null`);
  else if (pad) conditions.push(sql`n.pad_id = ${pad}::uuid`);
  if (tag) conditions.push(isTagged(tag));
  if (pinned === "true" || pinned === "false") conditions.push(isMarked("pinned_at", pinned === "true"));
  if (archived) conditions.push(isMarked("archived_at", archived === "true"));
  if (updatedAfter) conditions.push(sql`n.updated_at >= ${updatedAfter}::timestamptz`);
  if (updatedBefore) conditions.push(sql`n.updated_at < ${updatedBefore}::timestamptz`);
  return sql.join(conditions, sql` and `);
}

/** Holds if the text of `n` has this tag, or one under it. The second condition is that of the tags' index. */
function isTagged(tag: string): SQL {
  const sought = JSON.stringify({ tag, under: `${tag}/` });
  return sql`jsonb_path_exists(n.tags, '$[*] ? (@ == $tag || @ starts with $under)', ${sought}::jsonb) and n.tags <> '[]'::jsonb`;
}

/** Holds if the text of `n` links to this note. The second condition is that of the links' index. */
export function linksTo(id: string): SQL {
  return sql`n.links @> ${JSON.stringify([id])}::jsonb and n.links <> '[]'::jsonb`;
}

/** Holds if `n` has the mark, or does not have it. */
export function isMarked(column: "pinned_at" | "archived_at", is: boolean): SQL {
  return sql`n.${sql.identifier(column)} ${is ? sql`is not null` : sql`is null`}`;
}

/** The pad whose notes are wanted, if it is live; no row without one. */
export function livePad(pad: NoteFilters["pad"]) {
  return cte(
    "in_pad",
    { id: column<string>("id") },
    pad && pad !== "none"
      ? sql`select p.id from pad p where p.user_id = ${viewerId} and p.id = ${pad}::uuid and p.deleted_at is null`
      : sql`select p.id from pad p where false`,
  );
}

/** @throws AppError `not_found` if the wanted pad was not found by `livePad` */
export function requirePad(pad: NoteFilters["pad"], found: string | null): void {
  if (pad && pad !== "none" && !found) throw new AppError("not_found");
}

/**
 * Advisory locks of running searches, with the user as their second number. A search reads every text of an account, so two
 * at most run for one.
 */
const SEARCH_LOCKS = [7_460_216, 7_460_217] as const;
const SEARCH_RETRY_SECONDS = 1;

/** Whether a search may run; no row without a search. Its lock is freed at the end of the statement. */
export function searchTurn(isSearch: boolean) {
  const [first, second] = SEARCH_LOCKS;
  return cte(
    "turn",
    { free: column<boolean>("free") },
    isSearch
      ? sql`select case when pg_try_advisory_xact_lock(${first}::int, v.user_number) then true
            else pg_try_advisory_xact_lock(${second}::int, v.user_number) end free
          from (select hashtext(user_id::text) user_number from viewer) v`
      : sql`select true free where false`,
  );
}

/** @throws AppError `rate_limited` if `searchTurn` found no turn */
export function requireTurn(free: boolean | null): void {
  if (free !== false) return;
  throw new AppError("rate_limited", {
    detail: "Two searches of this account are running. Try again in a moment.",
    retryAfterSeconds: SEARCH_RETRY_SECONDS,
  });
}

const ASCII = /^[ -~]*$/;

/** Case folding, not lower case: it treats a final sigma as a sigma. */
const casefold = (text: SQL) => sql`casefold(${text} ${READERS_COLLATION})`;

/** Holds if `text`, an expression of SQL, contains `q`, in upper or lower case. */
export function contains(text: SQL, q: string): SQL {
  const pattern = sql`${`%${q.replace(/[\\%_]/g, "\\$&")}%`}::text`;
  // Folding ASCII alone takes a tenth of the time. It misses only other spellings of k and s, U+212A and U+017F.
  if (ASCII.test(q)) return sql`${text} collate "C" ilike ${pattern}`;
  return sql`${casefold(text)} like ${casefold(pattern)}`;
}

/** Where `text` contains `q` first, in characters from 1, nearly; 0 if it does not. */
export function firstHit(text: SQL, q: string): SQL {
  const sought = sql`${q}::text`;
  if (ASCII.test(q)) return sql`strpos(lower(${text} collate "C"), lower(${sought} collate "C"))`;
  // Lower case keeps the positions of characters, but for one letter. Folding moves them (ß becomes ss): where only that finds
  // it, the position is estimated.
  const lower = (one: SQL) =>
    sql`translate(lower(translate(${one}, 'İ', 'i') ${READERS_COLLATION}), 'ς', 'σ')`;
  const folded = casefold(text);
  const estimate = sql`ceil(strpos(${folded}, ${casefold(sought)})::float8 * length(${text}) / nullif(length(${folded}), 0))`;
  return sql`coalesce(nullif(strpos(${lower(text)}, ${lower(sought)}), 0), ${estimate}::int, 0)`;
}

/** A part of a string, in UTF-16 units: where it begins and where it ends. */
export type Range = [start: number, end: number];

/** Where `text` contains `q`, by the rule of `contains`: in order, without overlap, and in whole characters. */
export function hitsIn(text: string, q: string): Range[] {
  if (q === "") return [];
  const fold = ASCII.test(q) ? foldAscii : foldCase;
  const sought = [...q].map(fold).join("");
  let folded = "";
  // For each unit of `folded`, the character that it comes from.
  const sources: Range[] = [];
  let at = 0;
  for (const char of text) {
    const units = fold(char);
    for (let i = 0; i < units.length; i++) sources.push([at, at + char.length]);
    folded += units;
    at += char.length;
  }
  const hits: Range[] = [];
  for (let i = folded.indexOf(sought); i >= 0; i = folded.indexOf(sought, i + sought.length)) {
    const [start = 0] = sources[i] ?? [];
    const [, end = 0] = sources[i + sought.length - 1] ?? [];
    if (start >= (hits.at(-1)?.[1] ?? 0)) hits.push([start, end]);
  }
  return hits;
}

function foldAscii(char: string): string {
  return char >= "A" && char <= "Z" ? char.toLowerCase() : char;
}

/** Unicode's full case folding of a character, but for the case of Cherokee. A dotless i is no i. */
function foldCase(char: string): string {
  if (char === "ı") return char;
  return [...char.toLowerCase().toUpperCase()].map((one) => one.toLowerCase()).join("");
}
