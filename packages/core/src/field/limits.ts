// Limits and rules of fields that a page reads without loading a schema.

/** Characters (code points) in a name, after trimming. */
export const NAME_MAX = 100;

/** Characters (code points) in a password, composed if that is shorter: keyboards compose differently. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

/** What a name can't have: it is one line in each list, title and mail that shows it. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/u;

export function isOneLine(name: string): boolean {
  return !CONTROL.test(name);
}

/** A name as one line, with a space in the place of what can't be in it: for names that are pasted, derived or imported. */
export function oneLine(name: string): string {
  return name.replace(new RegExp(CONTROL, "gu"), " ");
}
