// Asks before the user leaves a page with unsaved text: by a link, by the back button, by signing out or (with the
// browser's own dialog) by closing the tab.
import { useBeforeLeave } from "@solidjs/router";
import { onCleanup } from "solid-js";
import { discardUnsaved, hasUnsaved, type Unsaved, watchUnsaved } from "../data/unsaved.ts";
import { confirm } from "../ui/confirm.tsx";

/** Guards an editor as long as it is open. */
export function guardUnsaved(editor: Unsaved): void {
  onCleanup(watchUnsaved(editor));

  useBeforeLeave((event) => {
    if (event.defaultPrevented || !editor.isDirty()) return;
    event.preventDefault();
    void confirmLeave().then((yes) => yes && event.retry(true));
  });

  const onClose = (event: BeforeUnloadEvent) => {
    if (editor.isDirty()) event.preventDefault();
  };
  window.addEventListener("beforeunload", onClose);
  onCleanup(() => window.removeEventListener("beforeunload", onClose));
}

/** Asks if something is unsaved. A yes discards it. */
export async function confirmLeave(): Promise<boolean> {
  if (!hasUnsaved()) return true;
  const yes = await confirm({
    title: "Leave without saving?",
    text: "Your changes are not saved.",
    yes: "Leave",
    no: "Stay",
  });
  if (yes) discardUnsaved();
  return yes;
}
