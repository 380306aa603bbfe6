import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuery } from "./query.ts";

const begins = (...date: [number, number, number]) => new Date(...date).toISOString();

describe("what is typed to find notes", () => {
  it.each([
    ["lisbon", { q: "lisbon" }],
    ["  two  words ", { q: "two  words" }],
    ["#travel", { q: "", tag: "travel" }],
    ["lisbon #Travel tram", { q: "lisbon tram", tag: "travel" }],
    ["before:2026-11-09", { q: "", updatedBefore: begins(2026, 10, 9) }],
    ["AFTER:2026-3 tram", { q: "tram", updatedAfter: begins(2026, 2, 1) }],
    [
      "after:2025 before:2026",
      { q: "", updatedAfter: begins(2025, 0, 1), updatedBefore: begins(2026, 0, 1) },
    ],
    ["tram is:archived", { q: "tram", archived: "true" }],
  ])("%s has its filters", (typed, query) => {
    expect(parseQuery(typed)).toEqual(query);
  });

  it.each([
    "#",
    "#1",
    `#${"x".repeat(200)}`,
    "a#b",
    "before:",
    "before:soon",
    "before:2026-13",
    "after:2026-02-30",
    "is:new",
    "before:0026-01-01",
  ])("%s is a word", (typed) => {
    expect(parseQuery(typed)).toEqual({ q: typed });
  });

  it("a second tag, or one beside the tag of a list, is a word", () => {
    expect(parseQuery("#a #b")).toEqual({ q: "#b", tag: "a" });
    expect(parseQuery("#b", { tag: "a" })).toEqual({ q: "#b" });
  });

  it("is never refused by the service: its words are a part of what was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (typed) => {
        const { q } = parseQuery(typed);
        expect([...q].length).toBeLessThanOrEqual([...typed].length);
        for (const word of q.split(/\s+/)) expect(typed).toContain(word);
      }),
    );
  });
});
