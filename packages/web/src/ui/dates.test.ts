import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inFull, inWords } from "./dates.ts";

const UTC = { locale: "en-GB", timeZone: "UTC" };
const NOW = new Date("2013-02-08T12:00:00Z");

describe("when something was changed", () => {
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
  ])("%s is said as “%s”", (time, words) => {
    expect(inWords(new Date(time), NOW, UTC)).toBe(words);
  });

  it.each(["en", "en-US", "en-GB", "en-AU", "en-CA", "en-IN"])(
    "every English has these words, %s too",
    (locale) => {
      const reader = { locale, timeZone: "UTC" };
      expect(inWords(new Date("2013-02-08T09:05:00Z"), NOW, reader)).toBe("Today at 09:05");
      expect(inWords(new Date("2012-09-02T10:51:00Z"), NOW, reader)).toBe("02 Sep. 2012");
    },
  );

  it("days are the reader's: one moment is today here and yesterday there", () => {
    const time = new Date("2013-02-08T02:00:00Z");
    expect(inWords(time, NOW, { locale: "en", timeZone: "Pacific/Auckland" })).toBe("Yesterday at 15:00");
    expect(inWords(time, NOW, { locale: "en", timeZone: "Europe/Paris" })).toBe("Today at 03:00");
    expect(inWords(time, NOW, { locale: "en", timeZone: "America/New_York" })).toBe("Yesterday at 21:00");
  });

  it("a day of 23 or 25 hours is one day", () => {
    const berlin = { locale: "en", timeZone: "Europe/Berlin" };
    const afterSpring = new Date("2024-03-31T22:30:00Z");
    expect(inWords(new Date("2024-03-30T23:30:00Z"), afterSpring, berlin)).toBe("Yesterday at 00:30");
    expect(inWords(new Date("2024-10-26T22:00:00Z"), new Date("2024-10-27T22:59:59Z"), berlin)).toBe(
      "Today at 00:00",
    );
  });

  it("other languages have words of their own", () => {
    const french = { locale: "fr", timeZone: "UTC" };
    expect(inWords(new Date("2013-02-08T10:51:00Z"), NOW, french)).toBe("Aujourd’hui, 10:51");
    expect(inWords(new Date("2013-02-05T10:51:00Z"), NOW, french)).toBe("Il y a 3 jours");
    expect(inWords(new Date("2013-02-01T10:51:00Z"), NOW, french)).toBe("01 févr. 2013");
  });

  it("a time ahead of a slow clock is a date when it is not even the same day", () => {
    expect(inWords(new Date("2013-02-08T12:00:05Z"), NOW, UTC)).toBe("Today at 12:00");
    expect(inWords(new Date("2013-02-09T00:00:00Z"), NOW, UTC)).toBe("09 Feb. 2013");
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
/** Later than the last time that a zone left out a day. */
const moments = fc.date({ min: new Date("2012-01-20"), max: new Date("2090-01-01"), noInvalidDate: true });

describe("for every moment, zone and language", () => {
  it("it is today exactly as long as the calendar day is the same, and the days count the midnights between", () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 12 * 86_400_000 }), zones, (now, ago, timeZone) => {
        const time = new Date(now.getTime() - ago);
        const words = inWords(time, now, { locale: "en", timeZone });
        const days = midnightsBetween(time, now, timeZone);
        if (days === 0) expect(words).toMatch(/^Today at \d\d:\d\d$/);
        else if (days === 1) expect(words).toMatch(/^Yesterday at \d\d:\d\d$/);
        else if (days < 7) expect(words).toBe(`${days} days ago`);
        else expect(words).toMatch(/^\d\d [A-Z][a-z]{2}\. \d{4}$/);
      }),
    );
  });

  it("something is said, in full too", () => {
    const locales = fc.constantFrom("en-GB", "fr-CA", "ar-EG", "ja", "fa", "th", "zh-Hant-TW", "de");
    fc.assert(
      fc.property(moments, moments, zones, locales, (time, now, timeZone, locale) => {
        expect(inWords(time, now, { locale, timeZone })).not.toBe("");
        expect(inFull(time, { locale, timeZone })).not.toBe("");
      }),
    );
  });
});

/** Counted by walking: the reader's date is asked for each hour, and its changes are counted. */
function midnightsBetween(from: Date, to: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short" });
  const dates = new Set<string>();
  for (let time = from.getTime(); time < to.getTime(); time += 3_600_000) dates.add(format.format(time));
  dates.add(format.format(to));
  return dates.size - 1;
}
