// Columns that many tables have, so that each rule about them is written once.
import { sql } from "drizzle-orm";
import { bytea, integer, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * A time, to the millisecond. A JavaScript Date has no microseconds, so a time that had them would differ from the one in a
 * cursor.
 */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/**
 * The columns of each state of a versioned thing beside its content; versioned.ts explains how states follow each other.
 * The thing's table and the table of its earlier states both have these columns.
 */
export const state = {
  /** Rises by one with each accepted change; If-Match names it. */
  version: integer("version").notNull(),
  /** The kind of change that made this state: one of `KINDS` (kinds.ts). */
  kind: text("kind").notNull(),
  /** The session's device where it was made: `Firefox on Linux`. Sessions end, history still says where. */
  device: text("device"),
  /**
   * Which of the account's devices that was (device.sql.ts): two browsers can have one name. Null for states from before this was
   * kept. No digest covers it.
   */
  deviceId: uuid("device_id"),
  /** Recognises a repetition of the change that made this state. */
  saveHash: bytea("save_hash"),
  /** Rises when the content changes. A move into another home leaves it, as a deletion does. */
  updatedAt: moment("updated_at").notNull(),
  /** Rises with every version, so an account can be read as it was at any time. */
  changedAt: moment("changed_at").notNull(),
  deletedAt: moment("deleted_at"),
  /** What makes the states a chain that can be checked: chain.ts. */
  digest: bytea("digest"),
  chainLink: bytea("link"),
};

/** How a versioned thing was created. */
export const creation = {
  /** Hash of the request that created it: recognises a repetition. */
  createHash: bytea("create_hash").notNull(),
  createdAt: moment("created_at").notNull(),
};

/** Sorts names, and compares letters without case, as a reader expects. PGlite's default order is by bytes. */
export const READERS_COLLATION = sql.raw('collate "und-x-icu"');
