// The record of what was deleted for ever, and when. It has no foreign key to the account, because it outlives the account.
import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "../db/columns.ts";

export const purged = pgTable(
  "purged",
  {
    userId: uuid("user_id").notNull(),
    /** `note`, `pad` or `account`. */
    kind: text("kind").notNull(),
    id: uuid("id").notNull(),
    purgedAt: moment("purged_at").notNull(),
    /** Of a note: the pad that it was deleted for ever with. Null if it was deleted by itself. */
    padId: uuid("pad_id"),
    /**
     * When the job logged it (unlogged.ts). The request that deleted it logs it too, but its process may die before that. A
     * restored database gets only what is in the log.
     */
    loggedAt: moment("logged_at"),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.kind, table.id] }),
    index("purged_unlogged")
      .on(table.userId, table.padId, table.purgedAt)
      .where(sql`${table.loggedAt} is null`)
      .concurrently(),
  ],
);
