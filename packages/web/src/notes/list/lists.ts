// The lists that this tab has loaded. The last few are kept, with their scroll position, so that the way back shows them at once.
import type { NoteSummary } from "@notejam/core/note/schema";
import { api } from "../../data/api.ts";
import { parseId } from "../../data/id.ts";
import type { Page } from "../../data/paged.ts";
import { onOtherUser } from "../../data/session.ts";
import { addressOf, type ListFilter } from "./filter.ts";
import type { ListQuery } from "./found.ts";
import { type ListedNote, NoteList, type Placed, type PlacedNote } from "./note-list.ts";

const KEPT = 10;
/** Notes in a page: as many as the API gives. */
const PAGE = "100";

const lists = new Map<string, NoteList>();
onOtherUser(() => lists.clear());

/** The list of a filter, loaded or not. */
export function listOf(filter: ListFilter): NoteList {
  const key = addressOf(filter);
  const list = lists.get(key) ?? new NoteList(filter, (cursor, signal) => readPage(filter, cursor, signal));
  // The last one is the newest.
  lists.delete(key);
  lists.set(key, list);
  const [oldest] = lists.keys();
  if (lists.size > KEPT && oldest !== undefined) lists.delete(oldest);
  return list;
}

async function readPage(
  filter: ListFilter,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page<ListedNote>> {
  const { view, pad, tag, q, order } = filter;
  const query: ListQuery = {
    order,
    limit: PAGE,
    archived: view === "archive" ? "true" : "false",
    ...(view === "pinned" && { pinned: "true" }),
    ...(view === undefined && { pinned: "first" }),
    ...(pad !== undefined && { pad: parseId(pad) }),
    ...(tag !== undefined && { tag }),
    ...(cursor !== undefined && { cursor }),
  };
  if (q !== undefined) return (await import("./found.ts")).findPage(query, q, signal);
  const { notes, ...page } = await (await api.notes.$get({ query }, { init: { signal } })).json();
  return { rows: notes, ...page };
}

/** Shows a note that was written in every list. @param before as for `NoteList.put` */
export function putIntoLists(note: PlacedNote, before: Placed | null | undefined): void {
  for (const list of lists.values()) list.put(note, before);
}

/** Removes a deleted note from every list. */
export function removeFromLists(note: { id: string } & Placed): void {
  for (const list of lists.values()) list.remove(note);
}

/** A note as one of the lists has it. */
export function listedNote(id: string): NoteSummary | undefined {
  for (const list of lists.values()) {
    const found = list.rows.find((note) => note.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Every list is read again when it is opened next. */
export function expireLists(): void {
  for (const list of lists.values()) list.expire();
}
