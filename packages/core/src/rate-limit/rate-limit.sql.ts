// How often something was tried, by key and window of time.
import { bytea, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

export const attempt = pgTable(
  "attempt",
  {
    /** SHA-256 of what is limited: a purpose with an email, an address, or both. The email need not exist. */
    key: bytea("key").notNull(),
    /** Number of the window since 1970; how long one is, the purpose in the key says (see index.ts). */
    slot: integer("slot").notNull(),
    n: integer("n").notNull(),
    /** The request that was counted last: where the SDK repeats it before another comes, it counts once. */
    countedBy: uuid("counted_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.key, table.slot] })],
);
