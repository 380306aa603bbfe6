// An earlier state of a note. The statement that replaces a state writes its revision, and nothing changes it afterwards.
import { bytea, foreignKey, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { state } from "../db/columns.ts";
import { note, noteContent } from "../note/note.sql.ts";

export const revision = pgTable(
  "revision",
  {
    userId: uuid("user_id").notNull(),
    noteId: uuid("note_id").notNull(),
    ...noteContent,
    /** Length of the text in bytes of UTF-8, and its SHA-256. */
    bytes: integer("bytes").notNull(),
    hash: bytea("hash").notNull(),
    ...state,
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.noteId, table.version] }),
    foreignKey({ columns: [table.userId, table.noteId], foreignColumns: [note.userId, note.id] }).onDelete(
      "cascade",
    ),
    index("revision_time").on(table.userId, table.noteId, table.changedAt),
  ],
);
