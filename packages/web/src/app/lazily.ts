// Parts whose code loads when they are first shown, or when the page shows what it is for and the browser is idle, so that they
// open at once, also after a deployment.
import { createSignal, lazy } from "solid-js";

const parts: { preload: () => Promise<unknown> }[] = [];

/** A component of its own chunk. Offline, it waits for the network, where its failure would take the page away. */
export const lazily: typeof lazy = (load) => {
  const component = lazy(() => load().catch((thrown) => loadOnline(load, thrown)));
  parts.push(component);
  return component;
};

async function loadOnline<T>(load: () => Promise<T>, thrown: unknown): Promise<T> {
  if (navigator.onLine) throw thrown;
  await new Promise((online) => window.addEventListener("online", online, { once: true }));
  // Vite asks for a style once only: those that did not arrive are asked for here.
  for (const style of document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) {
    if (!hasArrived(style)) style.replaceWith(style.cloneNode());
  }
  return load();
}

function hasArrived({ sheet }: HTMLLinkElement): boolean {
  try {
    return Boolean(sheet?.cssRules);
  } catch {
    return false; // The rules of what failed can't be read, as if it were another site's.
  }
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
