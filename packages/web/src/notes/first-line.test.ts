import { NAME_MAX } from "@notejam/core/field/limits";
import { byField } from "@notejam/core/note/fields";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstLine, writtenOf } from "./first-line.ts";

describe("the name of a note without one", () => {
  it.each([
    ["# Shopping *list*\nmilk", "Shopping list"],
    ["\n\n  \n- [ ] milk", "milk"],
    ["---\nafter a rule", "after a rule"],
    ["", "Unnamed"],
    [" \n\t\n", "Unnamed"],
    ["milk\tand\u2028bread\u0085and\u001btea", "milk and bread and tea"],
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
        expect(name).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });

  it("has a space in the place of a tab or an end of a line that is pasted into it", () => {
    const values = { ...byField(() => null), name: "milk\tand\r\nbread", named: true };
    expect(writtenOf(values, "text").name).toBe("milk and bread");
  });
});
