// Times in words: `today at 14:02`, `14:02`, `9 Nov`, `9 Nov 2024`. Days are calendar days in the user's time zone. English
// has a clock of 24 hours; for other languages, Intl decides.
const DAY_MS = 86_400_000;

export interface DateLocale {
  /** BCP 47. */
  language: string;
  /** IANA name. */
  timeZone: string;
}

/** This browser's language and time zone. */
export function browserLocale(): DateLocale {
  return { language: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** `time` within a sentence, at `now`: `today at 14:02`, `yesterday at 18:31`, `9 Nov`. */
export function formatRelative(time: Date, now: Date, locale: DateLocale): string {
  const days = daysBetween(time, now, locale);
  if (days !== 0 && days !== 1) return formatDate(time, now, locale);
  const day = new Intl.RelativeTimeFormat(locale.language, { numeric: "auto" }).format(-days, "day");
  return isEnglish(locale.language)
    ? `${day} at ${formatClock(time, locale)}`
    : `${day}, ${formatClock(time, locale)}`;
}

/** `time` in a narrow column: the clock for today and yesterday, else the date. */
export function formatShort(time: Date, now: Date, locale: DateLocale): string {
  const days = daysBetween(time, now, locale);
  return days === 0 || days === 1 ? formatClock(time, locale) : formatDate(time, now, locale);
}

/** The month, with its year if that is not this year: `October`, `October 2024`. */
export function formatMonth(time: Date, now: Date, { language, timeZone }: DateLocale): string {
  return formatter(language, { timeZone, month: "long", ...yearUnlessThis(time, now, timeZone) }).format(
    time,
  );
}

/** The full date and time. */
export function formatFull(time: Date, { language, timeZone }: DateLocale): string {
  return formatter(language, { timeZone, dateStyle: "full", timeStyle: "short" }).format(time);
}

/** Days since 1970 in the calendar of a time zone. */
function calendarDay(time: Date, timeZone: string): number {
  const { year = 0, month = 0, day = 0 } = calendarParts(time, timeZone);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** How many calendar days `time` is before `now`. */
export function daysBetween(time: Date, now: Date, { timeZone }: DateLocale): number {
  return calendarDay(now, timeZone) - calendarDay(time, timeZone);
}

function formatDate(time: Date, now: Date, { language, timeZone }: DateLocale): string {
  const options = {
    timeZone,
    day: "numeric",
    month: "short",
    ...yearUnlessThis(time, now, timeZone),
  } as const;
  return formatter(language, options).format(time);
}

/** `14:02`. */
export function formatClock(time: Date, { language, timeZone }: DateLocale): string {
  return formatter(language, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    ...(isEnglish(language) ? { hourCycle: "h23" } : {}),
  }).format(time);
}

/** Says the year, unless it is this one. */
export function yearUnlessThis(time: Date, now: Date, timeZone: string): Intl.DateTimeFormatOptions {
  const isThisYear = calendarParts(time, timeZone).year === calendarParts(now, timeZone).year;
  return isThisYear ? {} : { year: "numeric" };
}

function calendarParts(time: Date, timeZone: string): Partial<Record<string, number>> {
  const format = formatter("en", { timeZone, day: "numeric", month: "numeric", year: "numeric" });
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
}

export function isEnglish(language: string): boolean {
  return new Intl.Locale(language).language === "en";
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A formatter from the cache: making one is too slow for each row of a list. */
function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const cached = formatters.get(key);
  if (cached) return cached;
  const created = new Intl.DateTimeFormat(language, options);
  formatters.set(key, created);
  return created;
}
