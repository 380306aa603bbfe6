// Leaving a page with unsaved text asks first: on links, on the way back, on signing out, and (in the browser's own
// words) on closing the tab.
import { useBeforeLeave } from "@solidjs/router";
import { onCleanup } from "solid-js";
import { discardUnsaved, hasUnsaved, type Unsaved, watchUnsaved } from "../data/unsaved.ts";
import { ask } from "../ui/confirm.tsx";

/** Guards an editor for as long as it is open. */
export function guardUnsaved(editor: Unsaved): void {
  onCleanup(watchUnsaved(editor));

  useBeforeLeave((event) => {
    if (event.defaultPrevented || !editor.isDirty()) return;
    event.preventDefault();
    void mayLeave().then((yes) => yes && event.retry(true));
  });

  const onClose = (event: BeforeUnloadEvent) => {
    if (editor.isDirty()) event.preventDefault();
  };
  window.addEventListener("beforeunload", onClose);
  onCleanup(() => window.removeEventListener("beforeunload", onClose));
}

/** Asks where something is unsaved; yes gives it up. */
export async function mayLeave(): Promise<boolean> {
  if (!hasUnsaved()) return true;
  const yes = await ask({
    title: "Leave without saving?",
    text: "What you typed here is not saved yet.",
    yes: "Leave without saving",
    no: "Stay here",
    loses: true,
  });
  if (yes) discardUnsaved();
  return yes;
}
