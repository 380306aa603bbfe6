// The chain of a thing's states, by which anybody can check that none was changed, removed or put in between afterwards.
//
// A state's digest is the SHA-256 of its parts, each of a fixed width, so that no two states have the same parts. Its chain link
// is the SHA-256 of the chain link before and its digest. The statement that makes a state computes both, because it alone has the
// state before, locked. Retention empties a state's content and keeps both, so the chain can still be followed.
//
// Who can write the database could compute the whole chain anew. So the log line of each request has the newest chain links.
import { type SQL, sql } from "drizzle-orm";
import { columnOf, type Versioned } from "./versioned.ts";

/** The columns of a state that its digest covers, beside its content. */
export const STATE_DIGESTED = ["id", "version", "changedAt", "deletedAt", "kind", "device"] as const;

type Name = (key: string) => SQL;

/**
 * An expression: the digest of a state.
 *
 * In this order: id, version, when it began, when it was deleted, kind, device; then the content's columns in the order of the
 * table, without those that are derived from others. Numbers and times (milliseconds since 1970) have 8 bytes with the highest
 * first, an id 16, true and false 4 bytes, a text the 32 bytes of its SHA-256. What may be missing begins with the byte 01,
 * or is as many bytes 00.
 * @param valueFor the value of a column in the state, by its key
 */
export function digestOf(versioned: Versioned, valueFor: Name): SQL {
  const parts = digested(versioned).map((key) => partOf(versioned, key, valueFor(key)));
  return sql`sha256(${sql.join(parts, sql` || `)})`;
}

/** The keys of the columns that a digest covers, in its order. */
function digested({ content, derived }: Versioned): string[] {
  return [...STATE_DIGESTED, ...content.filter((key) => !derived.includes(key))];
}

/** An expression: the chain link of the state with `digest`. `before` is that of the state before, which the first state lacks. */
export function chainLinkOf(before: SQL, digest: SQL): SQL {
  return sql`sha256(coalesce(${before}, ''::bytea) || ${digest})`;
}

function partOf(versioned: Versioned, key: string, value: SQL): SQL {
  const column = columnOf(versioned, key);
  const type = column.getSQLType();
  const known = PARTS.find(({ matches }) => type.startsWith(matches));
  if (!known) throw new Error(`A digest has no part for the type ${type} of ${key}.`);
  const part = known.part(value);
  if (column.notNull) return part;
  return sql`case when ${value} is null then ${zeros(known.bytes + 1)} else decode('01', 'hex') || ${part} end`;
}

const zeros = (count: number) => sql`decode(${sql.raw(`'${"00".repeat(count)}'`)}, 'hex')`;

const PARTS: readonly { matches: string; bytes: number; part: (value: SQL) => SQL }[] = [
  { matches: "uuid", bytes: 16, part: (value) => sql`uuid_send(${value})` },
  { matches: "integer", bytes: 8, part: (value) => sql`int8send(${value}::bigint)` },
  {
    matches: "timestamp",
    bytes: 8,
    part: (value) => sql`int8send((extract(epoch from ${value}) * 1000)::bigint)`,
  },
  { matches: "boolean", bytes: 4, part: (value) => sql`int4send(${value}::int)` },
  { matches: "text", bytes: 32, part: (value) => sql`sha256(convert_to(${value}, 'UTF8'))` },
  { matches: "jsonb", bytes: 32, part: (value) => sql`sha256(convert_to(${value}::text, 'UTF8'))` },
];
