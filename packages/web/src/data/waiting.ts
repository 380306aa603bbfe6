// Waiting for a service that is full: requests that were turned away stand in line here and are sent again, and the
// reader sees that it is so, and may go at once or give up (ui/network-line.tsx).
import { createSignal } from "solid-js";

export interface Wait {
  /** When it is over, in milliseconds since 1970. */
  until: number;
  /** Ends it: true sends again, false gives up. */
  end(sendAgain: boolean): void;
}

const [waits, setWaits] = createSignal<readonly Wait[]>([]);

export { waits };

/** Waits visibly, and says whether to send again. */
export function wait(seconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => entry.end(true), seconds * 1000);
    const entry: Wait = {
      until: Date.now() + seconds * 1000,
      end(sendAgain) {
        clearTimeout(timer);
        setWaits((all) => all.filter((other) => other !== entry));
        resolve(sendAgain);
      },
    };
    setWaits((all) => [...all, entry]);
  });
}
