// An earlier state of a note. The statement that replaces a state writes its revision. Nothing changes it afterwards but
// retention (retention.ts), which empties its content and keeps its digest and link.
import { sql } from "drizzle-orm";
import { bytea, foreignKey, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { moment, state } from "../db/columns.ts";
import { note, noteContent, noteDescribed } from "../note/note.sql.ts";

/** What retention keeps of its own (retention/index.ts). */
export const revisionRetained = {
  /** When it looks at the state again; null if the state stays as it is while its note is there. */
  dueAt: moment("due_at").default(sql`now() + interval '1 hour'`),
  /** When it emptied the state's content. */
  thinnedAt: moment("thinned_at"),
};

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
    ...noteDescribed,
    ...revisionRetained,
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.noteId, table.version] }),
    foreignKey({ columns: [table.userId, table.noteId], foreignColumns: [note.userId, note.id] }).onDelete(
      "cascade",
    ),
    // The states that an account at a time is read from: a deletion counts also without its content.
    index("revision_at")
      .on(table.userId, table.noteId, table.changedAt)
      .where(sql`${table.thinnedAt} is null or ${table.deletedAt} is not null`),
    index("revision_due").on(table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);
