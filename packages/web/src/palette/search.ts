// Finds notes as a user types.
import { sleep } from "@notejam/client/retry";
import type { Note } from "@notejam/core/note/schema";
import type { FoundNote } from "@notejam/core/search/schema";
import { type Accessor, createEffect, createMemo, createSignal } from "solid-js";
import { quietApi } from "../data/api.ts";
import { createLatest } from "../data/latest.ts";
import { leftNotes } from "../notes/left/left-notes.ts";
import { parseQuery, type Query } from "../notes/query.ts";
import { rangesOf } from "../ui/marked.tsx";

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

/** A note that was found, perhaps in what was left of it and is not saved. */
export type Found = FoundNote & { isLeft?: true };

/** What the service found, and what was left of notes over it. */
export function withLeft(found: readonly FoundNote[], typed: string): Found[] {
  const { q } = parseQuery(typed);
  const left = leftNotes().filter(
    (one) => one.isFoundBy(typed) || found.some(({ id }) => id === one.note.id),
  );
  const others = found.filter(({ id }) => !left.some(({ note }) => note.id === id));
  return [...left.map(({ note }) => foundIn(note, q)), ...others];
}

/** How much of the text stands before what was found in it, and in all. */
const SNIPPET = { before: 40, length: 160 };

function foundIn({ text, tags: _, ...note }: Note, q: string): Found {
  const at = rangesOf(text, q)[0]?.[0] ?? 0;
  const from = Math.max(0, at - SNIPPET.before);
  const end = from + SNIPPET.length;
  const snippet = `${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
  return {
    ...note,
    snippet,
    inName: rangesOf(note.name, q),
    inSnippet: rangesOf(snippet, q),
    isLeft: true,
  };
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
