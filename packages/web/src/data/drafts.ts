// What was written and is not saved yet, in the browser's database: a beginning, and each change since, written as it is made.
// A reload, a crash or a closed tab loses no change whose transaction completed. Each editor has a draft of its own, so two
// tabs do not fight; a lock says that its editor is still open. idb, kept by its author since 2015, makes promises of
// IndexedDB's events in 1 KB.
import type { Fields } from "@notejam/core/note/fields";
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from "idb";

/** A draft as it began. */
export interface Draft {
  id: string;
  userId: string;
  noteId: string;
  /** The version that the writing began from; null for a note that does not exist yet. */
  version: number | null;
  fields: Fields;
  text: string;
  /** When it began, in milliseconds since 1970. */
  at: number;
}

/** A change since: of the text, as CodeMirror writes it, or of other fields. */
export interface DraftChange {
  text?: unknown;
  fields?: Fields;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: Draft; indexes: { userId: string } };
  changes: { key: number; value: DraftChange & { draftId: string }; indexes: { draftId: string } };
}

const NAME = "notejam";
const VERSION = 1;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("drafts", { keyPath: "id" }).createIndex("userId", "userId");
      db.createObjectStore("changes", { autoIncrement: true }).createIndex("draftId", "draftId");
    },
    // A later release opens the database in a newer form: this page lets go of it, and its next write opens it again.
    blocking(_current, _wanted, event) {
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
    terminated() {
      opened = undefined;
    },
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** Begins a draft, or begins it anew: its changes so far are in `draft`. @throws what IndexedDB refuses with */
export async function beginDraft(draft: Draft): Promise<void> {
  const transaction = (await database()).transaction(["drafts", "changes"], "readwrite");
  await Promise.all([
    transaction.objectStore("drafts").put(draft),
    deleteChanges(transaction.objectStore("changes"), draft.id),
    transaction.done,
  ]);
}

/** Writes a change of a draft. @throws what IndexedDB refuses with */
export async function addToDraft(draftId: string, change: DraftChange): Promise<void> {
  await (await database()).add("changes", { ...change, draftId });
}

/** Removes a draft: everything in it is saved, or not wanted. */
export async function removeDraft(draftId: string): Promise<void> {
  const transaction = (await database()).transaction(["drafts", "changes"], "readwrite");
  await Promise.all([
    transaction.objectStore("drafts").delete(draftId),
    deleteChanges(transaction.objectStore("changes"), draftId),
    transaction.done,
  ]);
}

type Stores = ("drafts" | "changes")[];

async function deleteChanges(
  changes: IDBPObjectStore<Schema, Stores, "changes", "readwrite">,
  draftId: string,
): Promise<void> {
  const keys = await changes.index("draftId").getAllKeys(draftId);
  await Promise.all(keys.map((key) => changes.delete(key)));
}

export interface KeptDraft {
  draft: Draft;
  /** In the order in which they were made. */
  changes: DraftChange[];
}

/** A user's drafts whose editors are closed, oldest first. Empty if the browser keeps none. */
export async function leftDrafts(userId: string): Promise<KeptDraft[]> {
  return (await keptDrafts(userId)).filter(({ isOpen }) => !isOpen);
}

/** A user's drafts, oldest first. Empty if the browser keeps none. */
export async function keptDrafts(userId: string): Promise<(KeptDraft & { isOpen: boolean })[]> {
  try {
    const transaction = (await database()).transaction(["drafts", "changes"]);
    const drafts = await transaction.objectStore("drafts").index("userId").getAll(userId);
    const kept = await Promise.all(
      drafts.map(async (draft) => ({
        draft,
        changes: await transaction.objectStore("changes").index("draftId").getAll(draft.id),
      })),
    );
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const open = new Set(held.map((lock) => lock.name));
    return kept
      .map((one) => ({ ...one, isOpen: open.has(lockOf(one.draft.id)) }))
      .sort((a, b) => a.draft.at - b.draft.at);
  } catch {
    // Storage is blocked, so nothing was kept.
    return [];
  }
}

/** Removes the drafts of a user, who signs out. */
export async function removeDraftsOf(userId: string): Promise<void> {
  try {
    const ids = (await (await database()).getAllFromIndex("drafts", "userId", userId)).map(({ id }) => id);
    await Promise.all(ids.map(removeDraft));
  } catch {
    // Storage is blocked, so nothing was kept.
  }
}

/** Says that a draft's editor is open, until the returned function is called or the page is gone. */
export function holdDraft(draftId: string): () => void {
  const held = Promise.withResolvers<void>();
  void navigator.locks?.request(lockOf(draftId), () => held.promise);
  return () => held.resolve();
}

/** Resolves when a draft's editor is closed, in whichever tab. */
export async function draftClosed(draftId: string): Promise<void> {
  await navigator.locks.request(lockOf(draftId), () => undefined);
}

function lockOf(draftId: string): string {
  return `notejam:draft:${draftId}`;
}

/**
 * Says that somebody writes a note, until `release` is called or the page is gone. Several editors may, in several tabs.
 * @returns `granted` resolves once nobody sends what was left of the note
 */
export function holdNote(noteId: string): { granted: Promise<void>; release(): void } {
  const granted = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const hold = () => {
    granted.resolve();
    return released.promise;
  };
  const asked = navigator.locks?.request(noteLockOf(noteId), { mode: "shared" }, hold);
  if (!asked) granted.resolve();
  asked?.catch(granted.resolve);
  return { granted: granted.promise, release: released.resolve };
}

/** Sends what was left of a note, unless somebody writes it now, or another tab sends it. */
export async function sendNoteAlone(noteId: string, send: () => Promise<void>): Promise<void> {
  await navigator.locks.request(noteLockOf(noteId), { ifAvailable: true }, async (lock) => {
    if (lock) await send();
  });
}

function noteLockOf(noteId: string): string {
  return `notejam:note:${noteId}`;
}
