// Fields that several schemas share: their limits, and the messages for wrong values. It runs in a browser too: the API
// and the forms check with the same schemas, so each rule and its message is written once.
import * as z from "zod/mini";
import { isOneLine, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "./limits.ts";
import { UUID } from "./uuid.ts";

/** Characters in an email address (RFC 5321, 4.5.3.1.3). */
export const EMAIL_MAX = 254;

/** What can be wrong with a field. The codes are stable: a client may translate a message by its code. */
export const FIELD_CODES = [
  /** It is missing or empty. */
  "required",
  /** It has the wrong JSON type. */
  "wrong_type",
  "too_short",
  "too_long",
  /** It has a character that can't be stored. */
  "unstorable",
  /** It has the wrong form, or is not one of the allowed values. */
  "invalid",
  /** The route has no such field or parameter. */
  "unknown",
  /** It was sent more than once. */
  "duplicate",
  /** It names something that does not exist. */
  "not_found",
  /** Someone else has it. */
  "taken",
  /** It does not match the stored value: a wrong password. */
  "wrong",
  /** It is a link or code that was used or has expired. */
  "expired",
  /** The account has reached its limit. */
  "limit_reached",
] as const;
export type FieldCode = (typeof FIELD_CODES)[number];

/**
 * A rule of a field.
 * @param holds whether a value obeys it
 * @param code for programs, if it does not; `message` is for people
 * @param stop whether a value that breaks it skips the rules after it
 */
export function rule<T>(
  holds: (value: T) => boolean,
  code: FieldCode,
  message: string,
  { stop = false }: { stop?: boolean } = {},
) {
  return z.refine<T>((value) => holds(value), { error: message, abort: stop, params: { code } });
}

type Issue = z.core.$ZodIssue;

/** The code of what a schema found in `value`. Our own rules name it; the kind of any other issue decides. */
export function codeOf(issue: Issue, value: unknown): FieldCode {
  switch (issue.code) {
    case "custom":
      return (issue.params?.code as FieldCode | undefined) ?? "invalid";
    case "invalid_type":
      return isMissing(issue, value) ? "required" : "wrong_type";
    default:
      return "invalid";
  }
}

function isMissing({ path }: Issue, value: unknown): boolean {
  let at: unknown = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return at === undefined;
}

/** Length in code points, which users see as characters. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function passwordCharacters(password: string): number {
  return Math.min(characters(password), characters(password.normalize("NFC")));
}

/** Length in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** PostgreSQL can't store U+0000, and a lone surrogate has no UTF-8. Either would be lost silently, so both are refused. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** A string that can be stored. Its messages begin with `label`: `Name is required`. */
export function storable(label: string) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? `${label} is required` : `${label} must be text`),
    })
    .check(
      rule(
        isStorable,
        "unstorable",
        `${label} has a character that can't be stored (U+0000 or half of a surrogate pair)`,
        { stop: true },
      ),
    );
}

/** The rule that a string is not empty. */
export function required(label: string) {
  return rule((text: string) => text !== "", "required", `${label} is required`, { stop: true });
}

/** The rule that a string has at most `max` characters. */
export function atMost(max: number, label: string, length: (text: string) => number = characters) {
  return rule(
    (text: string) => length(text) <= max,
    "too_long",
    `${label} is too long (${max} characters at most)`,
  );
}

/** The form of a token (token.ts). */
export const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A UUID of any version, in any case; `message` is for anything else. */
export function uuid(message: string) {
  return z.string({ error: message }).check(z.regex(UUID, message), z.toLowerCase());
}

export const Id = uuid("Id must be a UUID");

export const Name = storable("Name").check(
  z.trim(),
  required("Name"),
  rule(
    isOneLine,
    "unstorable",
    "Name has a control character, such as a tab or the end of a line: use a space instead",
    { stop: true },
  ),
  atMost(NAME_MAX, "Name"),
);

/** Compared and stored in lower case, without surrounding space. */
export const Email = storable("Email").check(
  z.trim(),
  z.toLowerCase(),
  required("Email"),
  rule((email) => email.length <= EMAIL_MAX && z.regexes.email.test(email), "invalid", "Invalid email"),
);

/** A password that a user chooses. */
export const NewPassword = storable("Password").check(
  required("Password"),
  rule(
    (password) => passwordCharacters(password) >= PASSWORD_MIN,
    "too_short",
    `Password is too short (${PASSWORD_MIN} characters at least)`,
  ),
  atMost(PASSWORD_MAX, "Password", passwordCharacters),
);

/** A password that a user confirms. It may be shorter than a new one. */
export const Password = storable("Password").check(
  required("Password"),
  atMost(PASSWORD_MAX, "Password", passwordCharacters),
);

/** A time in the contract's form: ISO 8601 in UTC with milliseconds. */
export const Time = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "must be an ISO 8601 time in UTC"));

/** Whether `time` has the contract's form, and exists in the calendar and in PostgreSQL. */
export function isTime(time: string): boolean {
  if (time < "0001" || Number.isNaN(Date.parse(time))) return false;
  return Time.safeParse(time).success && new Date(time).toISOString() === time;
}

/** The largest integer of PostgreSQL. */
export const VERSION_MAX = 2_147_483_647;

/** The version that an If-Match names, and an ETag carries. */
export const Version = z.int().check(z.minimum(1), z.maximum(VERSION_MAX));
