// Restores the notes of a time that have changed since, as many at once as one request may change. It can be stopped, and goes
// on where it ended.
import type { Problem } from "@notejam/client/problem";
import type { PastNote } from "@notejam/core/history/schema";
import { SELECTED_MAX } from "@notejam/core/note/limits";
import { batch, createSignal } from "solid-js";
import { asProblem } from "../data/problem.ts";

export type RestoreState = "reading" | "restoring" | "stopped" | "failed" | "done";

export interface Service {
  read(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ notes: readonly Pick<PastNote, "id" | "differs">[]; nextCursor: string | null }>;
  restore(ids: readonly string[]): Promise<unknown>;
}

export class RestoreAll {
  readonly #service: Service;
  /** Notes that are known to differ and are not restored yet. */
  #left: string[] = [];
  #cursor: string | null | undefined;
  #ending = new AbortController();
  readonly #state = createSignal<RestoreState>("reading");
  readonly #done = createSignal(0);
  readonly #total = createSignal(0);
  readonly #problem = createSignal<Problem>();

  constructor(service: Service) {
    this.#service = service;
  }

  get state(): RestoreState {
    return this.#state[0]();
  }

  /** Notes that are restored. */
  get done(): number {
    return this.#done[0]();
  }

  /** Notes that differed when it began, as far as they are found. */
  get total(): number {
    return this.#total[0]();
  }

  /** Why it ended. */
  get problem(): Problem | undefined {
    return this.#problem[0]();
  }

  /** Begins, or goes on. Resolves when it is done, stopped, or failed. */
  async run(): Promise<void> {
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    this.#problem[1](undefined);
    try {
      this.#state[1]("reading");
      await this.#find(signal);
      this.#state[1]("restoring");
      await this.#restore(signal);
      this.#state[1]("done");
    } catch (thrown) {
      batch(() => {
        this.#state[1](signal.aborted ? "stopped" : "failed");
        this.#problem[1](signal.aborted ? undefined : asProblem(thrown));
      });
    }
  }

  /** Stops it after the request that is running. */
  stop(): void {
    this.#ending.abort();
  }

  /** Finds all of them before the first is restored, because a restored note can move to another page. */
  async #find(signal: AbortSignal): Promise<void> {
    while (this.#cursor !== null) {
      const page = await this.#service.read(this.#cursor, signal);
      const found = page.notes.filter(({ differs }) => differs).map(({ id }) => id);
      this.#left.push(...found);
      this.#total[1]((total) => total + found.length);
      this.#cursor = page.nextCursor;
      signal.throwIfAborted();
    }
  }

  async #restore(signal: AbortSignal): Promise<void> {
    while (this.#left.length > 0) {
      const some = this.#left.slice(0, SELECTED_MAX);
      await this.#service.restore(some);
      this.#left = this.#left.slice(some.length);
      this.#done[1]((done) => done + some.length);
      if (this.#left.length > 0) signal.throwIfAborted();
    }
  }
}
