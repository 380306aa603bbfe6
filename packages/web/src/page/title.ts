// The title of the tab: the open note's name, or else the list's or the page's.
import { createEffect, createRoot, createSignal, onCleanup } from "solid-js";
import { isolated } from "../words/isolated.ts";

const [titles, setTitles] = createSignal<readonly { of(): string; rank: number }[]>([]);

createRoot(() => {
  createEffect(() => {
    const [first] = [...titles()].sort((a, b) => b.rank - a.rank);
    const title = first?.of();
    document.title = title ? `${isolated(title)} · Notejam` : "Notejam";
  });
});

/**
 * Shows a title as long as the component is there.
 * @param rank which of several titles is shown: the highest
 */
export function useTitle(of: () => string, rank: number): void {
  const entry = { of, rank };
  setTitles((all) => [...all, entry]);
  // A write from a cleanup is lost if the transition that runs it has changed the same signal, so this waits until it is over.
  onCleanup(() => queueMicrotask(() => setTitles((all) => all.filter((one) => one !== entry))));
}

export const RANK = { list: 0, page: 0, note: 1 } as const;
