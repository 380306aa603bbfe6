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
/** Whether something was written after they were asked for, so that the answer may lack it. */
let wasWritten = false;
/** Stands for the user whose they are: an answer for another one is dropped. */
let owner = {};
let timer: ReturnType<typeof setTimeout> | undefined;

onOtherUser(() => {
  clearTimeout(timer);
  loading = undefined;
  owner = {};
  setAll(undefined);
});

/** Reads them, again if they were changed meanwhile. */
async function read(): Promise<void> {
  const own = owner;
  setProblem(undefined);
  try {
    do {
      wasWritten = false;
      const read = await (await api.places.$get()).json();
      if (own !== owner) return;
      // After a write, what is shown here is newer than this answer.
      if (!wasWritten || !all()) setAll(read);
    } while (wasWritten);
  } catch (thrown) {
    if (own === owner) setProblem(asProblem(thrown));
  } finally {
    if (own === owner) loading = undefined;
  }
}

export const places = {
  /** Undefined until they are loaded. */
  all,
  /** Why they could not be loaded. */
  problem,

  /** Reads them. Resolves when they have arrived or failed. */
  load(): Promise<void> {
    loading ??= read();
    return loading;
  },

  /** Something was written that changes the counts. */
  changed(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      wasWritten = true;
      void places.load();
    }, RELOAD_AFTER_MS);
  },

  /** Shows other pads until they are read again. */
  setPads(change: (pads: readonly Pad[]) => Pad[]): void {
    wasWritten = true;
    setAll((known) => known && { ...known, pads: change(known.pads) });
  },
};
