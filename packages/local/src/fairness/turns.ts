// Whose request is next where many wait for few functions. Clients take turns, so one that sends many requests makes only its
// own wait; and when no place is left, the client that waits with the most gives one up. On AWS a function has an environment
// for each request.

import type { ApiRequest } from "../aws/api-gateway/event.ts";
import type { Admission } from "../aws/api-gateway/http-api.ts";
import type { HttpResponse } from "../aws/loopback.ts";

export interface TurnsOptions {
  /** How many requests are with the function at once, and how many more can wait. */
  running: number;
  waiting: number;
  /** The answer to one that is refused. */
  refusal(): HttpResponse;
  /** By what clients are told apart. */
  clientOf(request: ApiRequest): string;
  /** Sees each answer. */
  answered?(request: ApiRequest, response: HttpResponse): void;
}

interface Client {
  running: number;
  /** Its requests, the oldest first: each is called with whether it is its turn, or it is refused. */
  waiting: ((isTurn: boolean) => void)[];
}

export class Turns implements Admission {
  readonly #options: TurnsOptions;
  /** Those with requests that run or wait. The one that was served last comes last. */
  readonly #clients = new Map<string, Client>();
  #running = 0;
  #waiting = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  async pass(
    request: ApiRequest,
    over: AbortSignal,
    respond: () => Promise<HttpResponse | undefined>,
  ): Promise<HttpResponse | undefined> {
    const key = this.#options.clientOf(request);
    if (!(await this.#turnOf(key, over))) return over.aborted ? undefined : this.#options.refusal();
    try {
      const response = await respond();
      if (response) this.#options.answered?.(request, response);
      return response;
    } finally {
      this.#end(key);
    }
  }

  /** Resolves when it is its turn, with true; with false if it is refused, or its caller goes away. */
  #turnOf(key: string, over: AbortSignal): Promise<boolean> | boolean {
    if (over.aborted) return false;
    const client = this.#clients.get(key) ?? { running: 0, waiting: [] };
    if (this.#running < this.#options.running) {
      this.#start(key, client);
      return true;
    }
    if (this.#waiting >= this.#options.waiting && !this.#makePlaceFor(client)) return false;
    this.#clients.set(key, client);
    this.#waiting++;
    return new Promise((resolve) => {
      const leave = () => {
        client.waiting.splice(client.waiting.indexOf(called), 1);
        this.#waiting--;
        this.#forgetIdle(key, client);
        resolve(false);
      };
      const called = (isTurn: boolean) => {
        over.removeEventListener("abort", leave);
        this.#waiting--;
        resolve(isTurn);
      };
      client.waiting.push(called);
      over.addEventListener("abort", leave);
    });
  }

  /** Refuses the newest request of the client that waits with the most, if that is more than `client` does. */
  #makePlaceFor(client: Client): boolean {
    const [most] = [...this.#clients.values()].sort((a, b) => b.waiting.length - a.waiting.length);
    if (!most || most.waiting.length <= client.waiting.length) return false;
    most.waiting.pop()?.(false);
    return true;
  }

  #start(key: string, client: Client) {
    client.running++;
    this.#running++;
    this.#clients.delete(key);
    this.#clients.set(key, client);
  }

  #end(key: string) {
    const client = this.#clients.get(key);
    if (client) {
      client.running--;
      this.#forgetIdle(key, client);
    }
    this.#running--;
    this.#next();
  }

  /** It is the turn of the client with the fewest running; of several, of the one that was served the longest ago. */
  #next() {
    const [next] = [...this.#clients]
      .filter(([, { waiting }]) => waiting.length > 0)
      .sort(([, a], [, b]) => a.running - b.running);
    if (!next) return;
    const [key, client] = next;
    const called = client.waiting.shift();
    this.#start(key, client);
    called?.(true);
  }

  #forgetIdle(key: string, client: Client) {
    if (client.running === 0 && client.waiting.length === 0) this.#clients.delete(key);
  }
}
