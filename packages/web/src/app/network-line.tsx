// Says at the foot of the window that the browser is offline, or that requests wait for a busy service.
import { createMemo, createSignal, onCleanup, Show } from "solid-js";
import { isOnline } from "../data/online.ts";
import { waits } from "../data/waiting.ts";
import { t } from "../words/index.ts";
import "../ui/dock.css";

export function NetworkLine() {
  return (
    // Screen readers announce changes of a region only if it was there before its content.
    <div role="status">
      <Show when={waits().length > 0} fallback={<Offline />}>
        <Waiting />
      </Show>
    </div>
  );
}

function Offline() {
  return (
    <Show when={!isOnline()}>
      <div class="dock">
        <p>{t("network.offline")}</p>
      </div>
    </Show>
  );
}

function Waiting() {
  const until = createMemo(() => Math.max(...waits().map((wait) => wait.until)));
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), 500);
  onCleanup(() => clearInterval(timer));
  const seconds = () => Math.max(0, Math.ceil((until() - now()) / 1000));
  function end(sendAgain: boolean): void {
    for (const wait of waits()) wait.end(sendAgain);
  }
  return (
    <div class="dock">
      <p>
        {t("network.busy")} {/* A screen reader would read the countdown every second. */}
        <span aria-hidden="true" class="number">
          {t("network.in", { seconds: seconds() })}
        </span>
      </p>
      <button type="button" onClick={() => end(true)}>
        {t("network.now")}
      </button>
      <button type="button" class="quiet" onClick={() => end(false)}>
        {t("app.cancel")}
      </button>
    </div>
  );
}
