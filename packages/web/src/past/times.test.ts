import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginning, daysLater, fieldValue, slider, timeIn, timeInField, yearsOf } from "./times.ts";

const LIFE = { from: new Date("2024-02-10T10:02:30.500Z"), to: new Date("2026-11-24T15:00:20Z") };

/** Accounts of a second to some years. */
const life = fc
  .tuple(
    fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
    fc.nat(1e11),
  )
  .map(([from, age]) => ({ from, to: new Date(from.getTime() + age) }));

describe("a time in an address", () => {
  it.each([
    ["2026-03-12T14:00:00Z", "2026-03-12T14:00:00.000Z"],
    ["2026-03-12T14:00:00.123Z", "2026-03-12T14:00:00.123Z"],
    ["2026-03-12T14:00+01:00", "2026-03-12T13:00:00.000Z"],
    ["2024-02-10T10:02:30.500Z", "2024-02-10T10:02:30.500Z"],
    ["2024-02-10T10:02:30.499Z", undefined],
    ["2026-11-24T15:00:21Z", undefined],
    ["2026-03-12", undefined],
    ["2026-13-12T14:00:00Z", undefined],
    ["yesterday", undefined],
    ["", undefined],
  ])("%j is %s", (text, time) => {
    expect(timeIn(text, LIFE)?.toISOString()).toBe(time);
  });

  it("is one of the account's wherever it begins or goes", () => {
    fc.assert(
      fc.property(life, fc.array(fc.integer({ min: -400, max: 400 }), { maxLength: 5 }), (life, steps) => {
        let time = beginning(life);
        expect(timeIn(time.toISOString(), life)).toEqual(time);
        for (const step of steps) {
          time = daysLater(time, step, life);
          expect(timeIn(time.toISOString(), life)).toEqual(time);
        }
      }),
    );
  });

  it("begins a day ago, or in the middle of a young account", () => {
    expect(beginning(LIFE).toISOString()).toBe("2026-11-23T15:00:00.000Z");
    const young = { from: new Date("2026-11-24T14:00:00Z"), to: new Date("2026-11-24T15:00:00Z") };
    expect(beginning(young).toISOString()).toBe("2026-11-24T14:30:00.000Z");
  });
});

describe("a time in a field", () => {
  it("is that time to the minute, as long as it is one of the account's", () => {
    expect(fieldValue(new Date("2026-03-12T14:00:59Z"))).toBe("2026-03-12T14:00");
    expect(timeInField("2026-03-12T14:00", LIFE)?.toISOString()).toBe("2026-03-12T14:00:00.000Z");
    // The minute in which the account was made.
    expect(timeInField("2024-02-10T10:02", LIFE)).toEqual(LIFE.from);
    for (const value of ["2024-02-10T10:01", "2026-11-24T15:02", "0202-03-12T14:00", ""]) {
      expect(timeInField(value, LIFE)).toBeUndefined();
    }
  });

  it("that shows a time of the account is taken", () => {
    fc.assert(
      fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (life, share) => {
        const time = new Date(life.from.getTime() + share * (life.to.getTime() - life.from.getTime()));
        expect(timeInField(fieldValue(time), life)).toBeDefined();
      }),
    );
  });
});

it("a slider goes in whole steps to the end of the account's time, at most an hour each", () => {
  fc.assert(
    fc.property(life, (life) => {
      const { min, max, step } = slider(life);
      expect(max).toBe(life.to.getTime());
      expect((max - min) % step).toBe(0);
      expect(min - life.from.getTime()).toBeLessThan(step);
      expect(min).toBeGreaterThanOrEqual(life.from.getTime());
      expect(step).toBeLessThanOrEqual(3_600_000);
      const age = max - life.from.getTime();
      if (age >= 100) expect((max - min) / step).toBeGreaterThanOrEqual(100);
    }),
  );
});

it("years begin where they do in the account's time", () => {
  expect(yearsOf(LIFE).map(({ year, share }) => `${year} ${share.toFixed(2)}`)).toEqual([
    "2025 0.32",
    "2026 0.68",
  ]);
  expect(yearsOf({ from: new Date("2026-02-01"), to: new Date("2026-11-01") })).toEqual([]);
});
