// Where the focus goes when the user arrives somewhere: to what they came for, which a screen reader then announces. What happens when
// what had it is gone: lost-focus.ts.
import { createEffect, on, onMount } from "solid-js";
import { settle } from "./lazily.ts";

let hasArrived = false;

/** Moves the focus to what the user came for, but on the first page not away from what they began while that was loading. */
export function arriveAt(target: HTMLElement | null | undefined): void {
  if (hasArrived || document.activeElement === document.body) target?.focus({ preventScroll: true });
  hasArrived = true;
}

/** Arrives at the heading of a page that needs no list or note before it shows its main content. */
export function useArrival(heading: () => HTMLElement | null): void {
  onMount(() => {
    arriveAt(heading());
    settle();
  });
}

export const NOTE_HEADING = "main .reader h1[tabindex]";

/** The heading of the open note, or else of the list or page. */
export function mainHeading(): HTMLElement | null {
  return document.querySelector<HTMLElement>(NOTE_HEADING) ?? document.querySelector("main h1");
}

/** Back in a list, the focus returns to the row of the note that was open beside it. */
export function useReturn(openId: () => string | undefined): void {
  createEffect(
    on(openId, (id, before) => {
      if (id || !before) return;
      const row = () => inRows().find(({ dataset }) => dataset.id === before);
      queueMicrotask(() => row()?.focus());
    }),
  );
}

/** What has the focus in a row of a list, with the id of its note. */
export function inRows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("main :is(a, button)[data-id]")];
}
