// How a device and its user insist on a request over a bad network.
import { isProblem, PASSING, Problem } from "@notejam/client/problem";

/** A device repeats a request so often, and then gives up. */
export const TRIES = 60;

/** Sends a request again until it is answered, as a user does who presses again. @throws Problem that does not pass */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (thrown) {
      if (tries === TRIES || !isProblem(thrown, ...PASSING)) throw thrown;
    }
  }
}

/** As `insist`. @returns undefined if it was refused */
export async function tried<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await insist(call);
  } catch (thrown) {
    if (thrown instanceof Problem) return undefined;
    throw thrown;
  }
}
