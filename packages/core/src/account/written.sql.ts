// How many bytes of text an account has written: in an hour, and in all. An account has several rows, so that saves of two notes
// seldom wait for each other: a note counts in the row of its slot. These rows are locked after all others.
import { bigint, index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { moment } from "../db/columns.ts";
import { ofAccount } from "./account.sql.ts";

export const written = pgTable(
  "written",
  {
    userId: ofAccount(),
    slot: integer("slot").notNull(),
    /** The hour in which something was written last, and the bytes in it. */
    hour: moment("hour").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    total: bigint("total", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.slot] }),
    // For the job that measures accounts: who has written lately.
    index("written_hour").on(table.hour),
  ],
);
