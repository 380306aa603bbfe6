// Notes as a versioned thing (db/versioned.ts): the columns that answers show, and which notes are live.
import { sql } from "drizzle-orm";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { columnsOf } from "../db/cte.ts";
import { withIsoTimes } from "../db/times.ts";
import type { Versioned } from "../db/versioned.ts";
import { viewerId } from "../db/viewer.ts";
import { type AppError, fieldError } from "../errors.ts";
import { pad } from "../pad/pad.sql.ts";
import { NO_SUCH_PAD } from "../pad/schema.ts";
import { revision } from "../revision/revision.sql.ts";
import { FIELDS, type FieldName } from "./fields.ts";
import { mentionsIn } from "./mentions.ts";
import { note, noteContent, noteDescribed } from "./note.sql.ts";
import { hourlyBudget } from "./quota.ts";
import * as Schema from "./schema.ts";

/** The columns that every answer shows. A note's text crosses the Data API apart from them (db/text.ts). */
export const shown = columnsOf(note, Schema.shown);

type Shown = SelectResultFields<typeof shown>;

export const notes: Versioned<keyof typeof noteContent, typeof shown, Schema.Note> = {
  noun: "note",
  table: note,
  revisions: revision,
  revisionOf: "note_id",
  content: Object.keys(noteContent) as (keyof typeof noteContent)[],
  derived: ["tags", "links"],
  described: Object.keys(noteDescribed),
  longText: "text",
  home: { table: pad, key: "padId", missing: noSuchPad },
  budget: hourlyBudget,
  archived: {
    bytes: sql`octet_length(old.text)`,
    hash: sql`sha256(convert_to(old.text, 'UTF8'))`,
  },
  shown,
  // Tags come from the text as the stored ones did: a hundred long ones beside a piece of text would be too much for a row.
  serialize: (row, text) => ({ ...withIsoTimes(row), text, tags: mentionsIn(text).tags }),
};

/** For a `padId` that does not name a live pad of the viewer. */
export function noSuchPad(): AppError {
  return fieldError("invalid_input", "padId", { code: "not_found", message: NO_SUCH_PAD });
}

/** The content that going back to an earlier state restores: what the note says, not where it is kept. */
export const RESTORED = notes.content.filter((key) => !(key in FIELDS && FIELDS[key as FieldName].isFiling));

/** A note as lists show it. */
export function summarize(row: Shown & { excerpt: string }): Schema.NoteSummary {
  return withIsoTimes(row);
}

/** Holds if the note `n` is live: neither it nor its pad is deleted. */
export const isLive = sql`n.deleted_at is null and (n.pad_id is null or n.pad_id not in
  (select p.id from pad p where p.user_id = ${viewerId} and p.deleted_at is not null))`;
