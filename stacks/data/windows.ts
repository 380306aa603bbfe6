// When AWS backs the database up and maintains it: outside business hours, in summer and winter, and never two at once.
import type { BusinessHours } from "../stage/settings.ts";

export interface Windows {
  /** Of each day, in UTC: `19:00-19:30`. */
  backup: string;
  /** Of the week, in UTC: `sun:20:00-sun:21:00`. A minor version of the engine is installed in it. */
  maintenance: string;
  /** When AWS Backup may begin, in UTC; it has an hour to start. In the other two windows, and in the hour before each, its jobs may fail. */
  starts: Record<"monthly" | "daily", { hour: string; minute: string }>;
}

/** For a stage without business hours. */
const AT_NIGHT: Omit<BusinessHours, "days"> = { from: 6, to: 22, timeZone: "UTC" };
const MINUTES_OF_DAY = 24 * 60;

export function windowsOf(hours: Omit<BusinessHours, "days"> = AT_NIGHT): Windows {
  // In UTC, business hours end latest when the zone's clock is least ahead: in winter, where there is summer time.
  const offset = Math.min(
    ...[0, 6].map((month) => offsetMinutes(hours.timeZone, new Date(Date.UTC(2026, month)))),
  );
  const end = hours.to * 60 - offset;
  const start = (minutes: number) => {
    const [hour = "", minute = ""] = clock(minutes).split(":");
    return { hour: String(Number(hour)), minute: String(Number(minute)) };
  };
  const endDay = clock(end + 180) < clock(end + 120) ? "mon" : "sun";
  return {
    backup: `${clock(end + 60)}-${clock(end + 90)}`,
    maintenance: `sun:${clock(end + 120)}-${endDay}:${clock(end + 180)}`,
    // They are apart, because AWS Backup keeps only one of two backups that overlap.
    starts: { monthly: start(end + 195), daily: start(end + 270) },
  };
}

/** Minutes by which the zone's clock is ahead of UTC at a time. */
function offsetMinutes(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, h = "0", m = "0"] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(h) * 60 + Number(m));
}

function clock(minutes: number): string {
  const ofDay = modulo(minutes, MINUTES_OF_DAY);
  return [Math.floor(ofDay / 60), ofDay % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
