// The lists that this tab has loaded. The last few are kept, with their place, so that the way back shows them at once.
import type { Note } from "@notejam/core/note/schema";
import { api } from "../../data/api.ts";
import { parseId } from "../../data/id.ts";
import { onOtherUser } from "../../data/session.ts";
import type { ListFilter } from "./filter.ts";
import { NoteList } from "./note-list.ts";

const KEPT = 10;
/** Notes in a page: as many as the API gives. */
const PAGE = "100";

const lists = new Map<string, NoteList>();
onOtherUser(() => lists.clear());

/** The list of a filter, loaded or not. */
export function listOf(filter: ListFilter): NoteList {
  const key = JSON.stringify([filter.pad, filter.q, filter.order]);
  const list = lists.get(key) ?? new NoteList(filter, (cursor) => readPage(filter, cursor));
  // The last one is the newest.
  lists.delete(key);
  lists.set(key, list);
  const [oldest] = lists.keys();
  if (lists.size > KEPT && oldest !== undefined) lists.delete(oldest);
  return list;
}

async function readPage({ pad, q, order }: ListFilter, cursor: string | undefined) {
  const query = {
    order,
    limit: PAGE,
    ...(pad !== undefined && { pad: parseId(pad) }),
    ...(q !== undefined && { q }),
    ...(cursor !== undefined && { cursor }),
  };
  return (await api.notes.$get({ query })).json();
}

/** Shows a note that was written in every list. @param before as for `NoteList.put` */
export function putIntoLists(note: Note, before: Pick<Note, "padId"> | null | undefined): void {
  for (const list of lists.values()) list.put(note, before);
}

/** Shows a deleted note in no list any more. */
export function removeFromLists(note: Pick<Note, "id" | "padId">): void {
  for (const list of lists.values()) list.remove(note);
}

/** Every list is read again when it is opened next. */
export function expireLists(): void {
  for (const list of lists.values()) list.expire();
}
