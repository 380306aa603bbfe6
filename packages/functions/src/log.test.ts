import { AppError } from "@notejam/core/errors";
import { describe, expect, test } from "vitest";
import { describeError } from "./log.ts";

/** Drizzle's wrapper of a Data API error. */
class DrizzleQueryError extends Error {
  query = "select :1";
  params = ["the secret"];
  constructor(cause: Error) {
    super("Failed query: select :1\nparams: the secret", { cause });
  }
}

describe("the description of an error in the log", () => {
  test("has its stack and its cause", () => {
    const described = describeError(new TypeError("x is undefined", { cause: new RangeError("no") }));

    expect(described).toMatchObject({
      name: "TypeError",
      message: "x is undefined",
      cause: { name: "RangeError", message: "no" },
    });
    expect(described?.stack).toContainEqual(expect.stringMatching(/^at .*log\.test\.ts/));
  });

  test.each([
    [
      'ERROR: duplicate key value violates unique constraint "account_email"; Detail: Key (email)=(the secret) already exists.; SQLState: 23505',
      'ERROR: duplicate key value violates unique constraint "account_email"; SQLState: 23505',
    ],
    [
      'ERROR: invalid input syntax for type uuid: "the "; Detail: secret"; Position: 8; SQLState: 22P02',
      'ERROR: invalid input syntax for type uuid: "…"; SQLState: 22P02',
    ],
    ["ERROR: canceling statement; SQLState: 57014", "ERROR: canceling statement; SQLState: 57014"],
  ])("has no value of the database: %s", (message, logged) => {
    const described = describeError(new DrizzleQueryError(new Error(message)));

    expect(JSON.stringify(described)).not.toContain("the secret");
    expect(described).toMatchObject({ message: undefined, cause: { message: logged } });
  });

  test("has no email address", () => {
    const described = describeError(
      new Error('Not verified: the-secret@example.com, "<the-secret@example.com>"'),
    );

    expect(described).toMatchObject({ message: 'Not verified: …@… "<…@…>"' });
  });

  test("has the cause of an AppError", () => {
    const error = new AppError("unavailable", { cause: new Error("connect ECONNREFUSED") });

    expect(describeError(error)).toMatchObject({ cause: { message: "connect ECONNREFUSED" } });
  });

  test("of a value that is not an error is only its type", () => {
    expect(describeError("the secret")).toEqual({ name: "string" });
  });
});
