import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseQuery } from "./query-string.ts";

describe("a query string", () => {
  test("that URLSearchParams wrote is read as it was meant", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.dictionary(text, text), (parameters) => {
        const fields = new Map<string, string[]>();

        expect(parseQuery(`?${new URLSearchParams(parameters)}`, fields)).toEqual(parameters);
        expect(fields.size).toBe(0);
      }),
    );
  });

  test.each([
    ["?q=%ff", { q: ["Not percent-encoded UTF-8"] }],
    ["?q=%", { q: ["Not percent-encoded UTF-8"] }],
    ["?q=%ED%A0%80", { q: ["Not percent-encoded UTF-8"] }],
    ["?q=a&q=b&q=c", { q: ["Given more than once"] }],
    ["?__proto__=1&__proto__=2", { ["__proto__"]: ["Given more than once"] }],
  ])("%s is refused by name", (search, expected) => {
    const fields = new Map<string, string[]>();

    parseQuery(search, fields);

    expect(Object.fromEntries(fields)).toEqual(expected);
  });
});
