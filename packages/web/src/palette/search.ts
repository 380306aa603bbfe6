// Finds notes as a user types.
import { sleep } from "@notejam/client/retry";
import type { FoundNote } from "@notejam/core/search/schema";
import { type Accessor, createEffect, createMemo, createSignal } from "solid-js";
import { quietApi } from "../data/api.ts";
import { createLatest } from "../data/latest.ts";
import type { Query } from "../notes/query.ts";

/** How long typing must pause before the service is asked. */
const PAUSE_SECONDS = 0.18;
const FOUND_MOST = "20";

export interface Wanted extends Query {
  /** A pad's id: only in it. */
  pad?: string | undefined;
}

/** What is found for `wanted`; before the answer, what was found for the query before it. */
export function createSearch(wanted: Accessor<Wanted>) {
  const [found, setFound] = createSignal<readonly FoundNote[]>([]);
  const [isSearching, setSearching] = createSignal(false);
  const sought = createMemo(() => (isEmpty(wanted()) ? undefined : wanted()));
  createEffect(() => {
    setSearching(sought() !== undefined);
    if (!sought()) setFound([]);
  });
  const { problem } = createLatest(sought, search, (answer) => {
    setFound(answer);
    setSearching(false);
  });
  return { found, problem, isSearching };
}

async function search({ pad, ...sought }: Wanted, signal: AbortSignal): Promise<FoundNote[]> {
  await sleep(PAUSE_SECONDS, signal);
  const query = { limit: FOUND_MOST, archived: "false" as const, ...sought, ...(pad && { pad }) };
  const response = await quietApi.search.$get({ query }, { init: { signal } });
  return (await response.json()).found;
}

/** Whether nothing is sought: a pad alone is no search. */
function isEmpty({ pad: _, ...sought }: Wanted): boolean {
  return Object.values(sought).every((part) => part === "");
}
