import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MEMBERS_MAX, namesOfMembers } from "./body.ts";

describe("the names of an object's members", () => {
  test("are those that JSON.stringify writes, with any names and values", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 5 }),
        fc.constantFrom(0, 2, "\t"),
        (object, indent) => {
          const json = JSON.stringify(object, null, indent);
          fc.pre(membersOf(object) <= MEMBERS_MAX);

          // Not the keys of JSON.parse(json): Node 24 may read the name "\n" as "\\", if it has parsed such a name before.
          expect(namesOfMembers(json, MEMBERS_MAX)?.map((name) => JSON.parse(name))).toEqual(
            Object.keys(object),
          );
        },
      ),
    );
  });

  test("are listed as often as they occur, as they are written", () => {
    expect(namesOfMembers(String.raw`{"a":1,"b":{"a":2},"\u0061" : ["a"],"a":"}\",{"}`, MEMBERS_MAX)).toEqual(
      ['"a"', '"b"', String.raw`"\u0061"`, '"a"'],
    );
  });

  test("are counted at any depth, and signs in strings are not", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 60, size: "max" }), (value) => {
        expect(namesOfMembers(JSON.stringify(value), MEMBERS_MAX) === undefined).toBe(
          membersOf(value) > MEMBERS_MAX,
        );
      }),
    );
  });

  test("of text that is not JSON end with the text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{},:"\\a]*$/), (text) => {
        namesOfMembers(text, MEMBERS_MAX);
      }),
    );
    expect(['{"a', '{"a\\', "}}{"].map((text) => namesOfMembers(text, MEMBERS_MAX))).toEqual([
      ['"a'],
      ['"a\\'],
      [],
    ]);
  });
});

/** The members and elements in a value, at any depth; an empty container counts as one. */
function membersOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value);
  return Math.max(1, inner.length) + inner.reduce((sum: number, one) => sum + membersOf(one), 0);
}
