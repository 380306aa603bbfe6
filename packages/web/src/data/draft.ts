// A copy of unsaved text in the tab's own storage, so that a reload, a crash or a phone that suspends the tab loses
// nothing. It is removed when the text is saved or discarded, or the user signs out. Other tabs never see it.

export type Draft<Content> = Content & {
  /** The id of the note, or the id that a new note will have. */
  id: string;
  /** The version that the editing began from; null for a new note. */
  version: number | null;
};

const PREFIX = "notejam:draft:";

/** Where the draft of a note is stored. `note`: its id, or `new`. */
export function draftKey(userId: string, note: string): string {
  return `${PREFIX}${userId}:${note}`;
}

/** The draft, or undefined if there is none that can be read. */
export function readDraft<Content>(key: string): Draft<Content> | undefined {
  try {
    const stored = sessionStorage.getItem(key);
    return stored === null ? undefined : (JSON.parse(stored) as Draft<Content>);
  } catch {
    return undefined; // Storage is blocked, or something else wrote there.
  }
}

/** Stores the draft if there is room. Otherwise the text is still on the page. */
export function keepDraft<Content>(key: string, draft: Draft<Content>): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    forgetDraft(key); // An outdated draft would be worse than none.
  }
}

export function forgetDraft(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is blocked, so nothing was stored.
  }
}

/** Removes the drafts of every user. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
  } catch {
    // Storage is blocked, so nothing was stored.
  }
}
