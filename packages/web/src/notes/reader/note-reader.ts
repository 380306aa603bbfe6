// Reads the note that is opened.
import type { Problem } from "@notejam/client/problem";
import type { Note } from "@notejam/core/note/schema";
import { useParams } from "@solidjs/router";
import { batch, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { whenOnline } from "../../data/online.ts";
import { asProblem } from "../../data/problem.ts";
import { changedNote, keptNote, readNote } from "../notes.ts";

/** The id in the address. The router removes its parameters before it removes the pane; until then this is the last id. */
export function createNoteId(): () => string {
  const params = useParams<{ id?: string }>();
  return createMemo<string>((before) => params.id?.toLowerCase() ?? before, "");
}

/** Reads the note of an id: the one that this tab knows at once, and as it is now. Only the last request goes on. */
export function createNoteReader(id: () => string) {
  const [note, setNote] = createSignal<Note>();
  const [problem, setProblem] = createSignal<Problem>();
  const [isCurrent, setCurrent] = createSignal(false);
  let request: AbortController | undefined;

  async function read(wanted: string): Promise<void> {
    request?.abort();
    const own = new AbortController();
    request = own;
    setProblem(undefined);
    try {
      const found = await readNote(wanted, own.signal);
      if (own.signal.aborted) return;
      batch(() => {
        setNote((before) => (before && isSame(before, found) ? before : found));
        setCurrent(true);
      });
    } catch (thrown) {
      if (!own.signal.aborted) setProblem(asProblem(thrown));
    }
  }
  createEffect(
    on(id, (wanted) => {
      setNote(keptNote(wanted));
      setCurrent(false);
      void read(wanted);
    }),
  );
  createEffect(() => {
    const now = changedNote();
    if (now?.id === id()) setNote(now);
  });
  const again = () => void read(id());
  whenOnline(() => problem() && again());
  onCleanup(() => request?.abort());
  return {
    /** As this tab knows it; undefined if it does not. */
    note: () => (note()?.id === id() ? note() : undefined),
    /** Whether it is as the service has it now. */
    isCurrent,
    problem,
    again,
  };
}

/** Whether two answers show the same: then what is rendered stays. */
function isSame(a: Note, b: Note): boolean {
  const names = Object.keys(b) as (keyof Note)[];
  return names.every((name) => a[name] === b[name] || JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
