// Notes that this page has begun and the service does not have yet. After a reload the page does not know them, and asks the service.
import { newId } from "../../data/id.ts";

const begun = new Set<string>();

/** The id of a new note. */
export function beginNote(): string {
  const id = newId();
  begun.add(id);
  return id;
}

/** Whether the note was begun here, and is not saved yet. */
export function isNewHere(id: string): boolean {
  return begun.has(id);
}

/** The service has the note. */
export function isNoLongerNew(id: string): void {
  begun.delete(id);
}
