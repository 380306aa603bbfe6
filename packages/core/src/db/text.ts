// How a note's text crosses the Data API: as bytes in both directions. As a string, 512 KiB of control characters are
// 3 MiB of JSON, and quotes exceed the response limit of 1 MiB. A row may have at most 64 KB, so a text leaves in pieces.
import { type SQL, sql } from "drizzle-orm";
import { column, cte } from "./cte.ts";

/** Bytes of text in a row: 53 KB as base64, which leaves room for the rest of the note beside it. */
const PIECE_BYTES = sql.raw("40000");

/** A text as a parameter of at most 700 KB. It must be well formed; see `storable` in field/schema.ts. */
export function textParameter(text: string): SQL {
  return sql`convert_from(${Buffer.from(text, "utf8")}::bytea, 'UTF8')`;
}

/**
 * The CTE `piece`: the text of `source` (a query of one column `text` and at most one row; none if it is left out) in rows
 * of bytes. Join it to the answer, and order by `i`. `offset 0` stops PostgreSQL from encoding the text again for each piece.
 */
export function piecesOf(source?: SQL) {
  return cte(
    "piece",
    { i: column<number>("i"), bytes: column<Uint8Array>("bytes") },
    source === undefined
      ? sql`select null::int i, null::bytea bytes where false`
      : sql`select g.i, substring(body.b from g.i * ${PIECE_BYTES} + 1 for ${PIECE_BYTES}) bytes
          from (select convert_to(source.text, 'UTF8') b from (${source}) source offset 0) body,
            generate_series(0, (octet_length(body.b) - 1) / ${PIECE_BYTES}) g(i)`,
  );
}

/** The text whose pieces `rows` carry, in their order. */
export function textOf(rows: { bytes: Uint8Array | null }[]): string {
  return Buffer.concat(rows.map((row) => row.bytes ?? new Uint8Array())).toString("utf8");
}
