// The fields that several things share, with their limits and the words for what is wrong. Safe in a browser: the
// API and the forms check with the same schemas, so a rule and its message are written once.
import * as z from "zod/mini";

/** Characters (code points) in a name, after trimming. */
export const NAME_MAX = 100;
/** Characters (code points) in a password. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;
/** Characters in an email address (RFC 5321, 4.5.3.1.3). */
export const EMAIL_MAX = 254;

/** Length in code points, which is what a reader would call characters. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Length in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** PostgreSQL stores no U+0000, and a lone surrogate has no UTF-8: either would be lost silently, so it is refused. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** A string that is there and can be stored; `label` begins each message: `Name is required`. */
export function storable(label: string) {
  return z
    .string({
      error: (issue) => (issue.input === undefined ? `${label} is required` : `${label} must be text`),
    })
    .check(
      z.refine(isStorable, {
        error: `${label} has a character that can't be kept (U+0000 or half of a surrogate pair)`,
        abort: true,
      }),
    );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID of any version, in any case; `message` says what is wrong with anything else. */
export function uuid(message: string) {
  return z.string({ error: message }).check(z.regex(UUID, message), z.toLowerCase());
}

export const Id = uuid("Id must be a UUID");

export const Name = storable("Name").check(
  z.trim(),
  z.refine((name) => name !== "", { error: "Name is required", abort: true }),
  z.refine((name) => characters(name) <= NAME_MAX, `Name is too long (${NAME_MAX} characters at most)`),
);

/** Compared without case and surrounding space, and kept that way. */
export const Email = storable("Email").check(
  z.trim(),
  z.toLowerCase(),
  z.refine((email) => email !== "", { error: "Email is required", abort: true }),
  z.refine((email) => email.length <= EMAIL_MAX && z.regexes.email.test(email), "Invalid email"),
);

/** A password that is being chosen. */
export const NewPassword = storable("Password").check(
  z.refine((password) => password !== "", { error: "Password is required", abort: true }),
  z.refine(
    (password) => characters(password) >= PASSWORD_MIN,
    `Password is too short (${PASSWORD_MIN} characters at least)`,
  ),
  z.refine(
    (password) => characters(password) <= PASSWORD_MAX,
    `Password is too long (${PASSWORD_MAX} characters at most)`,
  ),
);

/** A password that is being confirmed: whatever it is, only its being right matters. */
export const Password = storable("Password").check(
  z.refine((password) => password !== "", { error: "Password is required", abort: true }),
  z.refine(
    (password) => characters(password) <= PASSWORD_MAX,
    `Password is too long (${PASSWORD_MAX} characters at most)`,
  ),
);

/** A time of the contract: ISO 8601 in UTC with milliseconds. */
export const Time = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "must be an ISO 8601 time in UTC"));

/** The version that an If-Match names, and an ETag carries. */
export const Version = z.int().check(z.minimum(1), z.maximum(2_147_483_647));
