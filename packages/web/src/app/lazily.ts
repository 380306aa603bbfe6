// Parts whose code loads when they are first shown, or when the page shows what it is for and the browser is idle, so that they
// open at once, also after a deployment.
import { createSignal, lazy } from "solid-js";

const parts: { preload: () => Promise<unknown> }[] = [];

/** A component of its own chunk. */
export const lazily: typeof lazy = (load) => {
  const component = lazy(load);
  parts.push(component);
  return component;
};

const [isSettled, setSettled] = createSignal(false);

/** Whether the page shows what it is for. What else it can do loads after that. */
export { isSettled };

// Safari has no requestIdleCallback.
const whenIdle: (run: () => void) => void =
  window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));

/** The page shows what it is for: the code of all parts loads. */
export function settle(): void {
  if (isSettled()) return;
  whenIdle(() => {
    setSettled(true);
    // A part that fails to load here is loaded again when it is shown, and reports the error there.
    for (const part of parts) part.preload().catch(() => undefined);
  });
}
