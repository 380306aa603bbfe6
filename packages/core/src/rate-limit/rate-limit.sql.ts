// Counts attempts, by key and window of time.
import { bytea, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

export const attempt = pgTable(
  "attempt",
  {
    /** SHA-256 of a purpose with an email (with or without an account), an address, or both. */
    key: bytea("key").notNull(),
    /** Number of the window since 1970. The purpose in the key decides how long a window is (index.ts). */
    slot: integer("slot").notNull(),
    n: integer("n").notNull(),
    /** The request that was counted last. If the SDK repeats it before another request, it counts once. */
    countedBy: uuid("counted_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.key, table.slot] })],
);
