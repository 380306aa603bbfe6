// Where the focus goes when what had it is gone: to where the user went on from. It watches from when it is loaded.
import { inRows, mainHeading, NOTE_HEADING } from "./focus.ts";

/** Where the focus was. */
interface Stay {
  element: HTMLElement;
  /** Whether it was in the pane beside the list. */
  isReading: boolean;
  /** The row that it was in, or whose note it was in, and all rows in their order, by the ids of their notes. */
  row: string | undefined;
  rows: readonly string[];
}

/** The last ones of the main part and of dialogs. The last one is the newest. */
const stays: Stay[] = [];
const STAYS_MAX = 10;
/** How long what loads in the place of a note may take until it has the focus. */
const ARRIVES_WITHIN_MS = 300;

document.addEventListener("focusin", ({ target }) => remember(target as HTMLElement));
remember(document.activeElement as HTMLElement);

function remember(element: HTMLElement): void {
  const at = stays.findIndex((stay) => stay.element === element);
  if (at >= 0) stays.splice(at, 1);
  const isReading = element.closest(".reader:not(.full)") !== null;
  const all = inRows();
  const own = element.closest<HTMLElement>("main [data-id]");
  const row = own ?? (isReading ? all.find((one) => one.ariaCurrent === "true") : undefined);
  const rows = row ? all.map(({ dataset }) => dataset.id ?? "") : [];
  stays.push({ element, isReading, row: row?.dataset.id, rows });
  if (stays.length > STAYS_MAX) stays.shift();
}

/** Whether what had the focus is gone, and nothing else has it. */
function isLost(): boolean {
  return document.activeElement === document.body && stays.at(-1)?.element.isConnected === false;
}

/**
 * Gives a lost focus to where it was before: to the same row, the one that followed it, or what was pressed before that; or else to
 * the heading.
 */
function recoverFocus(): void {
  if (!isLost()) return;
  const all = inRows();
  const rowOf = (id: string) => all.find(({ dataset }) => dataset.id === id);
  const note = document.querySelector<HTMLElement>(NOTE_HEADING);
  const back = stays.toReversed().flatMap(({ element, isReading, row, rows }) => {
    const at = rows.indexOf(row ?? "");
    const near = [...rows.slice(at), ...rows.slice(0, Math.max(0, at)).reverse()].map(rowOf);
    // Who reads a note stays there, also if it is another one now.
    if (isReading && note) return [element, note];
    return element.closest("main, dialog") ? [element, ...near] : near;
  });
  for (const element of [...back, mainHeading()]) {
    // What is hidden, or below a dialog, can't have it.
    element?.focus({ preventScroll: true });
    if (element && element === document.activeElement) return;
  }
}

new MutationObserver(() => {
  if (!isLost()) return;
  const isLoading = document.querySelector("main .reader .bones") !== null;
  if (stays.at(-1)?.isReading && isLoading) setTimeout(recoverFocus, ARRIVES_WITHIN_MS);
  // The next key may come at once.
  else recoverFocus();
}).observe(document.documentElement, { childList: true, subtree: true });
