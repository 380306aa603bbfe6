// What pages write, and which answers each write makes stale. Every one can be sent again without a second effect.

import { ifMatch } from "@notejam/client";
import type { ChangePassword, SignUp } from "@notejam/core/account/schema";
import type { CreateNote, Note, SaveNote } from "@notejam/core/note/schema";
import type { CreatePad, Pad, RenamePad } from "@notejam/core/pad/schema";
import type { RedeemReset, RequestReset } from "@notejam/core/password-reset/schema";
import { action, json, query } from "@solidjs/router";
import { api } from "./api.ts";
import { newId } from "./new-id.ts";
import { asProblem, type Problem } from "./problem.ts";
import { getNote, getNotes, getPad, getPads, getSessions } from "./queries.ts";

type WithId<T> = T & { id: string };

/** What lists and counts notes. */
const LISTS = [getPads.key, getPad.key, getNotes.key];

// --- notes ----------------------------------------------------------------------------------------------------------

export const createNote = action(
  async (input: WithId<CreateNote>) => noteSaved(await create(input)),
  "create-note",
);

/** Saves over version `base`. @throws Problem `version_mismatch` with the note as it is now, `not_found`. */
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
    return await createOverItself(input);
  }
}

/**
 * The id is ours and taken: an earlier sending arrived although its answer did not, and the text was changed since. So
 * it is saved over; where that note was deleted meanwhile, this is a new one.
 */
async function createOverItself({ id, ...content }: WithId<CreateNote>): Promise<Note> {
  let arrived: Note;
  try {
    arrived = (await (await api.notes[":id"].$get({ param: { id } })).json()).note;
  } catch (thrown) {
    if (asProblem(thrown).code === "not_found") return await create({ ...content, id: newId() });
    throw thrown;
  }
  return await save(id, arrived.version, content);
}

async function save(id: string, base: number, input: SaveNote): Promise<Note> {
  const response = await api.notes[":id"].$patch({ param: { id }, header: ifMatch(base), json: input });
  return (await response.json()).note;
}

/** The page that comes next shows the note as it was answered, without asking again. */
function noteSaved(note: Note) {
  query.set(getNote.keyFor(note.id), note);
  return json(note, { revalidate: LISTS });
}

/** With `version_mismatch`: the note as it is now. */
export function currentNote(problem: Problem): Note {
  return problem.current as Note;
}

// --- pads -----------------------------------------------------------------------------------------------------------

export const createPad = action(async (input: WithId<CreatePad>) => {
  return padSaved((await (await api.pads.$post({ json: input })).json()).pad);
}, "create-pad");

/** @throws Problem `version_mismatch` with the pad as it is now, `not_found`. */
export const renamePad = action(async (id: string, base: number, input: RenamePad) => {
  const response = await api.pads[":id"].$patch({ param: { id }, header: ifMatch(base), json: input });
  return padSaved((await response.json()).pad);
}, "rename-pad");

/** The pad and its notes. */
export const deletePad = action(async (id: string) => {
  await api.pads[":id"].$delete({ param: { id } });
  query.delete(getPad.keyFor(id));
  return json(null, { revalidate: [getPads.key, getNotes.key, getNote.key] });
}, "delete-pad");

function padSaved(pad: Pad) {
  query.set(getPad.keyFor(pad.id), pad);
  return json(pad, { revalidate: getPads.key });
}

/** With `version_mismatch`: the pad as it is now. */
export function currentPad(problem: Problem): Pad {
  return problem.current as Pad;
}

// --- the account ----------------------------------------------------------------------------------------------------

const NOTHING_STALE = { revalidate: [] };

export const signUp = action(async (input: SignUp) => {
  await api.users.$post({ json: input });
  return json(null, NOTHING_STALE);
}, "sign-up");

export const changePassword = action(async (input: ChangePassword) => {
  await api.user.password.$put({ json: input });
  return json(null, { revalidate: getSessions.key });
}, "change-password");

export const endSession = action(async (id: string) => {
  await api.sessions[":id"].$delete({ param: { id } });
  return json(null, { revalidate: getSessions.key });
}, "end-session");

export const requestReset = action(async (input: RequestReset) => {
  await api["password-resets"].$post({ json: input });
  return json(null, NOTHING_STALE);
}, "request-reset");

export const redeemReset = action(async (input: RedeemReset) => {
  await api["password-resets"].$put({ json: input });
  return json(null, NOTHING_STALE);
}, "redeem-reset");
