// The headings of a list by time: Today, Yesterday, Last week, then months.
import { type DateLocale, daysBetween, formatMonth } from "../../ui/dates.ts";
import { t } from "../../words/index.ts";

const WEEK_DAYS = 7;

/** The heading for something that was changed at `time`. A time in the future counts as today: the user's clock may be slow. */
export function dayGroup(time: Date, now: Date, locale: DateLocale): string {
  const days = daysBetween(time, now, locale);
  if (days <= 0) return t("days.today");
  if (days === 1) return t("days.yesterday");
  if (days <= WEEK_DAYS) return t("days.lastWeek");
  return formatMonth(time, now, locale);
}
