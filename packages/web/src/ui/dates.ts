// Times in words: `Today at 10:51`, `Yesterday at 10:51`, `3 days ago`, `02 Feb. 2013`. Days are calendar days in the
// user's time zone. English has these formats; for other languages, Intl decides.
const DAY_MS = 86_400_000;
/** From this many days on, the date is shown. */
const DATE_FROM_DAYS = 7;

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

/** `time` in words at `now`. A time in the future is shown as a date: the user's clock may be slow. */
export function formatRelative(time: Date, now: Date, locale: DateLocale): string {
  const days = calendarDay(now, locale.timeZone) - calendarDay(time, locale.timeZone);
  if (days < 0 || days >= DATE_FROM_DAYS) return formatDate(time, locale);
  const relative = new Intl.RelativeTimeFormat(locale.language, { numeric: days > 1 ? "always" : "auto" });
  const day = capitalise(relative.format(-days, "day"), locale.language);
  if (days > 1) return day;
  return isEnglish(locale.language)
    ? `${day} at ${formatClock(time, locale)}`
    : `${day}, ${formatClock(time, locale)}`;
}

/** The full date and time. */
export function formatFull(time: Date, locale: DateLocale): string {
  return formatter(locale.language, {
    timeZone: locale.timeZone,
    dateStyle: "full",
    timeStyle: "short",
  }).format(time);
}

function formatDate(time: Date, { language, timeZone }: DateLocale): string {
  const format = formatter(language, { timeZone, day: "2-digit", month: "short", year: "numeric" });
  if (!isEnglish(language)) return format.format(time);
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  // Some kinds of English write "Sept", and some add a dot.
  return `${part.day} ${part.month?.replace(".", "").slice(0, 3)}. ${part.year}`;
}

function formatClock(time: Date, { language, timeZone }: DateLocale): string {
  return formatter(language, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    ...(isEnglish(language) ? { hourCycle: "h23" } : {}),
  }).format(time);
}

/** Days since 1970 in the calendar of a time zone. */
function calendarDay(time: Date, timeZone: string): number {
  const format = formatter("en", { timeZone, day: "numeric", month: "numeric", year: "numeric" });
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year ?? 0, (part.month ?? 0) - 1, part.day) / DAY_MS;
}

function isEnglish(language: string): boolean {
  return new Intl.Locale(language).language === "en";
}

function capitalise(words: string, language: string): string {
  const [first = "", ...rest] = words;
  return first.toLocaleUpperCase(language) + rest.join("");
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
