// What users do, a request each, and what must come of it. Notes change while they are read, so an answer may have any version that
// was there in between: from what was acknowledged when the request began to what was sent when it ended.
import { ifMatch } from "@notejam/client";
import { isProblem } from "@notejam/client/problem";
import type { Note } from "@notejam/core/note/schema";
import { expectThat, Unexpected } from "../visitor/expectation.ts";
import type { Visitor } from "../visitor/visitor.ts";
import type { Act } from "./plan.ts";
import { acknowledgedNotes, type KeptNote, newNote, one, textOf, type User } from "./user.ts";

/** @throws Unexpected if the answer is wrong, Problem */
export const ACTS: Record<Act, (user: User, visitor: Visitor, pick: number) => Promise<void>> = {
  "read the account": readAccount,
  "count places": countPlaces,
  list,
  read: (user, visitor, pick) => readNote(one(acknowledgedNotes(user), pick), visitor),
  search,
  save,
  create,
  "read the history": readHistory,
};

async function readAccount({ email }: User, { api }: Visitor) {
  const { user } = await (await api.session.$get()).json();
  expectThat(user?.email === email, `${email} to be signed in`, "another user is");
}

async function countPlaces(user: User, { api }: Visitor) {
  const least = acknowledgedNotes(user).length;
  const { notes, pads } = await (await api.places.$get()).json();
  const most = user.notes.length;
  expectThat(notes >= least && notes <= most, `${least} to ${most} notes to be counted`, `${notes} are`);
  const isOwn = pads?.length === 1 && pads[0]?.id === user.padId;
  expectThat(isOwn, "the user's pad, and no other", "other pads came");
}

async function list(user: User, { api }: Visitor) {
  const least = acknowledgedNotes(user).length;
  const { notes, total } = await (await api.notes.$get()).json();
  const own = new Set(user.notes.map(({ id }) => id));
  expectThat(
    notes?.every(({ id }) => own.has(id)),
    "the user's own notes",
    "another note is listed",
  );
  const most = own.size;
  const isCounted = total !== null && total >= least && total <= most;
  expectThat(isCounted, `a list of ${least} to ${most} notes`, `it has ${total}`);
}

/** Reads a note that the service has acknowledged. @throws as an act */
export async function readNote(note: KeptNote, { api }: Visitor): Promise<void> {
  const least = note.acknowledged;
  const read = api.notes[":id"].$get({ param: { id: note.id } });
  const { note: answered } = await (await acknowledged(read)).json();
  expectState(note, answered, least);
}

async function search(user: User, { api }: Visitor, pick: number) {
  const note = one(acknowledgedNotes(user), pick);
  const { found } = await (await api.search.$get({ query: { q: note.word } })).json();
  const isFound = found?.length === 1 && found[0]?.id === note.id;
  expectThat(isFound, `the one note with "${note.word}"`, `${found?.length} notes were found`);
}

async function save(user: User, visitor: Visitor, pick: number) {
  const free = user.notes.filter(({ isFree }) => isFree);
  // Waiting for a note would make the rate follow the service.
  if (free.length === 0) return await create(user, visitor, pick);
  const note = one(free, pick);
  note.isFree = false;
  const base = note.acknowledged;
  note.sent = base + 1;
  const saved = visitor.api.notes[":id"].$patch({
    param: { id: note.id },
    header: ifMatch(base),
    json: { text: textOf(note, note.sent) },
  });
  const { note: answered } = await (await basedOn(base, saved)).json();
  acknowledge(note, answered);
}

/** Makes a note in the user's pad. @throws as an act */
export async function create(user: User, { api }: Visitor, pick: number): Promise<void> {
  const note = newNote(pick);
  user.notes.push(note);
  note.sent = 1;
  const json = { id: note.id, name: "Load test", text: textOf(note, 1), padId: user.padId };
  const { note: answered } = await (await api.notes.$post({ json })).json();
  acknowledge(note, answered);
}

async function readHistory(user: User, { api }: Visitor, pick: number) {
  const note = one(acknowledgedNotes(user), pick);
  const least = note.acknowledged;
  const states = api.notes[":id"].revisions.$get({ param: { id: note.id } });
  const { revisions } = await (await acknowledged(states)).json();
  expectVersion(note, revisions?.[0]?.version, least);
}

/** A change was answered: it is the one that was sent. */
function acknowledge(note: KeptNote, answered: Note | undefined) {
  note.acknowledged = note.sent;
  expectState(note, answered, note.sent);
  note.isFree = true;
}

function expectState(note: KeptNote, answered: Note | undefined, least: number) {
  expectVersion(note, answered?.version, least);
  const isText = answered?.text === textOf(note, answered?.version ?? 0);
  expectThat(isText, `the text that was sent as version ${answered?.version}`, "it differs");
}

function expectVersion({ sent }: KeptNote, version: number | undefined, least: number) {
  const isOne = version !== undefined && version >= least && version <= sent;
  const range = least === sent ? `${least}` : `${least} to ${sent}`;
  expectThat(isOne, `version ${range} of the note`, `it is ${version}`);
}

/** A call about a note that was acknowledged: it can't be gone. */
async function acknowledged<T>(call: Promise<T>): Promise<T> {
  return await call.catch((thrown) => {
    if (!isProblem(thrown, "not_found")) throw thrown;
    throw new Unexpected("a note that was acknowledged", "it is not found");
  });
}

/** A save over a version that was acknowledged: nobody else changes the note. */
async function basedOn<T>(version: number, save: Promise<T>): Promise<T> {
  return await acknowledged(save).catch((thrown) => {
    if (!isProblem(thrown, "version_mismatch")) throw thrown;
    throw new Unexpected(`version ${version}, which was acknowledged, to be the newest`, "it is not");
  });
}
