// An earlier state of a note, written by the statement that replaced it and never changed after.
import { bytea, foreignKey, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "../db/columns.ts";
import { note } from "../note/note.sql.ts";

export const revision = pgTable(
  "revision",
  {
    userId: uuid("user_id").notNull(),
    noteId: uuid("note_id").notNull(),
    version: integer("version").notNull(),
    padId: uuid("pad_id"),
    name: text("name").notNull(),
    text: text("text").notNull(),
    /** Length of the text in bytes of UTF-8, and its SHA-256. */
    bytes: integer("bytes").notNull(),
    hash: bytea("hash").notNull(),
    kind: text("kind").notNull(),
    /** What recognises a repetition of the change that made this state. */
    saveHash: bytea("save_hash"),
    updatedAt: moment("updated_at").notNull(),
    changedAt: moment("changed_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.noteId, table.version] }),
    foreignKey({ columns: [table.userId, table.noteId], foreignColumns: [note.userId, note.id] }).onDelete(
      "cascade",
    ),
    index("revision_time").on(table.userId, table.noteId, table.changedAt),
  ],
);
