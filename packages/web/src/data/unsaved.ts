// What is typed and not yet saved, known in one place: leaving a page, signing out and another account's sign-in all
// ask here before they would lose it (app/leave-guard.ts).

export interface Unsaved {
  isDirty(): boolean;
  /** Gives it up; it is not dirty any more. */
  discard(): void;
}

const open = new Set<Unsaved>();

/** Registers an editor; call what is returned when it closes. */
export function watchUnsaved(editor: Unsaved): () => void {
  open.add(editor);
  return () => open.delete(editor);
}

export function hasUnsaved(): boolean {
  return [...open].some((editor) => editor.isDirty());
}

export function discardUnsaved(): void {
  for (const editor of open) editor.discard();
}
