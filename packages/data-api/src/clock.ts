// Time as the server sees it, so that tests can let three minutes or a day pass at once. Expiry, time
// limits and planned latencies go by it; durations that are reported come from the machine's own clock.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls `run` once, after `ms` milliseconds of this clock. Does not keep the process alive. */
  after(ms: number, run: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** A clock that stands still until `advance` moves it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Milliseconds until each of what waits falls due. */
  get due(): number[] {
    return [...this.#timers].map(({ at }) => at - this.#now);
  }

  /** Moves the time on by `ms` milliseconds and runs what falls due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let next: { at: number; run: () => void } | undefined;
      for (const timer of this.#timers) {
        if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
      }
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
