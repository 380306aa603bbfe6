// Where the user's notes are: the pads and tags, and how many notes are in each place. Read once, and again after what
// changes the counts.
import type { Problem } from "@notejam/client/problem";
import type { Pad } from "@notejam/core/pad/schema";
import type { Places } from "@notejam/core/places/schema";
import { createSignal } from "solid-js";
import { api } from "../data/api.ts";
import { asProblem } from "../data/problem.ts";
import { onOtherUser } from "../data/session.ts";

/** Several changes at once lead to one request. */
const RELOAD_AFTER_MS = 300;

const [all, setAll] = createSignal<Places>();
const [problem, setProblem] = createSignal<Problem>();
let loading: Promise<void> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

onOtherUser(() => {
  clearTimeout(timer);
  loading = undefined;
  setAll(undefined);
});

export const places = {
  /** Undefined until they are loaded. */
  all,
  /** Why they could not be loaded. */
  problem,

  /** Reads them. Resolves when they have arrived or failed. */
  load(): Promise<void> {
    loading ??= (async () => {
      setProblem(undefined);
      try {
        const read = await (await api.places.$get()).json();
        setAll(read);
      } catch (thrown) {
        setProblem(asProblem(thrown));
      } finally {
        loading = undefined;
      }
    })();
    return loading;
  },

  /** Something was written that changes the counts. */
  changed(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void places.load(), RELOAD_AFTER_MS);
  },

  /** Shows other pads until they are read again. */
  setPads(change: (pads: readonly Pad[]) => Pad[]): void {
    setAll((known) => known && { ...known, pads: change(known.pads) });
  },
};
