// Staying awake between calls that follow each other closely. To put a thread to sleep and wake it takes 100 µs and more
// on an idle machine, several times what a small statement takes [seen]; what is called now and then must not pay for it.

/** Longer than a small statement takes, and than a program takes from one answer to its next request. */
export const AWAKE_MS = 0.4;
/** After it was in vain again and again, so many occasions go by before the next attempt. */
const MOST_SKIPPED = 15;

/** Whether staying awake is worth it: it has paid of late, or it is time for another attempt. */
export class Wakefulness {
  #pause = 0;
  #toSkip = 0;

  /** Answers for one occasion, and counts it: to be asked once on each. */
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

/** Keeps this thread's event loop turning for a moment after a statement began, so that it hears at once of what comes. */
export function stayAwake(): void {
  if (turning) wakefulness.paid();
  else if (wakefulness.takeOccasion()) {
    turning = true;
    setImmediate(turn);
  }
  prolong();
}

/** As long again, from the statement's end. */
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
