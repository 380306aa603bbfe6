/** How many units two texts or lists have in common at their beginnings, and behind that at their ends. */
export function sharedEnds(
  one: ArrayLike<unknown>,
  other: ArrayLike<unknown>,
): { start: number; end: number } {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start++;
  let end = 0;
  while (end < most - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  return { start, end };
}
