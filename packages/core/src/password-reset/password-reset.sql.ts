// A link to choose a new password. Only the hash of its token is kept.
import { bytea, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { ofAccount } from "../account/account.sql.ts";
import { moment } from "../db/columns.ts";

export const passwordReset = pgTable(
  "password_reset",
  {
    /** SHA-256 of the token. */
    tokenHash: bytea("token_hash").primaryKey(),
    userId: ofAccount(),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    /** The account's epoch when it was made. Any change of the password makes the link invalid. */
    epoch: integer("epoch").notNull(),
    /** The hash of the password that the link set: recognises a repetition of the same use. */
    setHash: text("set_hash"),
  },
  (table) => [
    index("password_reset_user").on(table.userId, table.createdAt),
    // For the job that deletes expired rows.
    index("password_reset_expiry").on(table.expiresAt),
  ],
);
