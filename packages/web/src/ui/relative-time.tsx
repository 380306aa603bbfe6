// A time as readers say it, with the whole of it in its tooltip. It stays true past midnight: it is said anew whenever
// the reader comes back to the tab.
import { createSignal } from "solid-js";
import { inFull, inWords, thisReader } from "./dates.ts";

const [now, setNow] = createSignal(new Date());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) setNow(new Date());
});
const reader = thisReader();

/** `time`: ISO 8601. */
export function When(props: { time: string }) {
  const time = () => new Date(props.time);
  // Read by a screen reader in the language that it is in.
  return (
    <time datetime={props.time} title={inFull(time(), reader)} lang={reader.locale}>
      {inWords(time(), later(now(), time()), reader)}
    </time>
  );
}

/** `now` was read when the tab was opened or came back; what was saved since is not ahead of time. */
function later(now: Date, time: Date): Date {
  const clock = new Date();
  return time > now && clock > now ? clock : now;
}
