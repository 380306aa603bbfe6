// An open session. The table has only the hash of its token, so reading the table is not enough to sign in.
import { bytea, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { ofAccount } from "../account/account.sql.ts";
import { moment } from "../db/columns.ts";

export const session = pgTable(
  "session",
  {
    id: uuid("id").primaryKey(),
    userId: ofAccount(),
    /** SHA-256 of the token. */
    tokenHash: bytea("token_hash").notNull().unique(),
    /** The account's epoch when it was opened. The session is alive while the two are equal. */
    epoch: integer("epoch").notNull(),
    device: text("device").notNull(),
    /** The device's id. A session from before there were ids has one of its own. */
    deviceId: uuid("device_id").notNull().defaultRandom(),
    /** Hash of the password that this session replaced last: recognises a repetition of the change. */
    replacedHash: text("replaced_hash"),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [
    index("session_user").on(table.userId, table.createdAt),
    // For the job that deletes expired rows.
    index("session_expiry").on(table.expiresAt),
  ],
);

/**
 * The token that a session had before a change of password gave it another one. For a few minutes it is good for that very
 * change again, whose answer with the new token may have been lost.
 */
export const replacedToken = pgTable("replaced_token", {
  sessionId: uuid("session_id")
    .primaryKey()
    .references(() => session.id, { onDelete: "cascade" }),
  /** SHA-256 of the token. */
  tokenHash: bytea("token_hash").notNull().unique(),
  expiresAt: moment("expires_at").notNull(),
});
