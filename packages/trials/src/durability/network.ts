// A bad network between devices and the service: it loses requests and answers, cuts answers off, and delivers requests twice,
// late, and out of order. It keeps what was delivered with what was answered, also where no device heard the answer.

import { setImmediate } from "node:timers/promises";
import type { Fetch } from "@notejam/client/send";
import type { Note, SaveNote } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import type { Revision } from "@notejam/core/revision/schema";

/** What happens to a request. */
export type Fate =
  | { kind: "arrives" }
  /** It never arrives. */
  | { kind: "lost" }
  /** It is carried out, and its answer is lost, or breaks off in the middle. */
  | { kind: "unanswered" }
  | { kind: "cut" }
  /** It arrives twice at the same time. */
  | { kind: "twice" }
  /** It arrives, and again after so many other requests. */
  | { kind: "repeated"; after: number }
  /** Its device gives it up, and it arrives after so many other requests. */
  | { kind: "late"; after: number };

/** A request that the service received. */
export interface Delivery {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The version in If-Match. */
  base: number | undefined;
  body: Body;
  /** 0 if the connection broke. */
  status: number;
  /** What Retry-After says. */
  retryAfter: string | null;
  /** The answer's JSON. */
  answer: Body;
  /** Whether a database call failed meanwhile and may have been repeated. The answer may then be that of the repetition. */
  mayBeRepeated: boolean;
}

/** A JSON body of any route: the path and the status say which of the fields are there, and whether there is one at all. */
type Body = Note & {
  ids: string[];
  at: string;
  kind: SaveNote["kind"];
  note: Note;
  current: Note;
  notes: Note[];
  revision: Revision;
  pad: Pad;
  pads: Pad[];
  /** Of a problem. */
  code: string;
};

type Sent = Parameters<Fetch>;

export class Network {
  readonly deliveries: Delivery[] = [];
  /** How often each fate befell a request. */
  readonly counts: Record<string, number> = {};
  readonly #faultsStruck: () => number;
  readonly #held: { due: number; sent: Sent }[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #requests = 0;
  /** Every request arrives once. */
  isCalm = true;

  /** @param faultsStruck how many faults struck calls of the database so far */
  constructor(faultsStruck: () => number) {
    this.#faultsStruck = faultsStruck;
  }

  /** The way of one device, whose requests have these fates, and the same ones again. */
  through(fates: readonly Fate[]): Fetch {
    let next = 0;
    return async (...sent) => {
      this.#requests++;
      this.#deliverDue();
      if (this.isCalm) return await this.#deliver(sent);
      const fate = fates[next++ % fates.length] ?? { kind: "arrives" };
      this.counts[fate.kind] = (this.counts[fate.kind] ?? 0) + 1;
      return await this.#befall(sent, fate);
    };
  }

  /** Delivers what is held, and waits for all answers. */
  async quiet(): Promise<void> {
    this.isCalm = true;
    this.#requests = Number.POSITIVE_INFINITY;
    this.#deliverDue();
    this.#requests = 0;
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #befall(sent: Sent, fate: Fate): Promise<Response> {
    switch (fate.kind) {
      case "arrives":
        return await this.#deliver(sent);
      case "lost":
        throw noAnswer();
      case "unanswered":
        await this.#deliver(sent);
        throw noAnswer();
      case "cut":
        return cutOff(await this.#deliver(sent));
      case "twice": {
        const [first] = await Promise.all([this.#deliver(sent), this.#deliver(sent)]);
        return first;
      }
      case "repeated":
        this.#hold(sent, fate.after);
        return await this.#deliver(sent);
      case "late":
        this.#hold(sent, fate.after);
        throw noAnswer();
    }
  }

  #hold(sent: Sent, after: number): void {
    this.#held.push({ due: this.#requests + after, sent });
  }

  #deliverDue(): void {
    const due = this.#held.filter((one) => one.due <= this.#requests);
    for (const one of due) {
      this.#held.splice(this.#held.indexOf(one), 1);
      // Nobody waits for its answer.
      const delivering = this.#deliver(one.sent)
        .catch(() => undefined)
        .finally(() => this.#underWay.delete(delivering));
      this.#underWay.add(delivering);
    }
  }

  async #deliver([input, init]: Sent): Promise<Response> {
    const { pathname, searchParams } = new URL(String(input));
    const ifMatch = new Headers(init?.headers).get("if-match");
    const struckBefore = this.#faultsStruck();
    const delivery: Delivery = {
      method: init?.method ?? "GET",
      path: pathname,
      query: searchParams,
      base: ifMatch === null ? undefined : Number(ifMatch.replaceAll('"', "")),
      body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined,
      status: 0,
      retryAfter: null,
      answer: undefined as unknown as Body,
      mayBeRepeated: true,
    };
    this.deliveries.push(delivery);
    const response = await fetch(input, init);
    const text = await response.text();
    // A call is counted when it has ended, which may be in the same turn.
    await setImmediate();
    delivery.status = response.status;
    delivery.retryAfter = response.headers.get("retry-after");
    delivery.answer = text === "" ? undefined : JSON.parse(text);
    delivery.mayBeRepeated = response.status >= 500 || this.#faultsStruck() > struckBefore;
    return new Response(text === "" ? null : text, response);
  }
}

/** What `fetch` throws if there is no answer. */
function noAnswer(): TypeError {
  return new TypeError("fetch failed");
}

/** An answer whose connection breaks in the middle of its body. */
async function cutOff(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) throw noAnswer();
  const half = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2))),
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
  return new Response(half, response);
}
