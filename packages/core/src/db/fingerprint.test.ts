import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

const sent = fc.dictionary(fc.string(), fc.jsonValue());

/** The same content with the members of each object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

test("the order of members makes no difference", () => {
  fc.assert(
    fc.property(sent, (input) => {
      expect(fingerprint(reversed(input) as typeof input)).toEqual(fingerprint(input));
    }),
  );
});

test("any member that is added, removed or changed makes a difference, and null differs from what was not sent", () => {
  fc.assert(
    fc.property(sent, fc.string(), fc.jsonValue(), (input, key, value) => {
      fc.pre(JSON.stringify(input[key]) !== JSON.stringify(value));
      expect(fingerprint({ ...input, [key]: value })).not.toEqual(fingerprint(input));
    }),
  );
  expect(fingerprint({ padId: null })).not.toEqual(fingerprint({ padId: undefined }));
});
