// Keeps track of editors with unsaved text. Leaving a page, signing out and signing in as another user look here before
// they discard it (account/leave-guard.ts).

export interface Unsaved {
  isDirty(): boolean;
  /** Saves the text now. Resolves when that has succeeded or failed. */
  save(): Promise<void>;
  /** Discards the text; the editor is not dirty any more. */
  discard(): void;
}

const open = new Set<Unsaved>();

/** Registers an editor. @returns what to call when it closes */
export function watchUnsaved(editor: Unsaved): () => void {
  open.add(editor);
  return () => open.delete(editor);
}

export function hasUnsaved(): boolean {
  return [...open].some((editor) => editor.isDirty());
}

/** Saves what can be saved now. */
export async function saveUnsaved(): Promise<void> {
  await Promise.all([...open].map((editor) => editor.save()));
}

export function discardUnsaved(): void {
  for (const editor of open) editor.discard();
}
