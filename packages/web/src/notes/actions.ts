// What the pages write about notes, and which answers each write makes stale. Each can be sent again without a second
// effect.
import { ifMatch } from "@notejam/client";
import type { Problem } from "@notejam/client/problem";
import type { CreateNote, Note, SaveNote } from "@notejam/core/note/schema";
import { action, json, query } from "@solidjs/router";
import { api } from "../data/api.ts";
import { newId, type WithId } from "../data/id.ts";
import { asProblem } from "../data/problem.ts";
import { getPad, getPads } from "../pads/queries.ts";
import { getNote, getNotes } from "./queries.ts";

/** The queries that list or count notes. */
const LISTS = [getPads.key, getPad.key, getNotes.key];

export const createNote = action(
  async (input: WithId<CreateNote>) => noteSaved(await create(input)),
  "create-note",
);

/** Saves over version `base`. @throws Problem `version_mismatch` with the current note, `not_found`. */
export const saveNote = action(async (id: string, base: number, input: SaveNote) => {
  return noteSaved(await save(id, base, input));
}, "save-note");

export const deleteNote = action(async (id: string) => {
  await api.notes[":id"].$delete({ param: { id } });
  query.delete(getNote.keyFor(id));
  return json(null, { revalidate: LISTS });
}, "delete-note");

async function create(input: WithId<CreateNote>): Promise<Note> {
  try {
    return (await (await api.notes.$post({ json: input })).json()).note;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code !== "conflict") throw problem;
    return await createAgain(input);
  }
}

/**
 * Our id is taken: an earlier request arrived although its answer did not, and the text was changed since. This saves
 * over that note. If it was deleted in the meantime, this creates a new one.
 */
async function createAgain({ id, ...content }: WithId<CreateNote>): Promise<Note> {
  let existing: Note;
  try {
    existing = (await (await api.notes[":id"].$get({ param: { id } })).json()).note;
  } catch (thrown) {
    if (asProblem(thrown).code === "not_found") return await create({ ...content, id: newId() });
    throw thrown;
  }
  return await save(id, existing.version, content);
}

async function save(id: string, base: number, input: SaveNote): Promise<Note> {
  const response = await api.notes[":id"].$patch({ param: { id }, header: ifMatch(base), json: input });
  return (await response.json()).note;
}

/** The next page shows the note that the write answered, without another request. */
function noteSaved(note: Note) {
  query.set(getNote.keyFor(note.id), note);
  return json(note, { revalidate: LISTS });
}

/** The current note, from a `version_mismatch`. */
export function currentNote(problem: Problem): Note {
  return problem.current as Note;
}
