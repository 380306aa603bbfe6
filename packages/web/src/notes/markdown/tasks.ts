// Ticks tasks in a note's source, where the parser that drew their boxes found them. A box is `[ ]` or `[x]`; its position is that
// of its bracket, in UTF-16 units.

/** What can stand before a box in its line: the signs of the quotes and lists that it is in. */
const BOX = /[ \t>*+\-.)\d]*(?=\[[ xX]\])/y;

/** The position of the box of the task that begins in the line from `start` on. */
export function boxAfter(text: string, start: number): number | undefined {
  BOX.lastIndex = start;
  return BOX.test(text) ? BOX.lastIndex : undefined;
}

/** Whether the box at `at` is ticked. */
export function isDoneAt(text: string, at: number): boolean {
  return text[at + 1] !== " ";
}

/** `text` with the box at `at` ticked or not. */
export function withBox(text: string, at: number, isDone: boolean): string {
  return `${text.slice(0, at)}[${isDone ? "x" : " "}]${text.slice(at + "[ ]".length)}`;
}

/** Whether two texts are the same but for what is ticked in the boxes. @param boxes their positions, in any order */
export function areSameButForTicks(one: string, other: string, boxes: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  let from = 0;
  for (const at of boxes.toSorted((a, b) => a - b)) {
    const tick = at + 1;
    if (!/[ xX]/.test(other[tick] ?? "") || one.slice(from, tick) !== other.slice(from, tick)) return false;
    from = tick + 1;
  }
  return one.slice(from) === other.slice(from);
}
