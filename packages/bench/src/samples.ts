// Times of many calls, summed up by Node.js' own histogram, which keeps three significant digits. tinybench was tried: it runs what
// it compares one after the other instead of in turns, and with 16 calls at once it counts the calls of one.
import { createHistogram } from "node:perf_hooks";

export interface Times {
  medianUs: number;
  p99Us: number;
  callsPerSecond: number;
}

export class Samples {
  readonly #nanoseconds = createHistogram();
  #seconds = 0;

  /** @param seconds from the first call's start to the last one's end */
  add(milliseconds: readonly number[], seconds = 0): void {
    // It takes whole numbers from 1.
    for (const ms of milliseconds) this.#nanoseconds.record(Math.max(Math.round(ms * 1e6), 1));
    this.#seconds += seconds;
  }

  /** The time in µs that `percent` of the calls do not exceed. */
  percentileUs(percent: number): number {
    return Math.round(this.#nanoseconds.percentile(percent) / 1000);
  }

  get medianUs(): number {
    return this.percentileUs(50);
  }

  get times(): Times {
    return {
      medianUs: this.medianUs,
      p99Us: this.percentileUs(99),
      callsPerSecond: Math.round(this.#nanoseconds.count / this.#seconds),
    };
  }
}
