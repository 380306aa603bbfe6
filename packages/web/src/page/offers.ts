// What can be done with what a page shows. The page offers it while it is shown, and the palette lists it by the page's name.
import { createSignal, onCleanup } from "solid-js";

export interface Act {
  words: string;
  /** The keys that do the same, as they are shown. */
  keys?: readonly string[];
  act: () => void;
}

export interface Offer {
  /** The name of what is shown. */
  title: string;
  acts: readonly Act[];
}

const [offers, setOffers] = createSignal<readonly (() => Offer | undefined)[]>([]);

/** Offers acts as long as the component is shown. @param offer undefined while there is nothing to do */
export function offerActs(offer: () => Offer | undefined): void {
  setOffers((all) => [...all, offer]);
  onCleanup(() => setOffers((all) => all.filter((other) => other !== offer)));
}

/** What is offered now. */
export function offered(): Offer | undefined {
  return offers().at(-1)?.();
}
