// Days in words, at length: `24 November 2029`.
import type { DateLocale } from "./dates.ts";

/** A day with its year. */
export function formatDay(time: Date, { language, timeZone }: DateLocale): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(time);
}
