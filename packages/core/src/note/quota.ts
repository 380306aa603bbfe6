// What an account may have of notes: how many, and how much text with its earlier states, which a job measures.
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import type { SaveLimit } from "../db/save.ts";
import { viewerId } from "../db/viewer.ts";
import { type AppError, fieldError } from "../errors.ts";

export function tooManyNotes(): AppError {
  const message = `An account can have at most ${config.notesPerAccount} notes, including those in the trash`;
  return fieldError("quota_exceeded", "name", { code: "limit_reached", message }, `${message}.`);
}

export function tooMuchText(): AppError {
  const message = `An account can have at most ${config.bytesPerAccount / 1024 / 1024} MB of text, with its earlier states`;
  const detail = `${message}. Delete notes for ever, or save a shorter text.`;
  return fieldError("quota_exceeded", "text", { code: "limit_reached", message }, detail);
}

/** For a save with a text: if the account has too much already, the new text must not be longer. */
export function textLimit(): SaveLimit {
  return {
    exceeds: sql`(octet_length(input.text) > octet_length(old.text)
      and (select a.bytes from account a where a.id = ${viewerId}) > ${config.bytesPerAccount}::bigint)`,
    refusal: tooMuchText,
  };
}
