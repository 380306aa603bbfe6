// How many words a save adds and removes, for the history. It looks only at what differs, so that it costs a long text nothing.
import { sharedEnds } from "./shared-ends.ts";

/** What is counted, in UTF-16 units: of a longer difference, only how many words more or less there are. */
const COUNTED_MAX = 64 * 1024;

/** Words are what stands between spaces. A word that only moved within what differs is neither added nor removed. */
export function wordsChanged(before: string, after: string): { added: number; removed: number } {
  if (before === after) return { added: 0, removed: 0 };
  let { start, end } = sharedEnds(before, after);
  // Back to the borders of words, which are the same in both.
  while (start > 0 && isInWord(before[start - 1])) start--;
  while (end > 0 && isInWord(before[before.length - end])) end--;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const [oldWords, nowWords] = [wordsOf(old), wordsOf(now)];
  if (Math.max(old.length, now.length) > COUNTED_MAX) {
    const more = nowWords.length - oldWords.length;
    return { added: Math.max(0, more), removed: Math.max(0, -more) };
  }
  const counts = new Map<string, number>();
  for (const word of oldWords) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of nowWords) {
    const count = counts.get(word) ?? 0;
    if (count === 0) continue;
    counts.set(word, count - 1);
    shared++;
  }
  return { added: nowWords.length - shared, removed: oldWords.length - shared };
}

function isInWord(character: string | undefined): boolean {
  return character !== undefined && /\S/.test(character);
}

function wordsOf(text: string): string[] {
  return text.match(/\S+/g) ?? [];
}
