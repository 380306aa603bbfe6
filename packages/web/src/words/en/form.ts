// What forms and the editor say about their fields: what they are called, and what is wrong with them.
import type { FieldCode } from "@notejam/core/field/schema";

const linkIsDead = "This link has expired or was already used. Ask for a new one.";

export const en = {
  /** By the API's name. */
  field: {
    email: "Email",
    password: "Password",
    currentPassword: "Current password",
    newPassword: "New password",
    name: "Name",
    text: "Text",
  },
  /** By the API's code. What an account has reached or what is taken says the problem's own code. */
  wrong: {
    required: "{{ field }} is required",
    wrong_type: "{{ field }} must be text",
    too_short: "{{ field }} is too short ({{ limit }} characters at least)",
    too_long: "{{ field }} is too long ({{ limit }} characters at most)",
    unstorable: "{{ field }} has a character that can’t be stored (U+0000 or half of a surrogate pair)",
    invalid: "{{ field }} is not valid",
    unknown: "{{ field }} is not known to the service. Reload the page.",
    duplicate: "{{ field }} was sent twice",
    not_found: "{{ field }} is not there any more",
    wrong: "{{ field }} is not correct",
    expired: "{{ field }} has expired",
  } satisfies Record<Exclude<FieldCode, "taken" | "limit_reached">, string>,
  /** Instead of those, for a field and its code. */
  wrongIn: {
    email: { invalid: "Invalid email" },
    text: { too_long: "Text is too long ({{ limit }} KiB at most)" },
    name: { unstorable: "Name has a control character, such as a tab: use a space instead" },
    padId: { invalid: "This pad is not there any more", not_found: "This pad is not there any more" },
    token: { required: linkIsDead, invalid: linkIsDead, expired: linkIsDead },
  },
  mismatch: "Passwords do not match",
} as const;
