// Counts attempts, by key and window of time.
import { bytea, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

export const attempt = pgTable(
  "attempt",
  {
    /** SHA-256 of a purpose and who tries: an email (with or without an account), an address, both, a session or a device. */
    key: bytea("key").notNull(),
    /** The window's beginning in quarters of an hour since 1970. The purpose in the key decides its length (index.ts). */
    slot: integer("slot").notNull(),
    n: integer("n").notNull(),
    /** The attempt that was counted or taken back last. A repetition of it by the SDK does not change the counter again. */
    countedBy: uuid("counted_by").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.slot] }),
    // For deleting old rows.
    index("attempt_slot").on(table.slot),
  ],
);
