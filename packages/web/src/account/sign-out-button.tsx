// Ends the session, after a question if something is unsaved. If the request fails, it says that the session goes on.
import { createSignal } from "solid-js";
import { asProblem, explain } from "../data/problem.ts";
import { signOut } from "../data/session.ts";
import { confirm } from "../ui/confirm.ts";
import { t } from "../words/index.ts";
import { confirmLeave } from "./leave-guard.ts";

export function SignOutButton(props: { class?: string }) {
  const [isPending, setPending] = createSignal(false);

  async function end(): Promise<void> {
    if (isPending() || !(await confirmLeave())) return;
    setPending(true);
    try {
      await signOut();
    } catch (thrown) {
      const again = await confirm({
        title: t("signOut.failed"),
        text: `${explain(asProblem(thrown))} ${t("signOut.still")}`,
        yes: t("app.tryAgain"),
        no: t("app.cancel"),
      });
      if (again) queueMicrotask(end);
    } finally {
      setPending(false);
    }
  }

  return (
    <button type="button" class={props.class} aria-disabled={isPending()} onClick={end}>
      {t("app.signOut")}
    </button>
  );
}
