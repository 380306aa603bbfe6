// How often something was tried, by key and window of time.
import { bytea, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

export const attempt = pgTable(
  "attempt",
  {
    /** SHA-256 of what is limited: a purpose with an email, an address, or both. The email need not have an account. */
    key: bytea("key").notNull(),
    /** Number of the window since 1970. The purpose in the key decides how long a window is (index.ts). */
    slot: integer("slot").notNull(),
    n: integer("n").notNull(),
    /** The request that was counted last. If the SDK repeats it before another comes, it counts once. */
    countedBy: uuid("counted_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.key, table.slot] })],
);
