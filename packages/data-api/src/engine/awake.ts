// Staying awake between calls that follow each other closely. On an idle machine it takes 100 µs and more to put a thread to
// sleep and wake it, several times what a small statement takes. Without this, a row by key over PGlite takes 460 µs by HTTP
// in place of 160 (packages/bench). Calls that come now and then don't pay for it.

/** Longer than a small statement takes, and than a program takes from one answer to its next request. */
export const AWAKE_MS = 0.4;
/** The most occasions that are skipped after staying awake was in vain several times. */
const MOST_SKIPPED = 15;

/** Whether staying awake is worth it: it has paid recently, or it is time for another attempt. */
export class Wakefulness {
  #pause = 0;
  #toSkip = 0;

  /** Decides about one occasion and counts it. Call it once for each. */
  takeOccasion(): boolean {
    if (this.#toSkip === 0) return true;
    this.#toSkip--;
    return false;
  }

  paid(): void {
    this.#pause = 0;
  }

  wasInVain(): void {
    this.#pause = Math.min(2 * this.#pause + 1, MOST_SKIPPED);
    this.#toSkip = this.#pause;
  }
}

const wakefulness = new Wakefulness();
let until = 0;
let turning = false;

/** Keeps this thread's event loop turning for a moment after a statement began, so that it sees the answer at once. */
export function stayAwake(): void {
  if (turning) wakefulness.paid();
  else if (wakefulness.takeOccasion()) {
    turning = true;
    setImmediate(turn);
  }
  prolong();
}

/** Stays awake for as long again, from the statement's end. */
export function prolong(): void {
  until = performance.now() + AWAKE_MS;
}

function turn(): void {
  if (performance.now() < until) setImmediate(turn);
  else {
    turning = false;
    wakefulness.wasInVain();
  }
}
