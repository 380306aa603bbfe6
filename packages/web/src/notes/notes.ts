// Notes with their texts: read, written, and kept for the way back. Each write can be sent again without a second effect, and
// shows in the lists and in the counts of the pads.
import { SELECTED_MAX } from "@notejam/core/note/limits";
import type {
  CreateNote,
  MarkNotes,
  Note,
  NoteSummary,
  NoteWithLinks,
  SaveNote,
} from "@notejam/core/note/schema";
import { batch, createSignal } from "solid-js";
import { api, quietApi } from "../data/api.ts";
import { parseId, type WithId } from "../data/id.ts";
import { onOtherUser } from "../data/session.ts";
import { places } from "../places/places.ts";
import { listedNote, putIntoLists, removeFromLists } from "./list/lists.ts";
import { summaryOf } from "./list/note-list.ts";
import { sendChange, sendNote } from "./note-requests.ts";

/** Notes that are kept: each can have 512 KiB. */
const KEPT = 12;

const kept = new Map<string, Note>();
onOtherUser(() => {
  kept.clear();
  setLinks(new Map());
});

/** The note as this tab knows it. */
export function keptNote(id: string): Note | undefined {
  return kept.get(id);
}

/**
 * @param signal gives the request up
 * @param by `quietApi` where the page reads it by itself
 * @throws Problem `not_found`
 */
export async function readNote(id: string, signal?: AbortSignal, by = api): Promise<Note> {
  const response = await by.notes[":id"].$get({ param: { id: parseId(id) } }, signal && { init: { signal } });
  const { note, linkedFrom } = await response.json();
  setLinks((all) => new Map([...all, [note.id, linkedFrom] as const].slice(-KEPT)));
  return keep(note);
}

/** Links change without their notes: they are read anew when the note itself is as it was. */
const [links, setLinks] = createSignal<ReadonlyMap<string, NoteWithLinks["linkedFrom"]>>(new Map());

/** The notes that link to a note, as they were when it was read last. */
export function linkedFrom({ id }: Note): NoteWithLinks["linkedFrom"] {
  return links().get(id) ?? [];
}

/** @throws Problem */
export async function createNote(written: WithId<CreateNote>): Promise<Note> {
  return putCreated(await sendNote(quietApi, written));
}

/** Shows a note that was created. */
export function putCreated(note: Note): Note {
  putIntoLists(summaryOf(note), null);
  places.changed();
  return keep(note);
}

/** Saves over version `base`. @throws Problem `version_mismatch` with the current note, `not_found` */
export async function saveNote(id: string, base: number, change: SaveNote): Promise<Note> {
  return put(await sendChange(quietApi, id, base, change));
}

/** Moves notes to the trash. @throws Problem */
export async function deleteNotes(notes: readonly NoteSummary[]): Promise<void> {
  for (const some of hundreds(notes)) {
    await api.notes.delete.$post({ json: { ids: some.map(({ id }) => id) } });
    batch(() => {
      for (const note of some) {
        removeFromLists({ ...note, ...kept.get(note.id) });
        kept.delete(note.id);
      }
    });
  }
  places.changed();
}

/** Takes notes out of the trash: into their pads, or into no pad if that is gone. @throws Problem */
export async function restoreNotes(notes: readonly NoteSummary[]): Promise<void> {
  for (const some of hundreds(notes)) {
    const response = await api.notes.restore.$post({ json: { ids: some.map(({ id }) => id) } });
    const versions = new Map((await response.json()).notes.map(({ id, version }) => [id, version]));
    batch(() => {
      for (const note of some) {
        const version = versions.get(note.id);
        if (version !== undefined) putIntoLists({ ...note, version }, null);
      }
    });
    for (const { id } of some.filter((note) => !versions.has(note.id))) {
      const response = await api.trash.notes[":id"].restore.$post({ param: { id }, json: { padId: null } });
      putIntoLists(summaryOf((await response.json()).note), null);
    }
  }
  places.changed();
}

/**
 * Moves notes, each into a pad or out of any.
 * @returns the notes as they are then @throws Problem `invalid_input` if a pad is gone
 */
export async function moveNotes(
  notes: readonly NoteSummary[],
  padOf: (note: NoteSummary) => string | null,
): Promise<NoteSummary[]> {
  const moved: NoteSummary[] = [];
  for (const some of hundreds(notes)) {
    const moves = some.map((note) => ({ id: note.id, padId: padOf(note) }));
    const response = await api.notes.move.$post({ json: { notes: moves } });
    moved.push(...showEach(some, (await response.json()).notes));
  }
  places.changed();
  return moved;
}

/** In parts of as many as one request may change. */
function hundreds<T>(all: readonly T[]): T[][] {
  const parts = Math.ceil(all.length / SELECTED_MAX);
  return Array.from({ length: parts }, (_, i) => all.slice(i * SELECTED_MAX, (i + 1) * SELECTED_MAX));
}

/** Shows a note as the service has it now. */
export function put(note: Note): Note {
  const before = kept.get(note.id);
  if (!before || placeOf(before) !== placeOf(note)) places.changed();
  putIntoLists(summaryOf(note), before);
  return keep(note);
}

/** What of a note the places count. */
function placeOf({ padId, tags }: Note): string {
  return JSON.stringify([padId, tags]);
}

/** Pins or archives notes, or takes these marks away. @returns the notes as they are then @throws Problem */
export async function markNotes(
  notes: readonly NoteSummary[],
  marks: Omit<MarkNotes, "ids">,
): Promise<NoteSummary[]> {
  const marked: NoteSummary[] = [];
  for (const some of hundreds(notes)) {
    const ids = some.map(({ id }) => id);
    const response = await api.notes.marks.$put({ json: { ids, ...marks } });
    marked.push(...showEach(some, (await response.json()).notes));
  }
  places.changed();
  return marked;
}

/** Shows what changed of notes beside their texts, also where no list has them any more. @returns the notes as they are then */
function showEach(
  notes: readonly NoteSummary[],
  changes: readonly (Pick<Note, "id"> & Partial<NoteSummary>)[],
): NoteSummary[] {
  const byId = new Map(changes.map((change) => [change.id, change]));
  return batch(() =>
    notes.map((note) => {
      const change = byId.get(note.id);
      const before = kept.get(note.id);
      if (before) setChangedNote(keep({ ...before, ...change }));
      const known = before ? summaryOf(before) : (listedNote(note.id) ?? note);
      const after = { ...known, ...change };
      putIntoLists(after, before ?? known);
      return after;
    }),
  );
}

const [changedNote, setChangedNote] = createSignal<Note>();

/** The note that was changed last without its editor, for the pane that shows it. */
export { changedNote, setChangedNote as showChanged };

/** @returns the newest version that is known: an answer may come after that of a later save */
function keep(note: Note): Note {
  const known = kept.get(note.id);
  const newest = known && known.version > note.version ? known : note;
  kept.delete(note.id);
  kept.set(note.id, newest);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return newest;
}
