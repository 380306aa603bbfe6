import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namesOfMembers } from "./body.ts";

describe("the names of an object's members", () => {
  test("are those that JSON.parse finds, with any names and values", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()),
        fc.constantFrom(0, 2, "\t"),
        (object, indent) => {
          const json = JSON.stringify(object, null, indent);

          expect(namesOfMembers(json)).toEqual(Object.keys(JSON.parse(json)));
        },
      ),
    );
  });

  test("are listed as often as they occur, also when they are escaped", () => {
    expect(namesOfMembers(String.raw`{"a":1,"b":{"a":2},"\u0061" : ["a"],"a":"}\",{"}`)).toEqual([
      "a",
      "b",
      "a",
      "a",
    ]);
  });
});
