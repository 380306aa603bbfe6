// The position in a note that is in view: the same while reading and writing, and over a reload.
import { onCleanup } from "solid-js";
import { keepForReload, keptBefore, onHidden } from "../data/reload.ts";

/** A line of the note's source, from 0, with the part of it that is above the view; or how far above its text the view begins. */
export type Position = ({ line: number } | { top: number }) & {
  /** Where the caret is, in UTF-16 units. */
  caret?: number;
};

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

// --- over a reload ----------------------------------------------------------------------------------------------------

const KEPT = "notejam:position";

const kept = keptBefore<[id: string, position: Position]>(KEPT);
if (kept) leavePosition(...kept);

/** Keeps the position in the note that is shown for the page after a reload, as long as the component is there. */
export function keepPosition(id: () => string, position: () => Position): void {
  onHidden(() => keepForReload(KEPT, [id(), position()]));
  // What was shown before a list is none of its place.
  onCleanup(() => keepForReload(KEPT, undefined));
}
