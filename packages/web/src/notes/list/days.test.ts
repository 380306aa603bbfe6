import { describe, expect, it } from "vitest";
import { dayGroup } from "./days.ts";

const NOW = new Date("2026-11-26T12:00:00Z");
const UTC = { language: "en-GB", timeZone: "UTC" };

describe("the heading of a note in a list by time", () => {
  it.each([
    ["2026-11-26T00:00:00Z", "Today"],
    ["2026-11-27T09:00:00Z", "Today"],
    ["2026-11-25T23:59:59Z", "Yesterday"],
    ["2026-11-24T23:59:59Z", "Last week"],
    ["2026-11-19T00:00:00Z", "Last week"],
    ["2026-11-18T23:59:59Z", "November"],
    ["2026-01-01T00:00:00Z", "January"],
    ["2025-12-31T23:59:59Z", "December 2025"],
  ])("for %s is %s", (time, heading) => {
    expect(dayGroup(new Date(time), NOW, UTC)).toBe(heading);
  });

  it("follows the user's time zone and language", () => {
    const time = new Date("2026-11-25T23:30:00Z");
    expect(dayGroup(time, NOW, { language: "en", timeZone: "Europe/Prague" })).toBe("Today");
    expect(dayGroup(new Date("2025-05-05T00:00:00Z"), NOW, { language: "fr", timeZone: "UTC" })).toBe(
      "mai 2025",
    );
  });
});
