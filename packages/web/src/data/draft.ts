// A copy of what is being typed, kept in the tab's own storage, so that a reload, a crash or a phone that puts the tab
// to sleep loses nothing. It is gone when it was saved, given up, or the account left; another tab never sees it.

export interface Draft {
  name: string;
  text: string;
  padId: string | null;
  /** The id that a note being created will have. */
  id: string;
  /** The version that the typing began from; null for a note being created. */
  version: number | null;
}

const PREFIX = "notejam:draft:";

/** Where the draft of a note lies; `new` for one being created. */
export function draftKey(userId: string, note: string): string {
  return `${PREFIX}${userId}:${note}`;
}

/** The draft, or undefined where there is none that can be read. */
export function readDraft(key: string): Draft | undefined {
  try {
    const kept = sessionStorage.getItem(key);
    return kept === null ? undefined : (JSON.parse(kept) as Draft);
  } catch {
    return undefined; // Storage is refused, or something else wrote there.
  }
}

/** Keeps the draft where there is room. It is a second copy: what cannot be kept is still on the page. */
export function keepDraft(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    forgetDraft(key); // An old half would be worse than none.
  }
}

export function forgetDraft(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is refused: nothing was kept.
  }
}

/** Forgets the drafts of every account. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    }
  } catch {
    // Storage is refused: nothing was kept.
  }
}
