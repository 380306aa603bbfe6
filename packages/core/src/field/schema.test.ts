import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { TEXT_MAX_BYTES } from "../note/limits.ts";
import { NewText, Text } from "../note/schema.ts";
import { Email, Id, Name, NewPassword, Password } from "./schema.ts";

function messages(schema: z.ZodMiniType, value: unknown): string[] {
  const parsed = z.safeParse(schema, value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
}

describe("a name", () => {
  test("has 1 to 100 characters after trimming, counted in code points", () => {
    expect(z.parse(Name, "  Trips \n")).toBe("Trips");
    expect(z.parse(Name, "😀".repeat(100))).toBe("😀".repeat(100));
    expect(messages(Name, "😀".repeat(101))).toEqual(["Name is too long (100 characters at most)"]);
  });

  test.each([undefined, "", "   "])("is required: %j", (value) => {
    expect(messages(Name, value)).toEqual(["Name is required"]);
  });

  test.each([null, 1, true, [], {}])("must be text: %j", (value) => {
    expect(messages(Name, value)).toEqual(["Name must be text"]);
  });
});

test("only strings that the database can't store are refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 8, maxLength: 100 }), (value) => {
      const canBeStored = value.isWellFormed() && !value.includes("\0");
      expect(z.safeParse(NewPassword, value).success).toBe(canBeStored);
    }),
  );
  expect(messages(NewPassword, "12345678\uD800")).toHaveLength(1);
  expect(messages(Text, "a\0b")).toHaveLength(1);
});

test("emails are compared without case and surrounding space", () => {
  expect(z.parse(Email, "  Me@Example.COM ")).toBe("me@example.com");
});

test.each(["me", "me@", "@example.com", "me@example", "me me@example.com", `${"a".repeat(250)}@b.co`])(
  "%j is not an email",
  (value) => {
    expect(messages(Email, value)).toEqual(["Invalid email"]);
  },
);

test("a new password has 8 to 128 characters; a confirmed one may be shorter", () => {
  expect(messages(NewPassword, "1234567")).toEqual(["Password is too short (8 characters at least)"]);
  expect(messages(NewPassword, "😀".repeat(128))).toEqual([]);
  expect(messages(NewPassword, "😀".repeat(129))).toEqual(["Password is too long (128 characters at most)"]);
  expect(messages(Password, "short")).toEqual([]);
  expect(messages(Password, "")).toEqual(["Password is required"]);
});

test("a new text has 1 byte to 512 KiB of UTF-8, and may be white space alone", () => {
  expect(z.parse(Text, " \n")).toBe(" \n");
  expect(messages(NewText, "")).toEqual(["Text is required"]);
  expect(z.parse(Text, "")).toBe("");
  for (const unit of ["a", "é", "€", "😀"]) {
    const most = unit.repeat(TEXT_MAX_BYTES / Buffer.byteLength(unit));
    const full = most + "a".repeat(TEXT_MAX_BYTES - Buffer.byteLength(most));
    expect(messages(Text, full)).toEqual([]);
    expect(messages(Text, `${full}a`)).toEqual(["Text is too long (512 KiB at most)"]);
  }
});

test("an id is a UUID of any version, in any case", () => {
  expect(z.parse(Id, "FFFFFFFF-0000-0000-0000-00000000000A")).toBe("ffffffff-0000-0000-0000-00000000000a");
  expect(messages(Id, "1")).toEqual(["Id must be a UUID"]);
});
