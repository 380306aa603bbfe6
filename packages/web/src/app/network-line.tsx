// One line at the foot of the window: the browser is offline, or the service is full and requests stand in line.
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
    // The region is there before its words, or a screen reader would not hear them.
    <div class="network" role="status">
      <Show when={waits().length > 0} fallback={<Offline isOnline={isOnline()} />}>
        <Waiting />
      </Show>
    </div>
  );
}

function Offline(props: { isOnline: boolean }) {
  return (
    <Show when={!props.isOnline}>
      <div class="network-line">You are offline. What you type stays here until you save it.</div>
    </Show>
  );
}

function Waiting() {
  const until = createMemo(() => Math.max(...waits().map((wait) => wait.until)));
  const [now, setNow] = createSignal(Date.now());
  const clock = setInterval(() => setNow(Date.now()), 500);
  onCleanup(() => clearInterval(clock));
  const seconds = () => Math.max(0, Math.ceil((until() - now()) / 1000));

  function end(sendAgain: boolean): void {
    for (const wait of waits()) wait.end(sendAgain);
  }
  return (
    <div class="network-line">
      {/* The count would be read aloud each second. */}
      <span>Notejam is busy just now. It will be tried again</span>{" "}
      <span aria-hidden="true">in {seconds()} s</span>
      <button type="button" onClick={() => end(true)}>
        Now
      </button>
      <button type="button" onClick={() => end(false)}>
        Stop
      </button>
    </div>
  );
}
