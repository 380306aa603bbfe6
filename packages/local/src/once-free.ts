// Waiting for the port and the data directory. A service that is told to end still has them while it answers the requests
// under way and closes its database, and so does one whose npm was killed, until it sees that.
import { setTimeout as sleep } from "node:timers/promises";

/** An idle service needs about one second to see that npm is gone and to end. */
const WAIT_MS = 5000;
const AGAIN_AFTER_MS = 100;

/**
 * Takes something as soon as no other process uses it.
 * @param take is called again while it fails for that reason
 * @param inUse whether that is the reason of an error
 * @param ending ends the wait
 * @throws what `take` throws, if it is something else or still so after `WAIT_MS`
 */
export async function onceFree<T>(
  take: () => Promise<T>,
  inUse: (error: unknown) => boolean,
  ending?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if (!inUse(error) || ending?.aborted || performance.now() > deadline) throw error;
    }
    await sleep(AGAIN_AFTER_MS);
  }
}
