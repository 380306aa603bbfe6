// One line at the bottom of the window, while the browser is offline or requests wait for a busy service.
import { createMemo, createSignal, onCleanup, onMount, Show } from "solid-js";
import { waits } from "../data/waiting.ts";
import "./network-line.css";

export function NetworkLine() {
  const [isOnline, setOnline] = createSignal(navigator.onLine);
  const follow = () => setOnline(navigator.onLine);
  onMount(() => {
    window.addEventListener("online", follow);
    window.addEventListener("offline", follow);
  });
  onCleanup(() => {
    window.removeEventListener("online", follow);
    window.removeEventListener("offline", follow);
  });
  return (
    // Screen readers announce changes of a region only if it was there before its content.
    <div class="network-status" role="status">
      <Show when={waits().length > 0} fallback={<Offline isOnline={isOnline()} />}>
        <Waiting />
      </Show>
    </div>
  );
}

function Offline(props: { isOnline: boolean }) {
  return (
    <Show when={!props.isOnline}>
      <div class="network-line">You are offline. Your text stays here until you save it.</div>
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
    <div class="network-line">
      {/* A screen reader would read the countdown every second. */}
      <span>Notejam is busy. Trying again</span> <span aria-hidden="true">in {seconds()} s</span>
      <button type="button" onClick={() => end(true)}>
        Try now
      </button>
      <button type="button" onClick={() => end(false)}>
        Cancel
      </button>
    </div>
  );
}
