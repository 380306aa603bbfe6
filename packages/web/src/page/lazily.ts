// Components whose code loads later: when they are first shown, or before that, once the page is ready and the browser is idle.
// So they open at once, and also after a deployment has replaced their files.
import { createSignal, lazy } from "solid-js";

const parts: { preload: () => Promise<unknown> }[] = [];

/** A component with a chunk of its own. When the network fails, the page stays and the code is requested again. */
export const lazily: typeof lazy = (load) => {
  const component = lazy(() => patiently(load));
  parts.push(component);
  return component;
};

/** Loads code that is no component as `lazily` does. */
export function patiently<T>(load: () => Promise<T>): Promise<T> {
  return load().catch(() => loadAgain(load));
}

async function loadAgain<T>(load: () => Promise<T>): Promise<T> {
  // A browser that says it is online may be just changing its network, so this waits a moment.
  await new Promise((go) => {
    if (navigator.onLine) setTimeout(go, AGAIN_AFTER_MS);
    else window.addEventListener("online", go, { once: true });
  });
  // Other components may wait for the same styles.
  styles = Promise.all([styles, ...[...failedStyles].map(askAgain)]);
  await styles;
  return load().catch((thrown) => {
    if (navigator.onLine) throw thrown;
    return loadAgain(load);
  });
}

const AGAIN_AFTER_MS = 1000;

/** Vite requests a style sheet only once. Those that failed are requested again here. */
const failedStyles = new Set<HTMLLinkElement>();
let styles: Promise<unknown> = Promise.resolve();

const noteFailure = ({ target }: { target: unknown }) => {
  const style = target as HTMLLinkElement; // It can also be another element, or the window.
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

/** Whether the page shows its main content. Everything else loads after that. */
export { isSettled };

// Safari has no requestIdleCallback.
const whenIdle: (run: () => void) => void =
  window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));

/** Tells that the page shows its main content. The code of all other components loads now. */
export function settle(): void {
  if (isSettled()) return;
  whenIdle(() => {
    setSettled(true);
    // A component that fails to load here is loaded again when it is shown, and reports the error there.
    for (const part of parts) part.preload().catch(() => undefined);
  });
}
