// That errors are those of the service's model, and how PostgreSQL's are written.
import * as sdk from "@aws-sdk/client-rds-data";
import { describe, expect, test } from "vitest";
import { DataApiError, DatabaseError, type ErrorType, fromDatabase } from "./errors.ts";

/** The SDK's schemas of errors: `[kind, namespace, name, {httpError}]`. */
const modelled = Object.values<unknown>(sdk).flatMap((schema) => {
  if (!Array.isArray(schema)) return [];
  const [, , name, traits] = schema as [unknown, unknown, string, { httpError?: number } | undefined];
  return traits?.httpError ? [[name, traits.httpError] as const] : [];
});

describe("an error of the model", () => {
  test("is there to be compared with", () => expect(modelled.length).toBeGreaterThanOrEqual(17));

  test.each(modelled)("%s has the status %i [model]", (name, status) => {
    expect(new DataApiError(name as ErrorType, "").status).toBe(status);
  });
});

const fields = { severity: "ERROR", code: "23505", message: "m; Hint: none" };
const written = (more: object) => fromDatabase(new DatabaseError({ ...fields, ...more })).message;

test("PostgreSQL's parts are in their order, and what is absent is left out [live]", () => {
  expect(written({})).toBe("ERROR: m; Hint: none; SQLState: 23505");
  expect(written({ position: "7" })).toBe("ERROR: m; Hint: none; Position: 7; SQLState: 23505");
  expect(written({ position: "7", hint: "h" })).toBe(
    "ERROR: m; Hint: none; Hint: h; Position: 7; SQLState: 23505",
  );
});

test.each([
  ["57014", "StatementTimeoutException"],
  ["40001", "DatabaseErrorException"],
  ["40P01", "DatabaseErrorException"],
  ["23505", "DatabaseErrorException"],
])("SQLState %s is a %s", (code, type) => {
  expect(fromDatabase(new DatabaseError({ ...fields, code })).type).toBe(type);
});
