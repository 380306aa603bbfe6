// The queue of those who wait for a session: first come, first served, for a limited time.
import type { Clock } from "../clock.ts";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

interface Waiting<T> {
  serve(what: T): void;
  refuse(error: Error): void;
}

export class Queue<T> {
  readonly #clock: Clock;
  readonly #complaint: string;
  readonly #waiting = new Set<Waiting<T>>();

  /** @param complaint what PostgreSQL would say if the wait is in vain */
  constructor(clock: Clock, complaint: string) {
    this.#clock = clock;
    this.#complaint = complaint;
  }

  /** @throws DataApiError if it takes longer than a call may */
  wait(): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        timer.cancel();
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting<T> = {
        serve(what) {
          leave();
          resolve(what);
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      const timer = this.#clock.after(LIMITS.callMs, () =>
        waiting.refuse(
          new DataApiError("DatabaseErrorException", `FATAL: ${this.#complaint}; SQLState: 53300`),
        ),
      );
      this.#waiting.add(waiting);
    });
  }

  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Gives the first in the queue what `make` makes. Does nothing if the queue is empty. */
  serve(make: () => T): void {
    const [first] = this.#waiting;
    first?.serve(make());
  }

  /** Refuses all. */
  refuse(error: Error): void {
    for (const waiting of this.#waiting) waiting.refuse(error);
  }
}
