// A link to choose a new password. Only the hash of its token is kept.
import { bytea, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { account } from "../account/account.sql.ts";
import { moment } from "../db/columns.ts";

export const passwordReset = pgTable(
  "password_reset",
  {
    /** SHA-256 of the token. */
    tokenHash: bytea("token_hash").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => account.id, { onDelete: "cascade" }),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    /** The account's epoch when it was made: a link dies with any change of the password. */
    epoch: integer("epoch").notNull(),
    /** The password's hash that it set, once used: a repetition of the same use is recognised by it. */
    setHash: text("set_hash"),
  },
  (table) => [
    index("password_reset_user").on(table.userId, table.createdAt),
    // For the job that deletes what is over.
    index("password_reset_expiry").on(table.expiresAt),
  ],
);
