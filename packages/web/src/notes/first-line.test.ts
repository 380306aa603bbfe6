import { NAME_MAX } from "@notejam/core/field/limits";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstLine } from "./first-line.ts";

describe("the name of a note without one", () => {
  it.each([
    ["# Shopping *list*\nmilk", "Shopping list"],
    ["\n\n  \n- [ ] milk", "milk"],
    ["---\nafter a rule", "after a rule"],
    ["", "Unnamed"],
    [" \n\t\n", "Unnamed"],
    ["x".repeat(300), "x".repeat(NAME_MAX)],
    [`${"🙂".repeat(120)}`, "🙂".repeat(NAME_MAX)],
  ])("of %j is %j", (text, name) => {
    expect(firstLine(text)).toBe(name);
  });

  it("is one that the service takes, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        const name = firstLine(text);
        expect(name.trim()).toBe(name);
        expect([...name].length).toBeLessThanOrEqual(NAME_MAX);
        expect(name).not.toBe("");
        expect(name.isWellFormed()).toBe(true);
        expect(name).not.toContain("\0");
      }),
    );
  });
});
