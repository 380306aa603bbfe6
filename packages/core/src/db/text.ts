// How a note's text crosses the Data API: as bytes in both directions. As strings, 512 KiB of control characters are
// 3 MiB of JSON, and quotes break the limit of 1 MiB. A row may not exceed 64 KB, so a text leaves in pieces.
import { type SQL, sql } from "drizzle-orm";
import { database } from "./client.ts";

/** Bytes of text in a row: 53 KB as base64, which leaves room for the rest of the note beside it. */
const PIECE_BYTES = 40_000;

/** A text on its way in: one parameter, 700 KB at most. It must be well formed; see `storable` in field/schema.ts. */
export function textParameter(text: string | undefined): SQL {
  return text === undefined
    ? sql`null::text`
    : sql`convert_from(${Buffer.from(text, "utf8")}::bytea, 'UTF8')`;
}

/**
 * The CTE `piece`: the text of `source` (a query of one column `text` and at most one row) in rows of bytes.
 * `offset 0` keeps PostgreSQL from encoding the text anew for each piece. Join it to the answer, and order by `i`.
 */
export function piecesOf(source: SQL) {
  return database()
    .$with("piece", { i: sql<number>`i`.as("i"), bytes: sql<Uint8Array>`bytes`.as("bytes") })
    .as(
      sql`select g.i, substring(body.b from g.i * ${sql.raw(String(PIECE_BYTES))} + 1 for ${sql.raw(String(PIECE_BYTES))}) bytes
        from (select convert_to(source.text, 'UTF8') b from (${source}) source offset 0) body,
          generate_series(0, (octet_length(body.b) - 1) / ${sql.raw(String(PIECE_BYTES))}) g(i)`,
    );
}

/** The text whose pieces `rows` carry, in their order. */
export function textOf(rows: { bytes: Uint8Array | null }[]): string {
  return Buffer.concat(rows.map((row) => row.bytes ?? new Uint8Array())).toString("utf8");
}
