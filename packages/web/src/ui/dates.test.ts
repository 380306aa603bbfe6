import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFull, formatMonth, formatRelative, formatShort } from "./dates.ts";

const UTC = { language: "en-GB", timeZone: "UTC" };
const NOW = new Date("2013-02-08T12:00:00Z");

describe("a time within a sentence", () => {
  it.each([
    ["2013-02-08T10:51:00Z", "today at 10:51"],
    ["2013-02-08T00:00:00Z", "today at 00:00"],
    ["2013-02-07T23:59:59Z", "yesterday at 23:59"],
    ["2013-02-07T00:00:00Z", "yesterday at 00:00"],
    ["2013-02-06T23:59:59Z", "6 Feb"],
    ["2013-01-01T00:00:00Z", "1 Jan"],
    ["2012-12-31T23:59:59Z", "31 Dec 2012"],
  ])("%s is “%s”", (time, words) => {
    expect(formatRelative(new Date(time), NOW, UTC)).toBe(words);
  });

  it.each(["en", "en-US", "en-GB", "en-AU", "en-CA", "en-IN"])(
    "every kind of English has a clock of 24 hours, %s too",
    (language) => {
      const locale = { language, timeZone: "UTC" };
      expect(formatRelative(new Date("2013-02-08T00:05:00Z"), NOW, locale)).toBe("today at 00:05");
    },
  );

  it("days are calendar days in the user's time zone", () => {
    const time = new Date("2013-02-08T02:00:00Z");
    expect(formatRelative(time, NOW, { language: "en", timeZone: "Pacific/Auckland" })).toBe(
      "yesterday at 15:00",
    );
    expect(formatRelative(time, NOW, { language: "en", timeZone: "Europe/Paris" })).toBe("today at 03:00");
    expect(formatRelative(time, NOW, { language: "en", timeZone: "America/New_York" })).toBe(
      "yesterday at 21:00",
    );
  });

  it("a day of 23 or 25 hours is one day", () => {
    const berlin = { language: "en", timeZone: "Europe/Berlin" };
    const afterSpring = new Date("2024-03-31T22:30:00Z");
    expect(formatRelative(new Date("2024-03-30T23:30:00Z"), afterSpring, berlin)).toBe("yesterday at 00:30");
    expect(formatRelative(new Date("2024-10-26T22:00:00Z"), new Date("2024-10-27T22:59:59Z"), berlin)).toBe(
      "today at 00:00",
    );
  });

  it("other languages have their own formats", () => {
    const french = { language: "fr", timeZone: "UTC" };
    expect(formatRelative(new Date("2013-02-08T10:51:00Z"), NOW, french)).toBe("aujourd’hui, 10:51");
    expect(formatRelative(new Date("2013-02-01T10:51:00Z"), NOW, french)).toBe("1 févr.");
  });

  it("a time in the future is shown as a date, except on the same day", () => {
    expect(formatRelative(new Date("2013-02-08T12:00:05Z"), NOW, UTC)).toBe("today at 12:00");
    expect(formatRelative(new Date("2013-02-09T00:00:00Z"), NOW, UTC)).toBe("9 Feb");
  });
});

describe("a time in a narrow column", () => {
  it.each([
    ["2013-02-08T10:51:00Z", "10:51"],
    ["2013-02-07T18:31:00Z", "18:31"],
    ["2013-02-06T18:31:00Z", "6 Feb"],
    ["2012-09-02T10:51:00Z", "2 Sept 2012"],
  ])("%s is “%s”", (time, words) => {
    expect(formatShort(new Date(time), NOW, UTC)).toBe(words);
  });
});

const zones = fc.constantFrom(
  "UTC",
  "America/St_Johns",
  "Pacific/Apia",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "Africa/Cairo",
);
/** After the last time that a zone skipped a day. */
const moments = fc.date({ min: new Date("2012-01-20"), max: new Date("2090-01-01"), noInvalidDate: true });

describe("in every zone and language", () => {
  it("a time is today on the same calendar day, and older by one day for each midnight since", () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 12 * 86_400_000 }), zones, (now, ago, timeZone) => {
        const time = new Date(now.getTime() - ago);
        const words = formatRelative(time, now, { language: "en", timeZone });
        const days = midnightsBetween(time, now, timeZone);
        if (days === 0) expect(words).toMatch(/^today at \d\d:\d\d$/);
        else if (days === 1) expect(words).toMatch(/^yesterday at \d\d:\d\d$/);
        else expect(words).toMatch(/^[A-Z][a-z]{2} \d{1,2}(, \d{4})?$/);
      }),
    );
  });

  it("there are always words, short and full", () => {
    const languages = fc.constantFrom("en-GB", "fr-CA", "ar-EG", "ja", "fa", "th", "zh-Hant-TW", "de");
    fc.assert(
      fc.property(moments, moments, zones, languages, (time, now, timeZone, language) => {
        expect(formatRelative(time, now, { language, timeZone })).not.toBe("");
        expect(formatShort(time, now, { language, timeZone })).not.toBe("");
        expect(formatMonth(time, now, { language, timeZone })).not.toBe("");
        expect(formatFull(time, { language, timeZone })).not.toBe("");
      }),
    );
  });
});

/** Counts how often the date changes, hour by hour. */
function midnightsBetween(from: Date, to: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short" });
  const dates = new Set<string>();
  for (let time = from.getTime(); time < to.getTime(); time += 3_600_000) dates.add(format.format(time));
  dates.add(format.format(to));
  return dates.size - 1;
}
