// The place in a note that is in view: the same while reading and writing.

/** A line of the note's source, from 0, with the part of it that is above the view; or how far above its text the view begins. */
export type Place = { line: number } | { top: number };

const left = new Map<string, Place>();

/** Keeps the place in a note for who shows it next. */
export function leavePlace(id: string, place: Place): void {
  left.set(id, place);
}

/** The place at which the note was left, once. */
export function takePlace(id: string): Place | undefined {
  const place = left.get(id);
  left.delete(id);
  return place;
}
