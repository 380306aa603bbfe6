// What pages read. The router keeps each answer while it is shown, and for the way back; actions.ts says what a write
// makes stale.
import { Id } from "@notejam/core/field/schema";
import { query } from "@solidjs/router";
import { type NoteFilter, openNoteList } from "../notes/note-list.ts";
import { api } from "./api.ts";
import { Problem } from "./problem.ts";

// The router matches keys by their beginning: no name may begin another.

/** The reader's pads, by name. */
export const getPads = query(async () => (await (await api.pads.$get()).json()).pads, "pad:all");

export const getPad = query(async (id: string) => {
  const response = await api.pads[":id"].$get({ param: { id: idOf(id) } });
  return (await response.json()).pad;
}, "pad:one");

export const getNote = query(async (id: string) => {
  const response = await api.notes[":id"].$get({ param: { id: idOf(id) } });
  return (await response.json()).note;
}, "note:one");

/** A list that begins with its first page. */
export const getNotes = query(async (filter: NoteFilter) => {
  if (filter.pad !== undefined) idOf(filter.pad);
  return await openNoteList(async (cursor) =>
    (await api.notes.$get({ query: { ...filter, cursor } })).json(),
  );
}, "note:list");

export const getSessions = query(
  async () => (await (await api.sessions.$get()).json()).sessions,
  "session:all",
);

/** An id out of the address bar. @throws Problem `not_found` where it can be none: it would reach another route. */
function idOf(id: string): string {
  const parsed = Id.safeParse(id);
  if (!parsed.success) throw new Problem("not_found");
  return parsed.data;
}
