// A pad, and its earlier states. Deleting a pad only marks it: its notes stay unchanged, and statements check the mark.
import { bytea, foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { account } from "../account/account.sql.ts";
import { moment, state } from "../db/columns.ts";

/** What users change. A column that is added here is compared, archived and restored with the others. */
export const padContent = { name: text("name").notNull() };

export const pad = pgTable(
  "pad",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    id: uuid("id").notNull(),
    ...padContent,
    ...state,
    /** Hash of the request that created it: recognises a repetition. */
    createHash: bytea("create_hash").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    index("pad_trash").on(table.userId, table.deletedAt, table.id),
  ],
);

export const padRevision = pgTable(
  "pad_revision",
  { userId: uuid("user_id").notNull(), padId: uuid("pad_id").notNull(), ...padContent, ...state },
  (table) => [
    primaryKey({ columns: [table.userId, table.padId, table.version] }),
    foreignKey({ columns: [table.userId, table.padId], foreignColumns: [pad.userId, pad.id] }).onDelete(
      "cascade",
    ),
    index("pad_revision_time").on(table.userId, table.padId, table.changedAt),
  ],
);
