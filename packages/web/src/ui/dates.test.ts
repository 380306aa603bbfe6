import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFull, formatRelative } from "./dates.ts";

const UTC = { language: "en-GB", timeZone: "UTC" };
const NOW = new Date("2013-02-08T12:00:00Z");

describe("a time in words", () => {
  it.each([
    ["2013-02-08T10:51:00Z", "Today at 10:51"],
    ["2013-02-08T00:00:00Z", "Today at 00:00"],
    ["2013-02-07T23:59:59Z", "Yesterday at 23:59"],
    ["2013-02-07T00:00:00Z", "Yesterday at 00:00"],
    ["2013-02-06T23:59:59Z", "2 days ago"],
    ["2013-02-05T10:51:00Z", "3 days ago"],
    ["2013-02-02T00:00:00Z", "6 days ago"],
    ["2013-02-01T23:59:59Z", "01 Feb. 2013"],
    ["2012-09-02T10:51:00Z", "02 Sep. 2012"],
    ["2012-05-31T10:51:00Z", "31 May. 2012"],
  ])("%s is “%s”", (time, words) => {
    expect(formatRelative(new Date(time), NOW, UTC)).toBe(words);
  });

  it.each(["en", "en-US", "en-GB", "en-AU", "en-CA", "en-IN"])(
    "every kind of English has the same formats, %s too",
    (language) => {
      const locale = { language, timeZone: "UTC" };
      expect(formatRelative(new Date("2013-02-08T09:05:00Z"), NOW, locale)).toBe("Today at 09:05");
      expect(formatRelative(new Date("2012-09-02T10:51:00Z"), NOW, locale)).toBe("02 Sep. 2012");
    },
  );

  it("days are calendar days in the user's time zone", () => {
    const time = new Date("2013-02-08T02:00:00Z");
    expect(formatRelative(time, NOW, { language: "en", timeZone: "Pacific/Auckland" })).toBe(
      "Yesterday at 15:00",
    );
    expect(formatRelative(time, NOW, { language: "en", timeZone: "Europe/Paris" })).toBe("Today at 03:00");
    expect(formatRelative(time, NOW, { language: "en", timeZone: "America/New_York" })).toBe(
      "Yesterday at 21:00",
    );
  });

  it("a day of 23 or 25 hours is one day", () => {
    const berlin = { language: "en", timeZone: "Europe/Berlin" };
    const afterSpring = new Date("2024-03-31T22:30:00Z");
    expect(formatRelative(new Date("2024-03-30T23:30:00Z"), afterSpring, berlin)).toBe("Yesterday at 00:30");
    expect(formatRelative(new Date("2024-10-26T22:00:00Z"), new Date("2024-10-27T22:59:59Z"), berlin)).toBe(
      "Today at 00:00",
    );
  });

  it("other languages have their own formats", () => {
    const french = { language: "fr", timeZone: "UTC" };
    expect(formatRelative(new Date("2013-02-08T10:51:00Z"), NOW, french)).toBe("Aujourd’hui, 10:51");
    expect(formatRelative(new Date("2013-02-05T10:51:00Z"), NOW, french)).toBe("Il y a 3 jours");
    expect(formatRelative(new Date("2013-02-01T10:51:00Z"), NOW, french)).toBe("01 févr. 2013");
  });

  it("a time in the future is shown as a date, except on the same day", () => {
    expect(formatRelative(new Date("2013-02-08T12:00:05Z"), NOW, UTC)).toBe("Today at 12:00");
    expect(formatRelative(new Date("2013-02-09T00:00:00Z"), NOW, UTC)).toBe("09 Feb. 2013");
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
        if (days === 0) expect(words).toMatch(/^Today at \d\d:\d\d$/);
        else if (days === 1) expect(words).toMatch(/^Yesterday at \d\d:\d\d$/);
        else if (days < 7) expect(words).toBe(`${days} days ago`);
        else expect(words).toMatch(/^\d\d [A-Z][a-z]{2}\. \d{4}$/);
      }),
    );
  });

  it("there are always words, short and full", () => {
    const languages = fc.constantFrom("en-GB", "fr-CA", "ar-EG", "ja", "fa", "th", "zh-Hant-TW", "de");
    fc.assert(
      fc.property(moments, moments, zones, languages, (time, now, timeZone, language) => {
        expect(formatRelative(time, now, { language, timeZone })).not.toBe("");
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
