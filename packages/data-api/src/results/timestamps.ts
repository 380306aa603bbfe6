// How dates and times leave the Data API, from PostgreSQL's ISO output: a wall clock without an offset, UTC where
// the type has a zone, and as many digits of a second as are needed: none, three or six [live].
import { DataApiError } from "../errors.ts";

const TIMESTAMP =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-]\d\d(?::\d\d(?::\d\d)?)?)?( BC)?$/;

/** After so many years the Gregorian calendar begins anew. */
const CALENDAR_CYCLE_YEARS = 400;

/**
 * `2024-05-01 12:00:00.123` for a timestamp with or without a zone. A text in another style (a session may set
 * DateStyle) is left as it is.
 * @throws DataApiError InternalFailure for `infinity` and `-infinity` [live].
 */
export function formatTimestamp(text: string): string {
  refuseInfinity(text);
  const parts = TIMESTAMP.exec(text);
  if (!parts) return text;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction, offset, era = ""] =
    parts;
  if (offset === undefined || offset === "+00") {
    return `${year}-${month}-${day} ${hour}:${minute}:${second}${formatFraction(fraction)}${era}`;
  }
  // A year before Christ counts from 1 BC, which is the year 0. JavaScript's years end before PostgreSQL's do, so it
  // is asked about the same day of another cycle of the calendar.
  const astronomical = era ? 1 - Number(year) : Number(year);
  const cycles = Math.floor(astronomical / CALENDAR_CYCLE_YEARS);
  const time = new Date(0);
  time.setUTCFullYear(astronomical - cycles * CALENDAR_CYCLE_YEARS, Number(month) - 1, Number(day));
  time.setUTCHours(Number(hour), Number(minute), Number(second) - offsetSeconds(offset));
  const utcYear = time.getUTCFullYear() + cycles * CALENDAR_CYCLE_YEARS;
  const date = `${String(utcYear > 0 ? utcYear : 1 - utcYear).padStart(4, "0")}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${date} ${clock}${formatFraction(fraction)}${utcYear > 0 ? "" : " BC"}`;
}

/** `12:00:00.123`. */
export function formatTime(text: string): string {
  const [clock = text, fraction] = text.split(".", 2);
  return clock + formatFraction(fraction);
}

/** @throws DataApiError InternalFailure for `infinity` and `-infinity` [live for timestamps, taken to hold for dates]. */
export function formatDate(text: string): string {
  refuseInfinity(text);
  return text;
}

/** AWS answers the name alone, without a message. */
function refuseInfinity(text: string): void {
  if (text !== "infinity" && text !== "-infinity") return;
  throw new DataApiError(
    "InternalFailure",
    "An infinite time has no Field, and AWS says no more than InternalFailure. Cast it to text.",
  );
}

function formatFraction(digits: string | undefined): string {
  if (digits === undefined) return "";
  const six = digits.padEnd(6, "0");
  if (six === "000000") return "";
  return `.${six.endsWith("000") ? six.slice(0, 3) : six}`;
}

function offsetSeconds(offset: string): number {
  const [hours = "0", minutes = "0", seconds = "0"] = offset.slice(1).split(":");
  return (offset.startsWith("-") ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

const two = (value: number) => String(value).padStart(2, "0");
