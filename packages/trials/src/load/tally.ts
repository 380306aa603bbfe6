// What is counted of a load test while it runs: calls and their times, requests by route and status, and what went wrong.
import { createHistogram } from "node:perf_hooks";
import type { Exchange } from "../visitor/visitor.ts";

/** Calls that went wrong in the same way. */
export interface Fault {
  /** The service answered with a success that is not true; else it failed, or did not answer. */
  isWrong: boolean;
  calls: number;
  /** The first of them, in words. */
  first: string;
}

/** Milliseconds. */
export interface Times {
  p50: number;
  p95: number;
  p99: number;
  most: number;
}

const MICROSECONDS = 1000;

/** Times are counted in microseconds, which is what a histogram of whole numbers can tell apart. */
class TimesSoFar {
  readonly #histogram = createHistogram();

  add(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * MICROSECONDS)));
  }

  /** To a tenth of a millisecond. */
  get times(): Times {
    const ms = (value: number) => Math.round(value / (MICROSECONDS / 10)) / 10;
    const percentile = (percent: number) => ms(this.#histogram.percentile(percent));
    return { p50: percentile(50), p95: percentile(95), p99: percentile(99), most: ms(this.#histogram.max) };
  }
}

/** Requests by route and status; the status of one without an answer is `none`. */
export type Requests = Record<string, Record<string, number>>;

const NO_STATUS = "none";

export class Tally {
  /** Calls that began, and those that ended. A call is one or more requests: it is sent again when it had to wait. */
  begun = 0;
  ended = 0;
  /** Calls that the service told to wait. */
  waited = 0;
  readonly #faults = new Map<string, Fault>();
  readonly #requests: Requests = {};
  readonly #took = new TimesSoFar();
  readonly #late = new TimesSoFar();

  /** A call begins. @param lateMs after its time */
  begins(lateMs: number): void {
    this.begun++;
    this.#late.add(lateMs);
  }

  /** A call has ended, well or not. @param tookMs from when it was due */
  ends(tookMs: number): void {
    this.ended++;
    this.#took.add(tookMs);
  }

  /** @param words which differ from those of the same fault in ids and numbers only */
  fails(words: string, isWrong: boolean): void {
    const kind = words.replaceAll(SPECIFIC, "…");
    const fault = this.#faults.get(kind) ?? { isWrong, calls: 0, first: words };
    fault.calls++;
    this.#faults.set(kind, fault);
  }

  requested(exchange: Exchange): void {
    const route = routeOf(exchange);
    const status = exchange.status ?? NO_STATUS;
    const statuses = this.#requests[route] ?? {};
    this.#requests[route] = { ...statuses, [status]: (statuses[status] ?? 0) + 1 };
  }

  get faults(): Fault[] {
    return [...this.#faults.values()];
  }

  get requests(): Requests {
    return this.#requests;
  }

  /** How long the calls took, from when they were due: a service that holds up the next call does not look quicker by that. */
  get took(): Times {
    return this.#took.times;
  }

  /** How long after their time the calls began, because this process was busy. */
  get late(): Times {
    return this.#late.times;
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
/** The parts in which requests of one kind differ: ids, searched words, versions. */
const SPECIFIC = /[0-9a-f]{8}-[0-9a-f-]{27}|\(request \S+\)|"?load[0-9a-f]{12}"?|\bversion \d+( to \d+)?/g;

/** `GET /api/notes/:id` */
function routeOf({ method, target }: Exchange): string {
  return `${method} ${target.replace(/\?.*/, "").replaceAll(UUID, ":id")}`;
}
