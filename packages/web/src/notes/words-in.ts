/** Words of a text, roughly: what stands between spaces. */
export function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
