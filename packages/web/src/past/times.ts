// The times that the time machine can go to: those of the account, from when it was made until now.

export interface Life {
  from: Date;
  to: Date;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** ISO 8601, with a zone. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The time in an address; undefined if it is malformed, or not in the account's life. */
export function timeIn(text: string, life: Life): Date | undefined {
  const time = new Date(TIME.test(text) ? text : Number.NaN);
  return time >= life.from && time <= life.to ? time : undefined;
}

/** The time that is shown first: a day ago, or halfway through the life of a younger account. */
export function beginning({ from, to }: Life): Date {
  const age = to.getTime() - from.getTime();
  const time = to.getTime() - Math.min(DAY_MS, age / 2);
  return within(new Date(Math.floor(time / MINUTE_MS) * MINUTE_MS), { from, to });
}

/** So many days later, at the same time of day. */
export function daysLater(time: Date, days: number, life: Life): Date {
  const later = new Date(time);
  later.setDate(later.getDate() + days);
  return within(later, life);
}

function within(time: Date, { from, to }: Life): Date {
  if (time < from) return from;
  return time > to ? to : time;
}

/** A time as a field for date and time has it, in the user's zone. */
export function fieldValue(time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const date = [String(time.getFullYear()).padStart(4, "0"), two(time.getMonth() + 1), two(time.getDate())];
  return `${date.join("-")}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/**
 * The time in such a field. The field has whole minutes, so in the first and the last minute of the account's life this is the
 * life's own beginning or end. Undefined if the time is not in the account's life.
 */
export function timeInField(value: string, life: Life): Date | undefined {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return undefined;
  const nearest = within(time, life);
  return Math.abs(nearest.getTime() - time.getTime()) < MINUTE_MS ? nearest : undefined;
}

/**
 * The range of a slider over the account's life, in milliseconds since 1970: it moves by the hour, or in a hundred steps if the
 * account is young.
 */
export function slider({ from, to }: Life): { min: number; max: number; step: number } {
  const age = to.getTime() - from.getTime();
  const step = Math.min(HOUR_MS, Math.max(1, Math.floor(age / 100)));
  // Whole steps to the end, which is now.
  return { min: to.getTime() - Math.floor(age / step) * step, max: to.getTime(), step };
}

/** Where years begin, as a share of the account's life from 0 to 1. */
export function yearsOf({ from, to }: Life): { year: number; share: number }[] {
  const years: { year: number; share: number }[] = [];
  for (let year = from.getFullYear() + 1; year <= to.getFullYear(); year++) {
    const share = (new Date(year, 0).getTime() - from.getTime()) / (to.getTime() - from.getTime());
    years.push({ year, share });
  }
  return years;
}
