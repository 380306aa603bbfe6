// Columns that every table uses, and those that an answer selects: a rule about them is written once.
import { integer, timestamp } from "drizzle-orm/pg-core";

/**
 * A moment, to the millisecond. A JavaScript Date holds no more, and a time that loses its microseconds on the way
 * out equals nothing when it comes back in a cursor.
 */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** Rises by one with each accepted change; what If-Match names. */
export const version = () => integer("version").notNull();

/**
 * The columns of `cte` that `shown` names, for the select that answers. In an outer join they come back together or
 * not at all; drizzle tells by the first, so it must be one that is never null.
 */
export function columnsOf<Cte extends object, Key extends keyof Cte>(
  cte: Cte,
  shown: Record<Key, unknown>,
): Pick<Cte, Key> {
  const keys = Object.keys(shown) as Key[];
  return Object.fromEntries(keys.map((key) => [key, cte[key]])) as Pick<Cte, Key>;
}
