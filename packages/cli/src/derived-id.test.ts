import { Id } from "@notejam/core/field/schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedId } from "./derived-id.ts";

const ADA = "1c7d4a52-9d6e-4b65-8f0e-6f2b7c1d3e4f";
const BOB = "2c7d4a52-9d6e-4b65-8f0e-6f2b7c1d3e4f";

test("an id never changes: with another, a repeated import would double every note", () => {
  expect(derivedId(ADA, "note", "work/plan.md")).toBe("13ec549a-6cc0-8fe1-9a74-ffb946d79318");
});

test("account, kind and path each make another id", () => {
  const ids = [
    derivedId(ADA, "note", "work"),
    derivedId(ADA, "note", "work/"),
    derivedId(ADA, "pad", "work"),
    derivedId(BOB, "note", "work"),
  ];

  expect(new Set(ids).size).toBe(ids.length);
});

test("an id is a UUID of version 8 and the variant of RFC 9562", () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.constantFrom("note" as const, "pad" as const),
      fc.string(),
      (account, kind, path) => {
        const id = derivedId(account, kind, path);
        expect(Id.parse(id)).toBe(id);
        expect(id).toMatch(/^.{14}8.{4}[89ab]/);
      },
    ),
  );
});
