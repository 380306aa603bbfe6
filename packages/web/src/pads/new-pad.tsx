// Makes a pad where it will be listed.
import { createSignal, Show, Suspense } from "solid-js";
import { lazily } from "../page/lazily.ts";
import { t } from "../words/index.ts";
import "./pads.css";

const NewPadForm = lazily(() => import("./new-pad-form.tsx"));

export function NewPad() {
  const [isOpen, setOpen] = createSignal(false);
  let opener: HTMLButtonElement | undefined;
  function close(): void {
    setOpen(false);
    opener?.focus();
  }
  return (
    <Show
      when={isOpen()}
      fallback={
        <button type="button" class="link new-pad" ref={opener} onClick={() => setOpen(true)}>
          {t("pad.new")}
        </button>
      }
    >
      <Suspense>
        <NewPadForm close={close} />
      </Suspense>
    </Show>
  );
}
