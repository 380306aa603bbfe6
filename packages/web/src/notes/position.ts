// The position in a note that is in view: the same while reading and writing.

/** A line of the note's source, from 0, with the part of it that is above the view; or how far above its text the view begins. */
export type Position = { line: number } | { top: number };

const left = new Map<string, Position>();

/** Keeps the position in a note for who shows it next. */
export function leavePosition(id: string, position: Position): void {
  left.set(id, position);
}

/** The position at which the note was left, once. */
export function takePosition(id: string): Position | undefined {
  const position = left.get(id);
  left.delete(id);
  return position;
}
