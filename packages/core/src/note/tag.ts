// The name of a tag: which characters it may have, and how it is stored and compared. It runs in a browser too.

/** Code points in a name, as it is stored. */
export const TAG_MAX = 50;

/** The characters of a name. A letter may consist of several code points. */
export const TAG_PATTERN = String.raw`[\p{L}\p{Nd}_\-/][\p{L}\p{M}\p{Nd}_\-/]*`;

const WHOLE_NAME = new RegExp(`^${TAG_PATTERN}(?<![-/])$`, "u");

/**
 * Which tags are sought: the one with this name, and those under it. A slash ends a name that others are under, `work/meeting`,
 * so something may be sought that is no tag itself: `2026` of `2026/trip`.
 * @param written without `#`
 * @returns the name as it is stored; undefined if no tag has it, or is under it
 */
export function tagSought(written: string): string | undefined {
  return tagName(written) ?? (tagName(`${written}/a`)?.slice(0, -2) || undefined);
}

/**
 * A name as it is stored: in Unicode's normal form C and in lower case.
 * @param written without `#`
 * @returns undefined if it can't be the name of a tag
 */
export function tagName(written: string): string | undefined {
  // Normal form C makes one of at most four code points, so this can't be short enough, and need not be read.
  if (written.length > 8 * TAG_MAX || !WHOLE_NAME.test(written) || !/\p{L}/u.test(written)) return undefined;
  const name = written.normalize("NFC").toLowerCase().normalize("NFC");
  return [...name].length <= TAG_MAX ? name : undefined;
}
