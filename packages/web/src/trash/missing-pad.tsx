// Asks what to do when the pad of a restored note is in the trash too: restore the pad as well, or restore the note into no pad.
import { isProblem } from "@notejam/client/problem";
import { createSignal, Show } from "solid-js";
import { asProblem, explain } from "../data/problem.ts";
import { CancelButton } from "../ui/cancel-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { t } from "../words/trash.ts";

export function MissingPad(props: {
  name: string;
  /** @throws Problem `not_found` if the pad is not there any more */
  withPad: () => Promise<void>;
  withoutPad: () => Promise<void>;
  close: () => void;
}) {
  const [isPending, setPending] = createSignal(false);
  const [isGone, setGone] = createSignal(false);
  const [failed, setFailed] = createSignal("");

  async function restore(how: () => Promise<void>): Promise<void> {
    if (isPending()) return;
    setFailed("");
    setPending(true);
    try {
      await how();
      props.close();
    } catch (thrown) {
      if (isProblem(thrown, "not_found")) setGone(true);
      setFailed(isGone() ? t("missingPad.isGone") : explain(asProblem(thrown)));
    } finally {
      setPending(false);
    }
  }
  return (
    <Dialog title={t("missingPad.title")} onCancel={props.close}>
      <p dir="auto">{t("missingPad.text", { name: props.name })}</p>
      <p role="alert">{failed()}</p>
      <p class="acts">
        <Show when={!isGone()}>
          <button
            type="button"
            class="main-act"
            aria-disabled={isPending()}
            onClick={() => restore(props.withPad)}
          >
            {t("missingPad.withPad")}
          </button>
        </Show>
        <button type="button" aria-disabled={isPending()} onClick={() => restore(props.withoutPad)}>
          {t("missingPad.withoutPad")}
        </button>
        <CancelButton act={props.close} />
      </p>
    </Dialog>
  );
}
