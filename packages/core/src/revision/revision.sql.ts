// An earlier state of a note. The statement that replaces a state writes its revision. Afterwards only retention
// (retention/index.ts) changes it: it empties the content and keeps the digest and the chain link.
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
    // For reading the account at a time. A deletion counts even if its content was emptied.
    index("revision_at")
      .on(table.userId, table.noteId, table.changedAt)
      .where(sql`${table.thinnedAt} is null or ${table.deletedAt} is not null`),
    index("revision_due").on(table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);
