// What a page does when the service is full: rejected calls wait here and are sent again. The user sees that, and can send
// them at once or cancel (app/network-line.tsx).
import { backoff, type Patience, type Retry } from "@notejam/client/retry";
import { createSignal } from "solid-js";

export interface Wait {
  /** When it is over, in milliseconds since 1970. */
  until: number;
  /** Ends it: true sends again, false gives up. */
  end(sendAgain: boolean): void;
}

const [waits, setWaits] = createSignal<readonly Wait[]>([]);

export { waits };

/** The user decides about longer waits, and about repeating a call that got no answer. */
export const PATIENCE: Patience = {
  repeat: ["unavailable", "rate_limited"],
  waitMaxSeconds: 60,
  turnsMax: 5,
};

export const waitWhileFull: Retry = backoff({ ...PATIENCE, wait });

/** Waits visibly, and resolves to whether to send again. */
function wait(seconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => entry.end(true), seconds * 1000);
    const abort = () => entry.end(false);
    signal?.addEventListener("abort", abort);
    const entry: Wait = {
      until: Date.now() + seconds * 1000,
      end(sendAgain) {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        setWaits((all) => all.filter((other) => other !== entry));
        resolve(sendAgain);
      },
    };
    setWaits((all) => [...all, entry]);
  });
}
