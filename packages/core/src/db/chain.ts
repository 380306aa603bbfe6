// The chain of a thing's states. It shows whether a state was changed, removed or inserted afterwards.
//
// A state's digest is the SHA-256 of its parts. Each part has a fixed width, so different states have different parts. Its chain link
// is the SHA-256 of the chain link before it and its digest. The statement that makes a state computes both, because it holds
// the lock on the state before. Retention removes a state's content and keeps its digest and chain link, so the chain stays complete.
//
// Someone who can write to the database could compute the whole chain anew. So the log line of each request has the newest
// chain link of what it changed.
import { type SQL, sql } from "drizzle-orm";
import { columnOf, type Versioned } from "./versioned.ts";

/** The columns that a digest covers in addition to the content. */
export const STATE_DIGESTED = ["id", "version", "changedAt", "deletedAt", "kind", "device"] as const;

/** The columns that a digest has covered from the beginning. */
const FIRST: readonly string[] = [...STATE_DIGESTED, "padId", "name", "named", "text"];

type Name = (key: string) => SQL;

/**
 * An expression: the digest of a state.
 *
 * Its parts, in this order: id, version, when it began, when it was deleted, kind, device; then the columns of the content in
 * the order of the table, except those that are derived from others. A number or a time (milliseconds since 1970) has 8 bytes,
 * big-endian; an id 16; a boolean 4; a text the 32 bytes of its SHA-256. A part that can be null has one more byte in front:
 * 01 if there is a value. Null is all zeros.
 *
 * A column that is added later counts only where it has a value: the SHA-256 of its name, then the value. The states from before it
 * have none, so they keep their digests.
 * @param valueFor the value of a column in the state, by its key
 */
export function digestOf(versioned: Versioned, valueFor: Name): SQL {
  const parts = digested(versioned).map((key) => partOf(versioned, key, valueFor(key)));
  return sql`sha256(${sql.join(parts, sql` || `)})`;
}

/** The keys of the columns that a digest covers, in the order of its parts. */
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
  if (!FIRST.includes(key)) {
    if (column.notNull)
      throw new Error(`${key} must be nullable: the states from before it have no value of it.`);
    const name = sql`sha256(convert_to(${sql.raw(`'${column.name}'`)}, 'UTF8'))`;
    return sql`case when ${value} is null then ''::bytea else ${name} || ${part} end`;
  }
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
