import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fields } from "./fields.ts";
import { parseQuery } from "./query-string.ts";

describe("a query string", () => {
  test("that URLSearchParams wrote is parsed into the same parameters", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.dictionary(text, text), (parameters) => {
        const fields: Fields = new Map();

        expect(parseQuery(`?${new URLSearchParams(parameters)}`, fields)).toEqual(parameters);
        expect(fields.size).toBe(0);
      }),
    );
  });

  test.each([
    ["?q=%ff", "q", "invalid"],
    ["?q=%", "q", "invalid"],
    ["?q=%ED%A0%80", "q", "invalid"],
    ["?q=a&q=b&q=c", "q", "duplicate"],
    ["?__proto__=1&__proto__=2", "__proto__", "duplicate"],
  ])("%s is refused by name", (search, name, code) => {
    const fields: Fields = new Map();

    parseQuery(search, fields);

    expect([...fields]).toEqual([[name, [{ code, message: expect.any(String) }]]]);
  });
});
