// A time in words, with the full date and time in its tooltip. The words are updated when the user comes back to the tab and
// at midnight, so that they stay right.
import { createSignal } from "solid-js";
import { browserLocale, formatClock, formatFull, formatRelative, formatShort } from "./dates.ts";

const [now, setNow] = createSignal(new Date());

export { now };

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) setNow(new Date());
});
setInterval(() => setNow(new Date()), 60_000);

export const locale = browserLocale();

/** `time`: ISO 8601. `short`: for a narrow column. */
export function Time(props: { time: string; short?: boolean }) {
  const time = () => new Date(props.time);
  const format = () => (props.short ? formatShort : formatRelative);
  // `lang`: screen readers read the words in their own language.
  return (
    <time datetime={props.time} title={formatFull(time(), locale)} lang={locale.language}>
      {format()(time(), now() > time() ? now() : new Date(), locale)}
    </time>
  );
}

/** Only the clock of a time. */
export function Clock(props: { time: Date }) {
  return (
    <time datetime={props.time.toISOString()} lang={locale.language}>
      {formatClock(props.time, locale)}
    </time>
  );
}
