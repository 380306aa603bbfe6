// Where the focus goes when the user arrives somewhere. A screen reader announces the first page by its title in the tab, and
// the next ones by the focus.
let hasArrived = false;

/** Moves the focus to what the user came for, but not on the first page, which begins at its top. */
export function arriveAt(target: HTMLElement | null | undefined): void {
  if (hasArrived) target?.focus({ preventScroll: true });
  hasArrived = true;
}
