// Finds notes as a user types: one request at a time, given up for the next one.
import type { Problem } from "@notejam/client/problem";
import type { FoundNote } from "@notejam/core/search/schema";
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import { quietApi } from "../data/api.ts";
import { asProblem } from "../data/problem.ts";
import type { Query } from "../notes/query.ts";

/** How long typing must pause before the service is asked. */
const PAUSE_MS = 180;
const FOUND_MOST = "20";

export interface Wanted extends Query {
  /** A pad's id: only in it. */
  pad?: string | undefined;
}

/** What is found for `wanted`; before the answer, what was found for the query before it. */
export function createSearch(wanted: Accessor<Wanted>) {
  const [found, setFound] = createSignal<readonly FoundNote[]>([]);
  const [problem, setProblem] = createSignal<Problem>();
  const [isSearching, setSearching] = createSignal(false);

  createEffect(() => {
    const sought = wanted();
    const own = new AbortController();
    setProblem(undefined);
    if (isEmpty(sought)) {
      setFound([]);
      setSearching(false);
      return;
    }
    setSearching(true);
    const timer = setTimeout(() => void search(sought, own.signal), PAUSE_MS);
    onCleanup(() => {
      clearTimeout(timer);
      own.abort();
    });
  });

  async function search({ pad, ...sought }: Wanted, signal: AbortSignal): Promise<void> {
    try {
      const query = { limit: FOUND_MOST, archived: "false" as const, ...sought, ...(pad && { pad }) };
      const response = await quietApi.search.$get({ query }, { init: { signal } });
      const answer = await response.json();
      if (!signal.aborted) setFound(answer.found);
    } catch (thrown) {
      if (!signal.aborted) setProblem(asProblem(thrown));
    } finally {
      if (!signal.aborted) setSearching(false);
    }
  }
  return { found, problem, isSearching };
}

/** Whether nothing is sought: a pad alone is no search. */
function isEmpty({ pad: _, ...sought }: Wanted): boolean {
  return Object.values(sought).every((part) => part === "");
}
