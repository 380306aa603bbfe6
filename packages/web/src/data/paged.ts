// A list that the service answers page by page. It has each row once, and can be read again.
import type { Problem } from "@notejam/client/problem";
import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from "solid-js";
import { listen } from "./listen.ts";
import { asProblem } from "./problem.ts";

export interface Page<Row> {
  rows: readonly Row[];
  /** Rows in all pages, if the answer says so. */
  total?: number | null;
  nextCursor: string | null;
}

export type ReadPage<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;

export class Paged<Row> {
  readonly #read: ReadPage<Row>;
  readonly #keyOf: (row: Row) => string | number;
  readonly #rows = createSignal<readonly Row[]>([]);
  readonly #total = createSignal<number>();
  /** Where the next page begins: undefined before the first one, null after the last. */
  readonly #cursor = createSignal<string | null>();
  readonly #problem = createSignal<Problem>();
  #loading: Promise<boolean> | undefined;
  #reading = new AbortController();

  /** @param keyOf the key of a row: a row that moves from one page to the next while they are read is shown once */
  constructor(read: ReadPage<Row>, keyOf: (row: Row) => string | number) {
    this.#read = read;
    this.#keyOf = keyOf;
  }

  /** The rows that are loaded. */
  get rows(): readonly Row[] {
    return this.#rows[0]();
  }

  /** Rows in all pages; undefined until an answer has said how many. */
  get total(): number | undefined {
    return this.#total[0]();
  }

  /** Whether the first page is loaded. */
  get isOpen(): boolean {
    return this.#cursor[0]() !== undefined;
  }

  get hasMore(): boolean {
    return typeof this.#cursor[0]() === "string";
  }

  /** Why the last page could not be loaded. */
  get problem(): Problem | undefined {
    return this.#problem[0]();
  }

  /** Loads the first page unless it is loaded. Resolves when it has arrived or failed. */
  async open(): Promise<void> {
    if (!this.isOpen) await this.loadFirst();
  }

  /** Loads the next page, if there is one, once at a time. Resolves when it has arrived or failed. */
  async loadMore(): Promise<void> {
    const next = this.#cursor[0]();
    if (next !== null) await this.#once(next);
  }

  /** Reads the first page again, and shows it instead of what is loaded. */
  async reload(): Promise<void> {
    this.giveUp();
    await this.loadFirst();
  }

  /** Removes a row that is loaded, and counts it no longer. */
  remove(row: Row): void {
    const key = this.#keyOf(row);
    const others = this.rows.filter((one) => this.#keyOf(one) !== key);
    if (others.length < this.rows.length) this.show(others, -1);
  }

  /** Gives up the request that is running, because nobody sees the list any more. */
  giveUp(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#loading = undefined;
  }

  /** Loads the first page instead of what is loaded. @returns whether it arrived */
  protected loadFirst(): Promise<boolean> {
    return this.#once(undefined);
  }

  /** Shows other rows. @param more how many rows there are more in all pages */
  protected show(rows: readonly Row[], more: number): void {
    batch(() => {
      this.#rows[1](rows);
      this.#total[1]((total) => (total === undefined ? undefined : Math.max(0, total + more)));
    });
  }

  #once(cursor: string | undefined): Promise<boolean> {
    if (this.#loading) return this.#loading;
    const loading = this.#load(cursor).finally(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    this.#loading = loading;
    return loading;
  }

  async #load(cursor: string | undefined): Promise<boolean> {
    const { signal } = this.#reading;
    this.#problem[1](undefined);
    try {
      const page = await this.#read(cursor, signal);
      if (signal.aborted) return false;
      // Showing the rows can ask for the next page at once.
      this.#loading = undefined;
      if (cursor === undefined) this.#begin(page);
      else this.#add(page);
      return true;
    } catch (thrown) {
      if (!signal.aborted) this.#problem[1](asProblem(thrown));
      return false;
    }
  }

  #begin({ rows, total, nextCursor }: Page<Row>): void {
    batch(() => {
      this.#rows[1](rows);
      this.#total[1](total ?? undefined);
      this.#cursor[1](nextCursor);
    });
  }

  #add({ rows, total, nextCursor }: Page<Row>): void {
    const seen = new Set(this.rows.map(this.#keyOf));
    batch(() => {
      this.#rows[1]([...this.rows, ...rows.filter((row) => !seen.has(this.#keyOf(row)))]);
      // A search counts only once its best results are shown.
      if (typeof total === "number") this.#total[1](total);
      this.#cursor[1](nextCursor);
    });
  }
}

/** Opens a list as long as the component shows it, and tries again when the network comes back. */
export function useList<Row>(list: Accessor<Paged<Row> | undefined>, onOpen?: () => void): void {
  createEffect(
    on(list, (shown) => {
      if (!shown) return;
      void shown.open().then(onOpen);
      onCleanup(() => shown.giveUp());
    }),
  );
  listen(window, "online", () => list()?.problem && list()?.loadMore());
}
