// A list of notes that grows page by page as the reader goes on, each note once. The router keeps it for the way back,
// with all the pages that it had.
import { type NotePage, type NoteSummary, ORDER_DEFAULT, Order, QUERY_MAX } from "@notejam/core/note/schema";
import { batch, createSignal } from "solid-js";
import { asProblem, type Problem } from "../data/problem.ts";

export interface NoteFilter {
  /** A pad's id; all notes where it is missing. */
  pad?: string;
  /** What the reader looks for. */
  q?: string;
  order: Order;
}

/** The list that an address asks for. What no list can have is as if it were not said. */
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
  /** Why the last page did not come. */
  problem(): Problem | undefined;
  /** Reads the next page, if there is one and it is not being read; resolves when it is there or has failed. */
  loadMore(): Promise<void>;
}

/** Reads the first page. @throws Problem */
export async function openNoteList(read: ReadPage): Promise<NoteList> {
  const first = await read(undefined);
  const [notes, setNotes] = createSignal<readonly NoteSummary[]>(first.notes);
  const [total, setTotal] = createSignal(first.total);
  const [cursor, setCursor] = createSignal(first.nextCursor);
  const [isLoading, setLoading] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();

  let reading: Promise<void> | undefined;

  async function readOn(after: string): Promise<void> {
    setLoading(true);
    setProblem(undefined);
    try {
      const page = await read(after);
      batch(() => {
        // A note that was changed meanwhile can come again further on: it stays where it was seen.
        const seen = new Set(notes().map((note) => note.id));
        setNotes([...notes(), ...page.notes.filter((note) => !seen.has(note.id))]);
        setTotal(page.total);
        setCursor(page.nextCursor);
      });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setLoading(false);
      reading = undefined;
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
      reading ??= readOn(after);
      await reading;
    },
  };
}
