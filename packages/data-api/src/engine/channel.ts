// Messages between two threads, either of which may wait for the next one without its event loop.
import { type MessagePort, receiveMessageOnPort, type Transferable } from "node:worker_threads";
import { AWAKE_MS, Wakefulness } from "./awake.ts";

/** One end. Each end has a count of the messages sent to it, which a thread can wait on. */
export interface ChannelEnd {
  port: MessagePort;
  counts: Int32Array<SharedArrayBuffer>;
  /** The index of its count. The other end has the other index. */
  own: 0 | 1;
}

export class Channel<Sent, Received> {
  readonly #port: MessagePort;
  readonly #counts: Int32Array<SharedArrayBuffer>;
  readonly #own: number;
  readonly #others: number;
  readonly #wakefulness = new Wakefulness();

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

  /** Blocks this thread until a message is there. Undefined if none comes in time. */
  receive(timeoutMs = Number.POSITIVE_INFINITY): Received | undefined {
    for (;;) {
      const count = Atomics.load(this.#counts, this.#own);
      const received = receiveMessageOnPort(this.#port);
      if (received) return received.message;
      if (this.#spin(count)) continue;
      if (Atomics.wait(this.#counts, this.#own, count, timeoutMs) === "timed-out") return undefined;
    }
  }

  /** Stays awake for a moment, if that is worthwhile. @returns whether something came */
  #spin(count: number): boolean {
    if (!this.#wakefulness.takeOccasion()) return false;
    const end = performance.now() + AWAKE_MS;
    while (performance.now() < end) {
      if (Atomics.load(this.#counts, this.#own) === count) continue;
      this.#wakefulness.paid();
      return true;
    }
    this.#wakefulness.wasInVain();
    return false;
  }
}
