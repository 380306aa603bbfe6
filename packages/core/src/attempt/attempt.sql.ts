// How often something was tried, by key and quarter of an hour.
import { bytea, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

export const attempt = pgTable(
  "attempt",
  {
    /** SHA-256 of what is limited: a purpose with an email, an address, or both. The email need not exist. */
    key: bytea("key").notNull(),
    /** Number of the quarter of an hour since 1970. */
    slot: integer("slot").notNull(),
    n: integer("n").notNull(),
    /** The request that was counted last: where the SDK repeats it, it counts once. */
    countedBy: uuid("counted_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.key, table.slot] })],
);
