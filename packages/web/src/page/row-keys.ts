// Keys that move the focus from row to row.
import { useKeys } from "./keys.ts";

/**
 * J and K move the focus to the next row and back, and so do the arrows while the focus is in the rows. It begins at the row
 * that is open, or else at the first one.
 * @param frame what the rows are in
 * @param targets what takes the focus in each row
 */
export function useRowKeys(frame: () => HTMLElement, targets: () => HTMLElement[]): void {
  function step(by: number): boolean {
    const all = targets();
    const from = all.findIndex((target) => rowOf(target).contains(document.activeElement));
    const opened = all.find((target) => target.getAttribute("aria-current") === "true");
    const next = from < 0 ? (opened ?? all[0]) : all[from + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next !== undefined;
  }
  const inRows = (by: number) => () => frame().contains(document.activeElement) && step(by);
  useKeys({ j: () => step(1), k: () => step(-1), arrowdown: inRows(1), arrowup: inRows(-1) }, true);
}

function rowOf(target: HTMLElement): Element {
  return target.closest(".row, li") ?? target;
}
