// A note as it is now. Its earlier states are revisions, in revision/revision.sql.ts.
import { type SQL, sql } from "drizzle-orm";
import { foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { account } from "../account/account.sql.ts";
import { creation, READERS_COLLATION, state } from "../db/columns.ts";
import { pad } from "../pad/pad.sql.ts";
import { EXCERPT_CHARACTERS } from "./schema.ts";

/** What users change. A column that is added here is compared, archived and restored with the others. */
export const noteContent = {
  padId: uuid("pad_id"),
  name: text("name").notNull(),
  text: text("text").notNull(),
};

/** Columns that make no version when they change, and that no revision keeps. A mark, such as `pinned`, belongs here. */
export const noteUnversioned = { ...creation };

export const note = pgTable(
  "note",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    id: uuid("id").notNull(),
    ...noteContent,
    excerpt: text("excerpt")
      .notNull()
      .generatedAlwaysAs((): SQL => sql`left(${note.text}, ${sql.raw(String(EXCERPT_CHARACTERS))})`),
    ...state,
    ...noteUnversioned,
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    foreignKey({ columns: [table.userId, table.padId], foreignColumns: [pad.userId, pad.id] }),
    index("note_updated").on(table.userId, table.updatedAt, table.id).where(sql`${table.deletedAt} is null`),
    index("note_name")
      .on(table.userId, sql`${table.name} ${READERS_COLLATION}`, table.id)
      .where(sql`${table.deletedAt} is null`),
    index("note_pad")
      .on(table.userId, table.padId, table.updatedAt, table.id)
      .where(sql`${table.deletedAt} is null`),
    index("note_trash")
      .on(table.userId, table.deletedAt, table.id)
      .where(sql`${table.deletedAt} is not null`),
  ],
);
