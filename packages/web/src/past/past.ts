// Notes as they stood at a time: listed, read, and restored from there.
import { isProblem } from "@notejam/client/problem";
import type { PastNote, PastNoteWithText, PastPage } from "@notejam/core/history/schema";
import { api } from "../data/api.ts";
import { parseId } from "../data/id.ts";
import { Paged } from "../data/paged.ts";
import { expireLists } from "../notes/list/lists.ts";
import { places } from "../places/places.ts";

/** Rows in a page: as many as the API gives. */
const PAGE = "100";

export type PastPad = PastPage["pads"][number];

export interface Wanted {
  /** ISO 8601. */
  at: string;
  /** A pad's id: only its notes. */
  pad?: string | undefined;
}

export async function readPage(
  { at, pad }: Wanted,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<PastPage> {
  const query = {
    at,
    limit: PAGE,
    ...(pad !== undefined && { pad: parseId(pad) }),
    ...(cursor !== undefined && { cursor }),
  };
  return (await api.history.$get({ query }, { init: { signal } })).json();
}

/** What the first page says beside its notes. */
export type Beside = Pick<PastPage, "pads" | "firstAt">;

/** What is said in an empty list. */
export interface Empty {
  hint: string;
  /** What leads to notes. */
  go?: { words: string; act: () => void };
}

/** @param beside is told what the first page says beside its notes */
export function notesAt(wanted: Wanted, beside: (beside: Beside) => void): Paged<PastNote> {
  return new Paged<PastNote>(
    async (cursor, signal) => {
      const { notes, ...page } = await readPage(wanted, cursor, signal);
      if (cursor === undefined) beside(page);
      return { rows: notes, total: page.total, nextCursor: page.nextCursor };
    },
    ({ id }) => id,
  );
}

/** @throws Problem `not_found` if it did not stand then */
export async function readNoteAt(
  { id, at }: { id: string; at: string },
  signal: AbortSignal,
): Promise<PastNoteWithText> {
  const param = { id: parseId(id) };
  const response = await api.history.notes[":id"].$get({ param, query: { at } }, { init: { signal } });
  return (await response.json()).note;
}

/**
 * Gives notes what they had then, as new versions.
 * @returns their versions by their ids @throws Problem
 */
export async function restoreAt(at: string, ids: readonly string[]): Promise<Map<string, number>> {
  const response = await api.history.restore.$post({ json: { at, ids: [...ids] } });
  const { notes } = await response.json();
  expireLists();
  places.changed();
  return new Map(notes.map(({ id, version }) => [id, version]));
}

/** Whether a note is there now, and not in the trash. @throws Problem */
export async function isLive(id: string): Promise<boolean> {
  try {
    await api.notes[":id"].$get({ param: { id } });
    return true;
  } catch (thrown) {
    if (isProblem(thrown, "not_found")) return false;
    throw thrown;
  }
}
