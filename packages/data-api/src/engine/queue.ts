// The queue of those who wait for a session: first come, first served, for a limited time.
import type { Clock } from "../clock.ts";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

interface Waiting<T> {
  serve(what: T): void;
  refuse(error: Error): void;
  /** It was refused, and is still in the queue. */
  gone: boolean;
}

export class Queue<T> {
  readonly #clock: Clock;
  readonly #complaint: string;
  readonly #waiting: Waiting<T>[] = [];

  /** @param complaint what PostgreSQL would say if the wait is in vain */
  constructor(clock: Clock, complaint: string) {
    this.#clock = clock;
    this.#complaint = complaint;
  }

  /** @throws DataApiError if it takes longer than a call may */
  wait(): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting<T> = {
        serve(what) {
          timer.cancel();
          resolve(what);
        },
        refuse(error) {
          timer.cancel();
          waiting.gone = true;
          reject(error);
        },
        gone: false,
      };
      const timer = this.#clock.after(LIMITS.callMs, () =>
        waiting.refuse(
          new DataApiError("DatabaseErrorException", `FATAL: ${this.#complaint}; SQLState: 53300`),
        ),
      );
      this.#waiting.push(waiting);
    });
  }

  get empty(): boolean {
    return this.#waiting.every(({ gone }) => gone);
  }

  /** Gives the first in the queue what `make` makes. Does nothing if the queue is empty. */
  serve(make: () => T): void {
    let first = this.#waiting.shift();
    while (first?.gone) first = this.#waiting.shift();
    first?.serve(make());
  }

  /** Refuses all. */
  refuse(error: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(error);
  }
}
