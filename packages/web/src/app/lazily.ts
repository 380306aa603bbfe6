// Parts whose code loads when they are first shown, or when the browser is idle, so that they open at once, also after a
// deployment.
import { lazy } from "solid-js";

const parts: { preload: () => Promise<unknown> }[] = [];

/** A component of its own chunk. */
export const lazily: typeof lazy = (load) => {
  const component = lazy(load);
  parts.push(component);
  return component;
};

/** Loads the code of all parts. */
export function loadParts(): void {
  // A part that fails to load here is loaded again when it is shown, and reports the error there.
  for (const part of parts) part.preload().catch(() => undefined);
}
