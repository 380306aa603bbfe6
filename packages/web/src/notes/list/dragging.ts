// Notes that are dragged from a list onto a pad.
import type { NoteSummary } from "@notejam/core/note/schema";
import { createSignal } from "solid-js";

/** Says that notes are dragged, and not another link. */
const TYPE = "application/x-notejam-notes";

/** The notes that are dragged. Until they are dropped, a page may not read the data of a drag. */
let carried: readonly NoteSummary[] = [];

/** Begins to drag notes. */
export function carry(event: DragEvent, notes: readonly NoteSummary[]): void {
  carried = notes;
  event.dataTransfer?.setData(TYPE, "");
}

/** The handlers of a place that takes notes, and whether notes are over it. */
export function createDrop(take: (notes: readonly NoteSummary[]) => void) {
  const [isOver, setOver] = createSignal(false);
  const hasNotes = (event: DragEvent) => event.dataTransfer?.types.includes(TYPE) === true;
  return {
    isOver,
    handlers: {
      onDragOver(event: DragEvent) {
        if (!hasNotes(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop(event: DragEvent) {
        setOver(false);
        if (!hasNotes(event)) return;
        event.preventDefault();
        take(carried);
      },
    },
  };
}
