// A browser in which a user has signed in before. It proves nothing else. Attempts from it count by themselves, so strangers
// can't lock the user out of it. The table has only the hash of its token.
import { bytea, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { ofAccount } from "../account/account.sql.ts";
import { moment } from "../db/columns.ts";

export const device = pgTable(
  "device",
  {
    userId: ofAccount(),
    /** SHA-256 of the token. Users who share a browser share its token. */
    tokenHash: bytea("token_hash").notNull(),
    /** A random name, which sessions and the states of notes have. It tells nothing of the token. */
    id: uuid("id").notNull().defaultRandom(),
    /** Browser and system, in short: `Firefox on Linux`. */
    name: text("name").notNull(),
    /**
     * The account's epoch when the user signed in there. A new password raises that, and so forgets the device. Null: a row from
     * before there was this column, which a new password deletes.
     */
    epoch: integer("epoch"),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.tokenHash] })],
);
