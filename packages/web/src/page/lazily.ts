// Parts whose code loads when they are first shown, or when the page shows what it is for and the browser is idle, so that they
// open at once, also after a deployment.
import { createSignal, lazy } from "solid-js";

const parts: { preload: () => Promise<unknown> }[] = [];

/** A component of its own chunk. A failure of the network does not take the page away: its code is asked for again. */
export const lazily: typeof lazy = (load) => {
  const component = lazy(() => load().catch(() => loadAgain(load)));
  parts.push(component);
  return component;
};

async function loadAgain<T>(load: () => Promise<T>): Promise<T> {
  // Online, the network may be changing this very moment.
  await new Promise((go) => {
    if (navigator.onLine) setTimeout(go, AGAIN_AFTER_MS);
    else window.addEventListener("online", go, { once: true });
  });
  // Another part may have asked for the same styles.
  styles = Promise.all([styles, ...[...failedStyles].map(askAgain)]);
  await styles;
  return load().catch((thrown) => {
    if (navigator.onLine) throw thrown;
    return loadAgain(load);
  });
}

const AGAIN_AFTER_MS = 1000;

/** Vite asks for a style once only: those that failed are asked for here. */
const failedStyles = new Set<HTMLLinkElement>();
let styles: Promise<unknown> = Promise.resolve();

const noteFailure = ({ target }: { target: unknown }) => {
  const style = target as HTMLLinkElement; // Or another element, or the window.
  if (style.rel === "stylesheet") failedStyles.add(style);
};
window.addEventListener("error", noteFailure, true);

/** Resolves when the style has arrived, or failed again. */
function askAgain(style: HTMLLinkElement): Promise<unknown> {
  failedStyles.delete(style);
  const again = style.cloneNode() as HTMLLinkElement;
  return new Promise((over) => {
    again.onload = again.onerror = over;
    style.replaceWith(again);
  });
}

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
