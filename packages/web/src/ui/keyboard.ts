// Whether a phone's keyboard is open. It covers the page without changing its size; only the visual viewport knows.
import { type Accessor, createSignal } from "solid-js";
import { listen } from "../data/listen.ts";

/** Whatever is lower is a browser's bar, and no keyboard. In CSS pixels. */
const KEYBOARD_MIN = 150;

/** How much a keyboard covers of the window's foot, in CSS pixels; 0 without one. */
export function createKeyboardHeight(): Accessor<number> {
  const viewport = window.visualViewport;
  const measured = () => {
    if (!viewport) return 0;
    // Zooming in makes it smaller, too.
    const covered = window.innerHeight - viewport.height * viewport.scale;
    return covered < KEYBOARD_MIN ? 0 : Math.round(window.innerHeight - viewport.offsetTop - viewport.height);
  };
  const [height, setHeight] = createSignal(measured());
  const measure = () => setHeight(measured());
  if (viewport) {
    listen(viewport, "resize", measure);
    listen(viewport, "scroll", measure);
  }
  return height;
}
