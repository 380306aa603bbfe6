// A note as it is now; its earlier states are revisions.
import { type SQL, sql } from "drizzle-orm";
import { bytea, foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { account } from "../account/account.sql.ts";
import { moment, version } from "../db/columns.ts";
import { pad } from "../pad/pad.sql.ts";
import { EXCERPT_CHARACTERS } from "./schema.ts";

/** Names sort, and letters compare without case, as a reader expects and alike in every engine: PGlite's default is by bytes. */
export const READERS_COLLATION = sql.raw('collate "und-x-icu"');

export const note = pgTable(
  "note",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    id: uuid("id").notNull(),
    padId: uuid("pad_id"),
    name: text("name").notNull(),
    text: text("text").notNull(),
    excerpt: text("excerpt")
      .notNull()
      .generatedAlwaysAs((): SQL => sql`left(${note.text}, ${sql.raw(String(EXCERPT_CHARACTERS))})`),
    version: version(),
    /** What this state came from; see `KINDS` in revision/schema.ts. */
    kind: text("kind").notNull(),
    /** Of what was sent to create it: recognises a repetition. */
    createHash: bytea("create_hash").notNull(),
    /** What recognises a repetition of the change that made this state. */
    saveHash: bytea("save_hash"),
    createdAt: moment("created_at").notNull(),
    /** Rises with name, text or pad. */
    updatedAt: moment("updated_at").notNull(),
    /** Rises with every version: the account as it stood at a time reads this one. */
    changedAt: moment("changed_at").notNull(),
    deletedAt: moment("deleted_at"),
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
