// The record of what was deleted for ever, and when. It has no foreign key to the account, because it outlives the account.
import { pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "../db/columns.ts";

export const purged = pgTable(
  "purged",
  {
    userId: uuid("user_id").notNull(),
    /** `note`, `pad` or `account`. */
    kind: text("kind").notNull(),
    id: uuid("id").notNull(),
    purgedAt: moment("purged_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.kind, table.id] })],
);
