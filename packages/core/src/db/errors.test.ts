import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sqlState, violates } from "./errors.ts";

test("the SQLSTATE is read from the right, so a quoted value can't change it", () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^[0-9A-Z]{5}$/), (quoted, state) => {
      const error = new Error(`ERROR: ${quoted}; SQLState: 00000 in a value; SQLState: ${state}`);
      expect(sqlState(error)).toBe(state);
    }),
  );
});

test("an error from elsewhere has no SQLSTATE", () => {
  expect(sqlState(new Error("Multistatements aren't supported."))).toBeUndefined();
  expect(sqlState(undefined)).toBeUndefined();
});

test("a violated check is recognised by its constraint's name", () => {
  const error = new Error(
    'ERROR: new row for relation "account" violates check constraint "account_pads"; SQLState: 23514',
  );

  expect(violates(error, "account_pads")).toBe(true);
  expect(violates(error, "account")).toBe(false);
});
