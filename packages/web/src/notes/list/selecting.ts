// Selects notes of a list: by keys, by a long press, and by a press once a selection has begun.
import { useKeys } from "../../page/keys.ts";
import { onLongPress } from "./long-press.ts";
import type { Selection } from "./selection.ts";

/**
 * @param rows what has the rows, each with the id of its note in `data-id`
 * @param notes those of the rows, in their order
 * @returns the handlers of `rows`
 */
export function useSelecting(
  selection: Selection,
  rows: () => HTMLElement,
  notes: () => readonly { id: string }[],
) {
  const extendTo = (id: string) => selection.extendTo(id, notes());
  function selectFocused(how: (id: string) => void): boolean {
    const focused = document.activeElement;
    const id = rows().contains(focused) ? noteAt(focused) : undefined;
    if (id !== undefined) how(id);
    return id !== undefined;
  }
  useKeys(
    {
      x: () => selectFocused((id) => selection.toggle(id)),
      "shift+x": () => selectFocused(extendTo),
      escape: () => {
        if (!selection.isOpen) return false;
        selection.close();
        return true;
      },
    },
    true,
  );
  return {
    "on:click"(event: MouseEvent) {
      const id = noteAt(event.target as Element);
      if (id === undefined || !selection.isOpen || event.ctrlKey || event.metaKey) return;
      // Instead of opening it.
      event.preventDefault();
      if (event.shiftKey) extendTo(id);
      else selection.toggle(id);
    },
    ...onLongPress((target) => {
      const id = noteAt(target);
      if (id !== undefined && !selection.isOpen) selection.toggle(id);
    }),
  };
}

/** The id of the note whose row an element is in. */
export function noteAt(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>("[data-id]")?.dataset.id;
}
