// A user's account. The table is not called `user`, because that is a reserved word of SQL.
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "../db/columns.ts";
import { PADS_MAX } from "../pad/limits.ts";

export const account = pgTable(
  "account",
  {
    id: uuid("id").primaryKey(),
    /** Lower case, trimmed. */
    email: text("email").notNull().unique(),
    /** A tagged string, `$argon2id$…`; see `password.ts`. */
    passwordHash: text("password_hash").notNull(),
    /** Copied into each session and compared in `viewer`. Raising it ends all sessions, even those being opened. */
    epoch: integer("epoch").notNull().default(1),
    /** Number of pads, including those in the trash. A counter with a check holds under concurrency; a count does not. */
    pads: integer("pads").notNull().default(0),
    /** Number of notes, including those in the trash. A creation beyond the configured limit makes it negative. */
    notes: integer("notes").notNull().default(0),
    /** Bytes of its texts with their earlier states, as a job measured them, and when it did. */
    bytes: bigint("bytes", { mode: "number" }).notNull().default(0),
    measuredAt: moment("measured_at").notNull().default(sql`'1970-01-01'`),
    /** The total of `written` (written.sql.ts) at that time. */
    measuredWritten: bigint("measured_written", { mode: "number" }).notNull().default(0),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    index("account_measured").on(table.measuredAt),
    check("account_pads", sql`${table.pads} between 0 and ${sql.raw(String(PADS_MAX))}`),
    check("account_notes", sql`${table.notes} >= 0`),
    check("account_bytes", sql`${table.bytes} >= 0`),
  ],
);

/** The column of the account that a row belongs to. The row is deleted with it. */
export const ofAccount = () =>
  uuid("user_id")
    .notNull()
    .references(() => account.id, { onDelete: "cascade" });
