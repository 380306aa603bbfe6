// What an account may have of notes: how many, and how much text with its earlier states, which a job measures.
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import type { SaveLimit } from "../db/save.ts";
import { viewerId } from "../db/viewer.ts";
import { AppError } from "../errors.ts";

export function tooManyNotes(): AppError {
  const message = `An account can have at most ${config.notesPerAccount} notes, including those in the trash`;
  return new AppError("quota_exceeded", {
    detail: `${message}.`,
    fields: { name: [{ code: "limit_reached", message }] },
  });
}

export function tooMuchText(): AppError {
  const message = `An account can have at most ${config.bytesPerAccount / 1024 / 1024} MB of text, with its earlier states`;
  return new AppError("quota_exceeded", {
    detail: `${message}. Delete notes for ever, or save a shorter text.`,
    fields: { text: [{ code: "limit_reached", message }] },
  });
}

/** For a save with a text: if the account has too much already, the new text must not be longer. */
export function textLimit(): SaveLimit {
  return {
    exceeds: sql`(octet_length(input.text) > octet_length(old.text)
      and (select a.bytes from account a where a.id = ${viewerId}) > ${config.bytesPerAccount}::bigint)`,
    refusal: tooMuchText,
  };
}
