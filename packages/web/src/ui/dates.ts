// When something was last changed, in words: `Today at 10:51`, `Yesterday at 10:51`, `3 days ago`, `02 Feb. 2013`. Days
// are the reader's calendar days. English has these words; any other language has its own, which Intl knows.
const DAY_MS = 86_400_000;
/** From so many days on it is the date that is said. */
const DATE_FROM_DAYS = 7;

export interface Reader {
  /** BCP 47. */
  locale: string;
  /** IANA name. */
  timeZone: string;
}

/** This browser's language and time zone. */
export function thisReader(): Reader {
  return { locale: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** `time` as it is said at `now`. A time ahead of the reader's clock, which may be slow, is said by its date. */
export function inWords(time: Date, now: Date, reader: Reader): string {
  const days = calendarDay(now, reader.timeZone) - calendarDay(time, reader.timeZone);
  if (days < 0 || days >= DATE_FROM_DAYS) return date(time, reader);
  const relative = new Intl.RelativeTimeFormat(reader.locale, { numeric: days > 1 ? "always" : "auto" });
  const day = capitalised(relative.format(-days, "day"), reader.locale);
  if (days > 1) return day;
  return isEnglish(reader) ? `${day} at ${clock(time, reader)}` : `${day}, ${clock(time, reader)}`;
}

/** The whole date and time. */
export function inFull(time: Date, reader: Reader): string {
  return formatter(reader.locale, {
    timeZone: reader.timeZone,
    dateStyle: "full",
    timeStyle: "short",
  }).format(time);
}

function date(time: Date, { locale, timeZone }: Reader): string {
  const format = formatter(locale, { timeZone, day: "2-digit", month: "short", year: "numeric" });
  if (!isEnglish({ locale })) return format.format(time);
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  // Some Englishes write "Sept", some end it with a dot already.
  return `${part.day} ${part.month?.replace(".", "").slice(0, 3)}. ${part.year}`;
}

function clock(time: Date, reader: Reader): string {
  const { locale, timeZone } = reader;
  return formatter(locale, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    ...(isEnglish(reader) ? { hourCycle: "h23" } : {}),
  }).format(time);
}

/** Days since 1970 on the calendar of a time zone. */
function calendarDay(time: Date, timeZone: string): number {
  const format = formatter("en", { timeZone, day: "numeric", month: "numeric", year: "numeric" });
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year ?? 0, (part.month ?? 0) - 1, part.day) / DAY_MS;
}

function isEnglish({ locale }: Pick<Reader, "locale">): boolean {
  return new Intl.Locale(locale).language === "en";
}

function capitalised(words: string, locale: string): string {
  const [first = "", ...rest] = words;
  return first.toLocaleUpperCase(locale) + rest.join("");
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a row of a list may. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}
