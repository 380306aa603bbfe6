// What an account may have of notes: how many, how much text with its earlier states, and how much of that it may write in an hour.
import { sql } from "drizzle-orm";
import { config } from "../config.ts";
import { step } from "../db/cte.ts";
import type { Budget, Limit } from "../db/versioned.ts";
import { viewerId } from "../db/viewer.ts";
import { AppError, fieldError } from "../errors.ts";

export function tooManyNotes(): AppError {
  const message = `An account can have at most ${config.notesPerAccount} notes, including those in the trash`;
  return fieldError("quota_exceeded", "name", { code: "limit_reached", message }, `${message}.`);
}

function tooMuchText(): AppError {
  const message = `An account can have at most ${megabytes(config.bytesPerAccount)} MB of text, with its earlier states`;
  const detail = `${message}. Delete notes for ever, or save a shorter text.`;
  return fieldError("quota_exceeded", "text", { code: "limit_reached", message }, detail);
}

/** Bytes of text that the account has: as a job measured them, and what was written since. */
const BYTES = sql`(select a.bytes - a.measured_written + coalesce((select sum(w.total) from written w where w.user_id = a.id), 0)
  from account a where a.id = ${viewerId})`;

/** For a new note: an account that has too much text gets none. */
export function textLimit(): Limit {
  return { exceeds: sql`(${BYTES} > ${config.bytesPerAccount}::bigint)`, refusal: tooMuchText };
}

/** For a save with a text: if the account has too much already, the new text must not be longer. */
export function longerTextLimit(): Limit {
  const { exceeds, refusal } = textLimit();
  return { exceeds: sql`(octet_length(input.text) > octet_length(old.text) and ${exceeds})`, refusal };
}

/** The rows of an account in `written`. */
const SLOTS = 16;

/** The hour of the statement, in a zone whose hours begin when every client's clock says so, give or take half an hour. */
const HOUR = sql`date_trunc('hour', now(), 'UTC')`;

/**
 * The text that an account may write in an hour. Requests that run at the same time don't see what the others write, so an account
 * can go beyond it by what it sends at once.
 */
export const hourlyBudget: Budget = {
  limit: (bytes) => ({
    exceeds: sql`(coalesce((select sum(w.bytes) from written w where w.user_id = ${viewerId} and w.hour = ${HOUR}), 0)
      + ${bytes} > ${config.bytesPerHour}::bigint)`,
    refusal: waitsForTheHour,
  }),
  counted: (states, deleted) =>
    step(
      "counted_written",
      sql`insert into written as w (user_id, slot, hour, bytes, total)
        select ${viewerId}, s.slot, ${HOUR}, ${deleted ? sql`0` : sql`s.bytes`}, s.bytes
        from (select get_byte(uuid_send(states.id), 15) % ${SLOTS}::int slot, sum(states.bytes) bytes
          from (${states}) states group by 1 order by 1) s
        on conflict (user_id, slot) do update set total = w.total + excluded.total, hour = greatest(w.hour, excluded.hour),
          bytes = case when w.hour < excluded.hour then excluded.bytes else w.bytes + excluded.bytes end
        returning slot`,
    ),
};

const HOUR_SECONDS = 3600;

function waitsForTheHour(): AppError {
  const message = `An account can write at most ${megabytes(config.bytesPerHour)} MB of text in an hour, with its earlier states`;
  const passed = Math.floor(Date.now() / 1000) % HOUR_SECONDS;
  return new AppError("rate_limited", {
    detail: `${message}. Try again in the next hour.`,
    fields: { text: [{ code: "limit_reached", message }] },
    retryAfterSeconds: HOUR_SECONDS - passed,
  });
}

function megabytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
