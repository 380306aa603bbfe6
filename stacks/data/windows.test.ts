import * as fc from "fast-check";
import { expect, test } from "vitest";
import { windowsOf } from "./windows.ts";

const ZONES = [
  "UTC",
  "Europe/Paris",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
];
const FORM = /^(?:(\w{3}):)?(\d\d):(\d\d)-(?:(\w{3}):)?(\d\d):(\d\d)$/;

/** The minutes of a window, one by one, as times of a Sunday (in UTC) of a month. */
function timesOf(window: string, month: number): Date[] {
  const [, , h, m, , h2, m2] = FORM.exec(window) ?? [];
  const start = Date.UTC(2026, month, 1) + (Number(h) * 60 + Number(m)) * 60_000;
  const minutes = (Number(h2) * 60 + Number(m2) - Number(h) * 60 - Number(m) + 1440) % 1440;
  return Array.from({ length: minutes }, (_, i) => new Date(start + i * 60_000));
}

function hourIn(timeZone: string, at: Date): number {
  return Number(new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit" }).format(at));
}

test("backups and maintenance lie outside business hours in every month, and not at the same time", () => {
  const hours = fc
    .record({
      from: fc.nat(23),
      length: fc.integer({ min: 1, max: 16 }),
      timeZone: fc.constantFrom(...ZONES),
    })
    .filter(({ from, length }) => from + length <= 24);

  fc.assert(
    fc.property(hours, ({ from, length, timeZone }) => {
      const { backup, maintenance, starts } = windowsOf({ from, to: from + length, timeZone });
      const ofAnHour = ({ hour, minute }: { hour: string; minute: string }) =>
        `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}-${String((Number(hour) + 1) % 24).padStart(2, "0")}:${minute.padStart(2, "0")}`;
      const windows = [backup, maintenance, ofAnHour(starts.monthly), ofAnHour(starts.daily)];

      for (const month of [0, 3, 6, 9]) {
        const times = windows.flatMap((window) => timesOf(window, month));
        expect(times).toHaveLength(210);
        expect(new Set(times.map((time) => time.getTime() % 86_400_000)).size).toBe(210);
        for (const time of times) {
          const hour = hourIn(timeZone, time);
          expect(hour < from || hour >= from + length).toBe(true);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("the windows have the form that RDS takes, a week's day where it ends too", () => {
  expect(windowsOf({ from: 7, to: 19, timeZone: "Europe/Paris" })).toEqual({
    backup: "19:00-19:30",
    maintenance: "sun:20:00-sun:21:00",
    starts: { monthly: { hour: "21", minute: "15" }, daily: { hour: "22", minute: "30" } },
  });
  expect(windowsOf({ from: 5, to: 21, timeZone: "Atlantic/Azores" }).maintenance).toBe("sun:00:00-sun:01:00");
  expect(windowsOf({ from: 5, to: 21, timeZone: "UTC" }).maintenance).toBe("sun:23:00-mon:00:00");
  expect(windowsOf()).toMatchObject({ backup: "23:00-23:30", maintenance: "sun:00:00-sun:01:00" });
});
