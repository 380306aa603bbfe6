// Messages between two threads, either of which may wait for the next one without its event loop: to put a thread to
// sleep and wake it costs several times what a statement does [seen: 100 µs and more on an idle machine].
import { type MessagePort, receiveMessageOnPort, type Transferable } from "node:worker_threads";

/** One end. Each end counts what it was sent in a number of its own, which can be waited on. */
export interface ChannelEnd {
  port: MessagePort;
  counts: Int32Array<SharedArrayBuffer>;
  /** The index of its own count; the other end's is the other one of 0 and 1. */
  own: 0 | 1;
}

/** Longer than a small statement takes, and than a client takes from one answer to the next request. */
const SPIN_MS = 0.4;
/** Where spinning was in vain, so many waits at most go without it: what is called now and then costs next to nothing. */
const MOST_SKIPPED = 63;

export class Channel<Sent, Received> {
  readonly #port: MessagePort;
  readonly #counts: Int32Array<SharedArrayBuffer>;
  readonly #own: number;
  readonly #others: number;
  /** How many waits are to go without spinning, after the last time that it was in vain and from now on. */
  #pause = 0;
  #toSkip = 0;

  constructor({ port, counts, own }: ChannelEnd) {
    this.#port = port;
    this.#counts = counts;
    this.#own = own;
    this.#others = 1 - own;
  }

  send(message: Sent, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
    Atomics.add(this.#counts, this.#others, 1);
    Atomics.notify(this.#counts, this.#others);
  }

  /** Blocks this thread until a message is there. Undefined where none comes in time. */
  receive(timeoutMs = Number.POSITIVE_INFINITY): Received | undefined {
    for (;;) {
      const count = Atomics.load(this.#counts, this.#own);
      const received = receiveMessageOnPort(this.#port);
      if (received) return received.message;
      if (this.#spin(count)) continue;
      if (Atomics.wait(this.#counts, this.#own, count, timeoutMs) === "timed-out") return undefined;
    }
  }

  /** Stays awake for a moment, where that has paid of late. Answers whether something came. */
  #spin(count: number): boolean {
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return false;
    }
    const end = performance.now() + SPIN_MS;
    while (performance.now() < end) {
      if (Atomics.load(this.#counts, this.#own) === count) continue;
      this.#pause = 0;
      return true;
    }
    this.#pause = Math.min(2 * this.#pause + 1, MOST_SKIPPED);
    this.#toSkip = this.#pause;
    return false;
  }
}
