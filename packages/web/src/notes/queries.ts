// What the pages read about notes. The router keeps an answer while it is shown, and for the back button. The actions say
// which answers a write makes stale. The router matches keys by prefix, so no query's name may begin with another's.
import { query } from "@solidjs/router";
import { api } from "../data/api.ts";
import { parseId } from "../data/id.ts";
import { type NoteFilter, openNoteList } from "./note-list.ts";

export const getNote = query(async (id: string) => {
  const response = await api.notes[":id"].$get({ param: { id: parseId(id) } });
  return (await response.json()).note;
}, "note:one");

/** A list that begins with its first page. */
export const getNotes = query(async (filter: NoteFilter) => {
  if (filter.pad !== undefined) parseId(filter.pad);
  return await openNoteList(async (cursor) =>
    (await api.notes.$get({ query: { ...filter, cursor } })).json(),
  );
}, "note:list");
