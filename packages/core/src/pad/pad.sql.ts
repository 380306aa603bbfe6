// A pad, and its earlier states. Deleting a pad only marks it: its notes stay unchanged, and statements check the mark.
import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { ofAccount } from "../account/account.sql.ts";
import { creation, moment, state } from "../db/columns.ts";

/** What users change. A column that is added here is compared, archived and restored with the others. */
export const padContent = { name: text("name").notNull() };

/** Columns that make no version when they change, and that no revision keeps. A mark, such as `pinned`, belongs here. */
export const padUnversioned = {
  ...creation,
  /** When it was deleted for ever. Without its name, it stays for notes that were deleted by themselves before. */
  purgedAt: moment("purged_at"),
};

export const pad = pgTable(
  "pad",
  {
    userId: ofAccount(),
    id: uuid("id").notNull(),
    ...padContent,
    ...state,
    ...padUnversioned,
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    index("pad_trash").on(table.userId, table.deletedAt, table.id),
    // For the job that empties the trash of all users.
    index("pad_deletion").on(table.deletedAt).where(sql`${table.deletedAt} is not null`),
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
