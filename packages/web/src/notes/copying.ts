// Puts a note's link or text on the clipboard, and says whether it is there.
import type { Note } from "@notejam/core/note/schema";
import { say } from "../ui/dock.tsx";
import { t } from "../words/note.ts";

export async function copyLink({ id, name }: Pick<Note, "id" | "name">): Promise<void> {
  const address = `${location.origin}/notes/${id}`;
  if (await copy(address)) say(t("note.linkCopied", { name }));
  else say(t("note.linkNotCopied", { address }));
}

/** Copies the text as it is written. */
export async function copyText({ name, text }: Pick<Note, "name" | "text">): Promise<void> {
  say(t((await copy(text)) ? "note.textCopied" : "note.textNotCopied", { name }));
}

/** @returns whether the browser allowed it */
async function copy(text: string): Promise<boolean> {
  try {
    // Only a page that came by HTTPS, or from this machine, has a clipboard.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
