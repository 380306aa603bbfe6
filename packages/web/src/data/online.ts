// Whether the browser has a network. A service that does not answer is something else.
import { createSignal } from "solid-js";

const [isOnline, setOnline] = createSignal(navigator.onLine);

export { isOnline };

// As long as the page is there, so nothing removes these.
for (const change of ["online", "offline"]) {
  window.addEventListener(change, () => setOnline(navigator.onLine));
}
