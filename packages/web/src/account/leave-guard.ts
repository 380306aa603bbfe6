// Asks before the user signs out while something can't be saved: signing out removes what the browser keeps.
import { userId } from "../data/session.ts";
import { discardUnsaved, hasUnsaved, saveUnsaved } from "../data/unsaved.ts";
import { confirm } from "../ui/confirm.ts";
import { t } from "../words/index.ts";

/** Saves what is unsaved, and asks if that fails. A yes discards it. */
export async function confirmLeave(): Promise<boolean> {
  await saveUnsaved();
  const { leftDrafts } = await import("../data/drafts.ts");
  if (!hasUnsaved() && (await leftDrafts(userId())).length === 0) return true;
  const yes = await confirm({
    title: t("signOut.unsaved"),
    text: t("signOut.unsavedHint"),
    yes: t("signOut.leave"),
    no: t("signOut.stay"),
  });
  if (yes) discardUnsaved();
  return yes;
}
