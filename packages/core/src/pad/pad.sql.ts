// A pad and its earlier states. A deleted pad is a mark that its notes are read through: they stay as they are.
import { bytea, foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { account } from "../account/account.sql.ts";
import { moment, version } from "../db/columns.ts";

const state = {
  name: text("name").notNull(),
  version: version(),
  /** What this state came from; see `KINDS` in revision/schema.ts. */
  kind: text("kind").notNull(),
  /** What recognises a repetition of the change that made this state. */
  saveHash: bytea("save_hash"),
  updatedAt: moment("updated_at").notNull(),
  /** Rises with every version, `updatedAt` only with the name: the account as it stood at a time reads this one. */
  changedAt: moment("changed_at").notNull(),
  deletedAt: moment("deleted_at"),
};

export const pad = pgTable(
  "pad",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    id: uuid("id").notNull(),
    ...state,
    /** Of what was sent to create it: recognises a repetition. */
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
  { userId: uuid("user_id").notNull(), padId: uuid("pad_id").notNull(), ...state },
  (table) => [
    primaryKey({ columns: [table.userId, table.padId, table.version] }),
    foreignKey({ columns: [table.userId, table.padId], foreignColumns: [pad.userId, pad.id] }).onDelete(
      "cascade",
    ),
    index("pad_revision_time").on(table.userId, table.padId, table.changedAt),
  ],
);
