// Days in words, at length: `24 November 2029`.
import { type DateLocale, isEnglish, yearUnlessThis } from "./dates.ts";

/** A day with its year. */
export function formatDay(time: Date, { language, timeZone }: DateLocale): string {
  return new Intl.DateTimeFormat(language, { timeZone, dateStyle: "long" }).format(time);
}

/** A day in a heading, with its year if that is not this year: `18 November`. */
export function formatDayHeading(time: Date, now: Date, { language, timeZone }: DateLocale): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    day: "numeric",
    month: "long",
    ...yearUnlessThis(time, now, timeZone),
  }).format(time);
}

/** A time to the minute, with its weekday: `Thursday, 12 March 2026 at 14:00`. */
export function formatMomentInFull(time: Date, { language, timeZone }: DateLocale): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    dateStyle: "full",
    timeStyle: "short",
    ...(isEnglish(language) && { hourCycle: "h23" }),
  }).format(time);
}

/** A time to the minute: `12 March 2026 at 14:00`. */
export function formatMoment(time: Date, { language, timeZone }: DateLocale): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    dateStyle: "long",
    timeStyle: "short",
    ...(isEnglish(language) && { hourCycle: "h23" }),
  }).format(time);
}
