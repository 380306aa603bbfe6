// A list of notes that grows page by page, with each note once. The router keeps it with all its pages, so that the back
// button leads to the same place.
import type { Problem } from "@notejam/client/problem";
import { type NotePage, type NoteSummary, ORDER_DEFAULT, Order, QUERY_MAX } from "@notejam/core/note/schema";
import { batch, createSignal } from "solid-js";
import { asProblem } from "../data/problem.ts";

export interface NoteFilter {
  /** A pad's id. Without it, the list has all notes. */
  pad?: string;
  /** The text that is searched for. */
  q?: string;
  order: Order;
}

/** The filter in an address. Invalid parts are ignored. */
export function filterOf(query: Record<string, unknown>, pad?: string): NoteFilter {
  const order = Order.safeParse(query.order);
  const q = typeof query.q === "string" ? [...query.q].slice(0, QUERY_MAX).join("") : "";
  return {
    ...(pad === undefined ? {} : { pad }),
    ...(q === "" ? {} : { q }),
    order: order.success ? order.data : ORDER_DEFAULT,
  };
}

export type ReadPage = (cursor: string | undefined) => Promise<NotePage>;

export interface NoteList {
  notes(): readonly NoteSummary[];
  /** Notes in the whole list. */
  total(): number;
  hasMore(): boolean;
  isLoading(): boolean;
  /** Why the last page could not be loaded. */
  problem(): Problem | undefined;
  /** Loads the next page, if there is one, once at a time. Resolves when it has arrived or failed. */
  loadMore(): Promise<void>;
}

/** Reads the first page. @throws Problem */
export async function openNoteList(read: ReadPage): Promise<NoteList> {
  const first = await read(undefined);
  const [notes, setNotes] = createSignal<readonly NoteSummary[]>(first.notes);
  const [total, setTotal] = createSignal(first.total ?? 0);
  const [cursor, setCursor] = createSignal(first.nextCursor);
  const [isLoading, setLoading] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();

  let loading: Promise<void> | undefined;

  async function loadAfter(after: string): Promise<void> {
    setLoading(true);
    setProblem(undefined);
    try {
      const page = await read(after);
      batch(() => {
        // A note that was changed in the meantime can be on two pages. It stays where it was first.
        const seen = new Set(notes().map((note) => note.id));
        setNotes([...notes(), ...page.notes.filter((note) => !seen.has(note.id))]);
        if (page.total !== null) setTotal(page.total);
        setCursor(page.nextCursor);
      });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setLoading(false);
      loading = undefined;
    }
  }

  return {
    notes,
    total,
    hasMore: () => cursor() !== null,
    isLoading,
    problem,
    async loadMore() {
      const after = cursor();
      if (after === null) return;
      loading ??= loadAfter(after);
      await loading;
    },
  };
}
