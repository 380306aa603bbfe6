// A time in words, with the full date and time in its tooltip. The words are updated when the user comes back to the
// tab, so that they stay right past midnight.
import { createSignal } from "solid-js";
import { browserLocale, formatFull, formatRelative } from "./dates.ts";

const [now, setNow] = createSignal(new Date());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) setNow(new Date());
});
const locale = browserLocale();

/** `time`: ISO 8601. */
export function RelativeTime(props: { time: string }) {
  const time = () => new Date(props.time);
  // `lang`: screen readers read the words in their own language.
  return (
    <time datetime={props.time} title={formatFull(time(), locale)} lang={locale.language}>
      {formatRelative(time(), nowFor(time()), locale)}
    </time>
  );
}

/** `now` is from when the tab was opened or came back. Something saved since then is not in the future. */
function nowFor(time: Date): Date {
  const current = new Date();
  return time > now() && current > now() ? current : now();
}
