// A note as it is now. Its earlier states are revisions, in revision/revision.sql.ts.
import { type SQL, sql } from "drizzle-orm";
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { ofAccount } from "../account/account.sql.ts";
import { creation, moment, READERS_COLLATION, state } from "../db/columns.ts";
import { pad } from "../pad/pad.sql.ts";
import { EXCERPT_CHARACTERS } from "./limits.ts";

const names = (column: string) => jsonb(column).$type<string[]>().notNull().default(sql`'[]'::jsonb`);

/**
 * What users change. A column that is added here is compared, archived and restored with the others. It goes last and is nullable: a
 * digest (db/chain.ts) takes the columns in this order, and the states from before it have no value of it.
 */
export const noteContent = {
  padId: uuid("pad_id"),
  name: text("name").notNull(),
  /** Whether the name was given. Otherwise it is the text's first line, which the client takes from the text. */
  named: boolean("named").notNull().default(true),
  text: text("text").notNull(),
  /** What the text mentions (mentions.ts): the names of tags, and the ids of notes. */
  tags: names("tags"),
  links: names("links"),
};

/** What tells, beside `state`, how a state came about. Nothing restores it. */
export const noteDescribed = {
  /** Words that the change added and removed, as the client counted them. */
  wordsAdded: integer("words_added"),
  wordsRemoved: integer("words_removed"),
};

/** Columns that make no version when they change, and that no revision keeps: a user's marks belong here. */
export const noteUnversioned = {
  ...creation,
  /** Since when the note is pinned, or archived. */
  pinnedAt: moment("pinned_at"),
  archivedAt: moment("archived_at"),
};

export const note = pgTable(
  "note",
  {
    userId: ofAccount(),
    id: uuid("id").notNull(),
    ...noteContent,
    excerpt: text("excerpt")
      .notNull()
      .generatedAlwaysAs((): SQL => sql`left(${note.text}, ${sql.raw(String(EXCERPT_CHARACTERS))})`),
    ...state,
    ...noteDescribed,
    ...noteUnversioned,
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    foreignKey({ columns: [table.userId, table.padId], foreignColumns: [pad.userId, pad.id] }),
    index("note_updated").on(table.userId, table.updatedAt, table.id).where(sql`${table.deletedAt} is null`),
    index("note_name")
      .on(table.userId, sql`${table.name} ${READERS_COLLATION}`, table.id)
      .where(sql`${table.deletedAt} is null`),
    // With the marks at its end, it alone answers every count: of lists, pads and the sidebar.
    index("note_pad")
      .on(table.userId, table.padId, table.updatedAt, table.id, table.archivedAt, table.pinnedAt)
      .where(sql`${table.deletedAt} is null`),
    // For the deletion of a pad, which looks for any note of it.
    index("note_home").on(table.userId, table.padId),
    index("note_pinned")
      .on(table.userId, table.updatedAt, table.id)
      .where(sql`${table.deletedAt} is null and ${table.pinnedAt} is not null`),
    index("note_archived")
      .on(table.userId, table.updatedAt, table.id)
      .where(sql`${table.deletedAt} is null and ${table.archivedAt} is not null`),
    index("note_tagged")
      .on(table.userId, table.updatedAt, table.id)
      .where(sql`${table.deletedAt} is null and ${table.tags} <> '[]'::jsonb`),
    // Ids are no one's words, so other users' notes don't make this slower. Without a pending list, no save waits for others.
    index("note_links")
      .using("gin", table.links.op("jsonb_path_ops"))
      .with({ fastupdate: false })
      .where(sql`${table.deletedAt} is null and ${table.links} <> '[]'::jsonb`),
    index("note_trash")
      .on(table.userId, table.deletedAt, table.id)
      .where(sql`${table.deletedAt} is not null`),
    // For the job that empties the trash of all users.
    index("note_deletion").on(table.deletedAt).where(sql`${table.deletedAt} is not null`),
  ],
);
