// Finds the drafts that were left in this browser, shows them, and saves them by itself: when the app starts, when an editor leaves
// one, and when the network or the user returns. One tab sends at a time; the others hear what it saved.
import type { Note } from "@notejam/core/note/schema";
import { otherDevice } from "../../account/this-device.ts";
import { quietApi } from "../../data/api.ts";
import {
  beginDraft,
  draftClosed,
  type KeptDraft,
  keptDrafts,
  leftDrafts,
  removeDraft,
  sendNoteAlone,
} from "../../data/drafts.ts";
import { newId } from "../../data/id.ts";
import { onOtherUser, user } from "../../data/session.ts";
import { say } from "../../ui/dock.tsx";
import { t } from "../../words/note.ts";
import type { SaveState } from "../editor/page.ts";
import { mergeTexts } from "../merge/merge-texts.ts";
import { readState } from "../note-requests.ts";
import { createNote, put, putCreated, readNote, saveNote, showChanged } from "../notes.ts";
import { type LeftNote, type Question, setLeftNotes } from "./left-notes.ts";
import { saveLeft } from "./save-left.ts";
import { shownOf } from "./shown.ts";

/** How long to wait after the service did not answer: doubled each time. */
const AGAIN_MS = { first: 2000, most: 60_000 };

/** How the last attempt to save a draft ended, by its id. */
const ended = new Map<string, SaveState>();
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let isRunning = false;
let isWanted = false;

/** What tabs tell each other: that a draft was left or is gone, and the note that was saved of it. */
interface Message {
  userId: string;
  saved?: Note;
}
const channel = new BroadcastChannel("notejam:drafts");

let isStarted = false;

/** Looks for drafts, saves them, and goes on with that as long as the page is there. */
export function start(): void {
  if (isStarted) {
    sendAll();
    return;
  }
  isStarted = true;
  channel.onmessage = ({ data }: MessageEvent<Message>) => void hear(data);
  window.addEventListener("online", () => sendAll());
  window.addEventListener("focus", () => sendSome());
  onOtherUser(() => {
    ended.clear();
    setLeftNotes([]);
  });
  sendAll();
}

/** An editor goes on with a draft that was left, or was closed and may have left one. */
export function draftChanged(draftId: string): void {
  ended.delete(draftId);
  tellOthers();
  sendSome();
}

/** Sends everything that was left, also what failed before. */
function sendAll(): void {
  ended.clear();
  failures = 0;
  sendSome();
}

/** Sends what waits. What its user must decide is not sent again. */
function sendSome(): void {
  clearTimeout(timer);
  isWanted = true;
  if (!isRunning) void run();
}

async function run(): Promise<void> {
  isRunning = true;
  while (isWanted) {
    isWanted = false;
    const waiting = (await look()).filter(({ draft }) => questionOf(draft.id) === undefined);
    // Without locks, nobody can tell whether a draft's editor is open.
    if (waiting.length === 0 || !navigator.locks) continue;
    await navigator.locks.request("notejam:sender", async () => {
      for (const { draft } of waiting) await sendNoteAlone(draft.noteId, () => send(draft.id));
    });
    const left = await look();
    const isOffline = left.some(({ draft }) => ended.get(draft.id)?.kind === "offline");
    const due = left.flatMap(({ draft }) => waitsUntil(draft.id)?.getTime() ?? []);
    if (isOffline) timer = setTimeout(sendSome, Math.min(AGAIN_MS.first * 2 ** failures++, AGAIN_MS.most));
    else if (due.length > 0)
      timer = setTimeout(sendSome, Math.max(AGAIN_MS.first, Math.min(...due) - Date.now()));
    else failures = 0;
  }
  isRunning = false;
}

/** Shows what was left, as it is now. */
async function look(): Promise<KeptDraft[]> {
  const id = userId();
  const kept = id === undefined ? [] : await keptDrafts(id);
  if (id !== userId()) return [];
  for (const { draft, isOpen } of kept) if (isOpen) void waitFor(draft.id);
  const left = kept.filter(({ isOpen }) => !isOpen);
  for (const draftId of ended.keys()) {
    if (!left.some(({ draft }) => draft.id === draftId)) ended.delete(draftId);
  }
  setLeftNotes(
    left.map((one) => {
      const { id } = one.draft;
      return shownOf(one, { question: questionOf(id), waitsUntil: waitsUntil(id) });
    }),
  );
  return left;
}

/** Drafts whose editors are open. */
const open = new Set<string>();

/** Sends a draft once its editor is closed: a tab that is gone tells nobody. */
async function waitFor(draftId: string): Promise<void> {
  if (open.has(draftId)) return;
  open.add(draftId);
  await draftClosed(draftId);
  open.delete(draftId);
  ended.delete(draftId);
  sendSome();
}

function userId(): string | undefined {
  return user.latest?.id;
}

function questionOf(draftId: string): Question | undefined {
  const state = ended.get(draftId);
  if (state?.kind === "conflict" || state?.kind === "failed" || state?.kind === "deleted") return state;
  return undefined;
}

function waitsUntil(draftId: string): Date | undefined {
  const state = ended.get(draftId);
  return state?.kind === "waiting" ? state.until : undefined;
}

/** Sends a draft, unless another tab has done so meanwhile. */
async function send(draftId: string): Promise<void> {
  const left = await draftOf(draftId);
  if (!left) return;
  const id = left.draft.noteId;
  let saved: Note | undefined;
  const state = await saveLeft(
    left,
    {
      create: async (written) => (saved = await createNote({ id, ...written })),
      save: async (base, change) => (saved = await saveNote(id, base, change)),
      read: () => readNote(id, undefined, quietApi),
      readBase: (version) => readState(quietApi, id, version),
      merge: mergeTexts,
    },
    async (theirs) => say(t("drafts.merged", theirs.name, await otherDevice(theirs))),
  );
  ended.set(draftId, state);
  if (state.kind !== "saved" && state.kind !== "new") return;
  // A tab of a release before this one may have opened it, and goes on with it.
  if (!(await draftOf(draftId))) return;
  if (saved) showChanged(saved);
  await removeDraft(draftId);
  tellOthers(saved);
}

async function draftOf(draftId: string): Promise<KeptDraft | undefined> {
  const id = userId();
  return id === undefined ? undefined : (await leftDrafts(id)).find(({ draft }) => draft.id === draftId);
}

function tellOthers(saved?: Note): void {
  const id = userId();
  if (id !== undefined) channel.postMessage({ userId: id, ...(saved && { saved }) } satisfies Message);
}

async function hear({ userId: of, saved }: Message): Promise<void> {
  if (of !== userId()) return;
  if (saved) showChanged(saved.version === 1 ? putCreated(saved) : put(saved));
  await look();
}

// --- what its user decides ------------------------------------------------------------------------------------------

/** What was left of a note that was deleted becomes a new one. @returns its id */
export async function keepAsNew({ draftId, note }: LeftNote): Promise<string> {
  const id = newId();
  const left = await draftOf(draftId);
  if (!left) return note.id;
  const { text, name, named, padId } = note;
  await beginDraft({ ...left.draft, noteId: id, version: null, fields: { name, named, padId }, text });
  draftChanged(draftId);
  return id;
}

/** Forgets what was left. */
export async function discard({ draftId }: LeftNote): Promise<void> {
  await removeDraft(draftId);
  draftChanged(draftId);
}
