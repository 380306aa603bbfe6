import { onCleanup } from "solid-js";

/** Acts whenever the network comes back, as long as the component is shown. */
export function whenOnline(act: () => unknown): void {
  window.addEventListener("online", act);
  onCleanup(() => window.removeEventListener("online", act));
}
