// What can be done with notes. Each verb is one statement, authorised inside it; see db/viewer.ts.
import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/mini";
import { database } from "../db/client.ts";
import { columnsOf } from "../db/columns.ts";
import { fingerprint, once } from "../db/fingerprint.ts";
import { piecesOf, textOf, textParameter } from "../db/text.ts";
import { authorised, type Viewer, viewerId, viewerIs } from "../db/viewer.ts";
import { AppError } from "../errors.ts";
import { Id } from "../field/schema.ts";
import { pad } from "../pad/pad.sql.ts";
import { CursorText, CursorTime, cursorAt, page, positionOf } from "../paging/index.ts";
import { change, LIVE, type Outcome, shown, TARGET_IS_LIVE } from "./change.ts";
import { note, READERS_COLLATION } from "./note.sql.ts";
import {
  type CreateNote,
  type ListNotes,
  NO_SUCH_PAD,
  type Note,
  type NotePage,
  type NoteSummary,
  ORDER_DEFAULT,
  type Order,
  PAGE_DEFAULT,
  type SaveNote,
} from "./schema.ts";

type Shown = Outcome["note"];

function header(row: Shown) {
  return {
    id: row.id,
    padId: row.padId,
    name: row.name,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A note as the contract has it. */
export function serialize(row: Shown, text: string): Note {
  return { ...header(row), text };
}

/** A note as lists have it. */
export function summarize(row: Shown & { excerpt: string }): NoteSummary {
  return { ...header(row), excerpt: row.excerpt };
}

/** Said of a `padId` that is no live pad of this user. */
export function noSuchPad(): AppError {
  return new AppError("invalid_input", { fields: { padId: [NO_SUCH_PAD] } });
}

/** Holds where the note `n` is live: neither it nor its pad is deleted. */
export const isLive = sql`n.deleted_at is null and (n.pad_id is null or n.pad_id not in
  (select p.id from pad p where p.user_id = ${viewerId} and p.deleted_at is not null))`;

/** How each order sorts, and where a page after a position begins. */
const orders: Record<Order, { by: SQL; direction: SQL; comparison: SQL; key: "name" | "updatedAt" }> = {
  name: { by: sql`n.name ${READERS_COLLATION}`, direction: sql`asc`, comparison: sql`>`, key: "name" },
  "-name": { by: sql`n.name ${READERS_COLLATION}`, direction: sql`desc`, comparison: sql`<`, key: "name" },
  updated_at: { by: sql`n.updated_at`, direction: sql`asc`, comparison: sql`>`, key: "updatedAt" },
  "-updated_at": { by: sql`n.updated_at`, direction: sql`desc`, comparison: sql`<`, key: "updatedAt" },
};

/**
 * A page of the viewer's live notes, without their texts.
 * @throws AppError `unauthenticated`, `not_found` where `pad` is no live pad of this user, `invalid_input` naming `cursor`
 */
export async function list(viewer: Viewer, wanted: ListNotes): Promise<NotePage> {
  const db = database();
  const mine = viewerIs(viewer);
  const { pad: padId, q, limit = PAGE_DEFAULT, order: name = ORDER_DEFAULT } = wanted;
  const order = orders[name];
  const position = positionOf(
    wanted.cursor,
    z.tuple([z.literal(name), order.key === "name" ? CursorText : CursorTime, Id]),
  );

  const filters = [sql`n.user_id = ${viewerId}`, isLive];
  if (padId === "none") filters.push(sql`n.pad_id is null`);
  else if (padId) filters.push(sql`n.pad_id = ${padId}::uuid`);
  // Texts are read once for the count and the page: a CTE that is used twice is materialised.
  const matching = db
    .$with("matching", { id: note.id })
    .as(sql`select n.id from note n where ${sql.join(filters, sql` and `)} and ${contains(q ?? "")}`);
  if (q) filters.push(sql`n.id in (select m.id from matching m)`);
  const listed = sql.join(filters, sql` and `);
  const after = position
    ? sql`and (${order.by}, n.id) ${order.comparison} (${position[1]}::${order.key === "name" ? sql`text` : sql`timestamptz`}, ${position[2]}::uuid)`
    : sql``;

  const total = db
    .$with("total", { notes: sql<number>`notes`.as("notes") })
    .as(sql`select count(*)::int notes from note n where ${listed}`);
  const inPad = db
    .$with("in_pad", { id: pad.id })
    .as(
      padId && padId !== "none"
        ? sql`select p.id from pad p where p.user_id = ${viewerId} and p.id = ${padId}::uuid and p.deleted_at is null`
        : sql`select p.id from pad p where false`,
    );
  const paged = db.$with("paged", { ...shown, excerpt: note.excerpt }).as(
    sql`select n.id, n.pad_id, n.name, n.version, n.created_at, n.updated_at, n.excerpt, row_number() over () place
      from (select n.* from note n where ${listed} ${after}
        order by ${order.by} ${order.direction}, n.id ${order.direction} limit ${limit + 1}::int) n`,
  );
  const rows = await authorised(
    db
      .with(mine, ...(q ? [matching] : []), total, inPad, paged)
      .select({
        userId: mine.userId,
        total: total.notes,
        padId: inPad.id,
        note: { ...columnsOf(paged, shown), excerpt: paged.excerpt },
      })
      .from(mine)
      .leftJoin(total, sql`true`)
      .leftJoin(inPad, sql`true`)
      .leftJoin(paged, sql`true`)
      .orderBy(sql`paged.place`),
  );
  if (padId && padId !== "none" && !rows[0].padId) throw new AppError("not_found");
  const found = page(
    rows.flatMap((row) => (row.note ? [row.note] : [])),
    limit,
  );
  const last = found.rows.at(-1);
  return {
    notes: found.rows.map(summarize),
    total: rows[0].total ?? 0,
    nextCursor:
      found.more && last
        ? cursorAt([name, order.key === "name" ? last.name : last.updatedAt.toISOString(), last.id])
        : null,
  };
}

/** Holds where the name or the text of `n` contains `q`, whatever the case of its letters. */
function contains(q: string): SQL {
  const pattern = sql`${`%${q.replace(/[\\%_]/g, "\\$&")}%`}::text`;
  // Folding ASCII alone takes a tenth of the time. What it misses are other spellings of k and s, U+212A and U+017F.
  if (ASCII.test(q)) return sql`(n.name collate "C" ilike ${pattern} or n.text collate "C" ilike ${pattern})`;
  // Folding, not lower case: a final sigma is a sigma.
  const fold = (text: SQL) => sql`casefold(${text} ${READERS_COLLATION})`;
  return sql`(${fold(sql`n.name`)} like ${fold(pattern)} or ${fold(sql`n.text`)} like ${fold(pattern)})`;
}

const ASCII = /^[ -~]*$/;

/**
 * @returns the note, and whether this call made it; sent again, it is the note that the first one made, as it is now
 * @throws AppError `unauthenticated`, `conflict` where the id holds another note or one in the trash, `invalid_input`
 *   naming `padId`
 */
export async function create(viewer: Viewer, sent: CreateNote): Promise<{ note: Note; created: boolean }> {
  const db = database();
  const mine = viewerIs(viewer);
  const padId = sent.padId ?? null;
  const input = db.$with("input", { id: note.id }).as(
    sql`select ${sent.id ?? randomUUID()}::uuid id, ${padId}::uuid pad_id, ${sent.name}::text name,
      ${textParameter(sent.text)} as text, ${fingerprint(sent.name, sent.text, padId)}::bytea create_hash`,
  );
  const target = db.$with("target", { id: pad.id }).as(
    sql`select p.id from pad p join input on p.id = input.pad_id
      where p.user_id = ${viewerId} and p.deleted_at is null for share of p`,
  );
  // A creation that is repeated is judged before its pad, which may be gone since.
  const prior = db
    .$with("prior", { id: note.id })
    .as(
      sql`select n.id from note n join input on n.id = input.id where n.user_id = ${viewerId} for no key update of n`,
    );
  const made = db
    .$with("made", {
      ...shown,
      created: sql<boolean>`created`.as("created"),
      same: sql<boolean>`same`.as("same"),
    })
    .as(
      // The update changes nothing: it locks the row of a concurrent or earlier request, and returns it.
      sql`insert into note
          (user_id, id, pad_id, name, text, version, kind, create_hash, created_at, updated_at, changed_at)
        select viewer.user_id, input.id, input.pad_id, input.name, input.text, 1, 'create', input.create_hash,
          at.now, at.now, at.now
        from viewer, input, (select clock_timestamp()::timestamptz(3) now) at
        where input.pad_id is null or exists (select 1 from prior) or exists (select 1 from target)
        on conflict (user_id, id) do update set version = note.version
        returning note.id, note.pad_id, note.name, note.text, note.version, note.created_at, note.updated_at,
          note.deleted_at, old.id is null created, note.create_hash = (select i.create_hash from input i) same`,
    );
  const dead = db.$with("dead", { id: pad.id }).as(
    sql`select p.id from pad p join made on p.id = made.pad_id
      where p.user_id = ${viewerId} and p.deleted_at is not null`,
  );
  const piece = piecesOf(sql`select made.text from made where made.version > 1 and made.same`);
  const rows = await authorised(
    db
      .with(mine, input, target, prior, made, dead, piece)
      .select({
        userId: mine.userId,
        note: columnsOf(made, shown),
        created: made.created,
        same: made.same,
        inTrash: sql<boolean>`made.deleted_at is not null or ${dead.id} is not null`,
        bytes: piece.bytes,
      })
      .from(mine)
      .leftJoin(made, sql`true`)
      .leftJoin(dead, sql`true`)
      .leftJoin(piece, sql`true`)
      .orderBy(piece.i),
  );
  const [row] = rows;
  if (!row.note) throw noSuchPad();
  if (row.created) return { note: serialize(row.note, sent.text), created: true };
  if (!row.same || row.inTrash) {
    throw new AppError("conflict", {
      detail: "This id belongs to another note, or to one that was deleted.",
    });
  }
  return { note: serialize(row.note, row.note.version > 1 ? textOf(rows) : sent.text), created: false };
}

/** @throws AppError `unauthenticated`, `not_found` */
export async function get(viewer: Viewer, id: string): Promise<Note> {
  const db = database();
  const mine = viewerIs(viewer);
  const answer = db
    .$with("answer", shown)
    .as(sql`select n.* from note n where n.user_id = ${viewerId} and n.id = ${id}::uuid and ${isLive}`);
  const piece = piecesOf(sql`select answer.text from answer`);
  const rows = await authorised(
    db
      .with(mine, answer, piece)
      .select({ userId: mine.userId, note: columnsOf(answer, shown), bytes: piece.bytes })
      .from(mine)
      .leftJoin(answer, sql`true`)
      .leftJoin(piece, sql`true`)
      .orderBy(piece.i),
  );
  const [row] = rows;
  if (!row.note) throw new AppError("not_found");
  return serialize(row.note, textOf(rows));
}

/**
 * Saves what is sent; the rest stays. Equal content makes no new version, and the same save again is the same.
 * @param base the version that the changes were made on
 * @throws AppError `unauthenticated`, `not_found`, `version_mismatch` with the note as it is now, `invalid_input`
 *   naming `padId`
 */
export async function save(viewer: Viewer, id: string, base: number, sent: SaveNote): Promise<Note> {
  const movesPad = sent.padId !== undefined;
  const outcome = await change(viewer, {
    kind: "save",
    id,
    hash: fingerprint(base, sent.name, sent.text, sent.padId),
    input: sql`select ${base}::int base, ${sent.name ?? null}::text name, ${textParameter(sent.text)} as text,
      ${movesPad}::boolean moves, ${sent.padId ?? null}::uuid target_id`,
    next: sql`select coalesce(input.name, old.name) name, coalesce(input.text, old.text) as text,
        case when input.moves then input.target_id else old.pad_id end pad_id, false deleted
      from old, input where old.version = input.base and ${LIVE} and ${TARGET_IS_LIVE}`,
    textWanted: sql`select old.text from old, input, decided
      where input.text is null or (old.version <> input.base and not decided.repeated)`,
  });
  if (!outcome.wasLive) throw new AppError("not_found");
  const saved = outcome.changed || outcome.repeated;
  const mismatch = !saved && outcome.note.version !== base;
  const now = serialize(outcome.note, sent.text === undefined || mismatch ? outcome.text : sent.text);
  if (mismatch) {
    throw new AppError("version_mismatch", { detail: "The note was changed in the meantime.", current: now });
  }
  if (!saved && !outcome.targetIsLive) throw noSuchPad();
  return now;
}

/**
 * Moves a note to the trash; where it lies there already, by itself or with its pad, nothing changes.
 * @throws AppError `unauthenticated`, `not_found`
 */
export async function remove(viewer: Viewer, id: string): Promise<void> {
  await change(viewer, {
    kind: "delete",
    id,
    hash: once(),
    input: sql`select null::uuid target_id`,
    next: sql`select old.name, old.text, old.pad_id, true deleted from old where ${LIVE}`,
    textWanted: sql`select old.text from old where false`,
  });
}
