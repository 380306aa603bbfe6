import { onCleanup } from "solid-js";

type Events = WindowEventMap & DocumentEventMap;

/** Acts on each event of a kind, as long as the component is shown. */
export function listen<Kind extends keyof Events>(
  target: EventTarget,
  kind: Kind,
  act: (event: Events[Kind]) => unknown,
  options?: AddEventListenerOptions,
): void {
  const listener = act as EventListener;
  target.addEventListener(kind, listener, options);
  onCleanup(() => target.removeEventListener(kind, listener, options));
}
