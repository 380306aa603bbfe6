// Parts whose code loads when they are first shown, or when the browser is idle, so that they open at once, also after a
// deployment.
import { type Component, lazy } from "solid-js";

const parts: { preload: () => Promise<unknown> }[] = [];

/** A component of its own chunk. */
// biome-ignore lint/suspicious/noExplicitAny: as in Solid's own declaration of lazy
export function lazily<Part extends Component<any>>(load: () => Promise<{ default: Part }>) {
  const component = lazy(load);
  parts.push(component);
  return component;
}

/** Loads the code of all parts. */
export function loadParts(): void {
  // A part that fails to load here is loaded again when it is shown, and reports the error there.
  for (const part of parts) part.preload().catch(() => undefined);
}
