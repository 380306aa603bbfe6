// Where the focus goes when the user arrives somewhere. A screen reader announces the first page by its title in the tab, and
// the next ones by the focus.
import { onMount } from "solid-js";
import { settle } from "./lazily.ts";

let hasArrived = false;

/** Moves the focus to what the user came for, but not on the first page, which begins at its top. */
export function arriveAt(target: HTMLElement | null | undefined): void {
  if (hasArrived) target?.focus({ preventScroll: true });
  hasArrived = true;
}

/** Arrives at the heading of a page that needs no list or note before it shows its main content. */
export function useArrival(heading: () => HTMLElement | null): void {
  onMount(() => {
    arriveAt(heading());
    settle();
  });
}
