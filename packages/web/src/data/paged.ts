// Rows that the service answers page by page, each once.
import type { Problem } from "@notejam/client/problem";
import { batch, createSignal } from "solid-js";
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
  #loading: Promise<void> | undefined;
  #reading = new AbortController();

  /** @param keyOf what tells rows apart: one that is on two pages is shown once */
  constructor(read: ReadPage<Row>, keyOf: (row: Row) => string | number) {
    this.#read = read;
    this.#keyOf = keyOf;
  }

  /** What is loaded. */
  get rows(): readonly Row[] {
    return this.#rows[0]();
  }

  /** Rows in all pages; undefined while that is not known. */
  get total(): number | undefined {
    return this.#total[0]();
  }

  /** Whether the first page is there. */
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

  /** Loads the next page, if there is one, once at a time. Resolves when it has arrived or failed. */
  loadMore(): Promise<void> {
    const after = this.#cursor[0]();
    if (after === null) return Promise.resolve();
    return this.#loading ?? this.#begin(after);
  }

  /** Reads the first page again, and shows it instead of what is loaded. */
  reload(): Promise<void> {
    this.giveUp();
    return this.#begin(undefined);
  }

  /** Shows a row no longer. */
  remove(row: Row): void {
    const key = this.#keyOf(row);
    if (!this.rows.some((one) => this.#keyOf(one) === key)) return;
    batch(() => {
      this.#rows[1](this.rows.filter((one) => this.#keyOf(one) !== key));
      this.#total[1]((total) => total && total - 1);
    });
  }

  /** Gives up what is being read: it is shown no longer. */
  giveUp(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#loading = undefined;
  }

  #begin(cursor: string | undefined): Promise<void> {
    const loading = this.#load(cursor).finally(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    this.#loading = loading;
    return loading;
  }

  async #load(cursor: string | undefined): Promise<void> {
    const { signal } = this.#reading;
    this.#problem[1](undefined);
    try {
      const page = await this.#read(cursor, signal);
      if (signal.aborted) return;
      const before = cursor === undefined ? [] : this.rows;
      const seen = new Set(before.map(this.#keyOf));
      // Who sees the rows may want the next ones at once.
      this.#loading = undefined;
      batch(() => {
        this.#rows[1]([...before, ...page.rows.filter((row) => !seen.has(this.#keyOf(row)))]);
        if (typeof page.total === "number") this.#total[1](page.total);
        this.#cursor[1](page.nextCursor);
      });
    } catch (thrown) {
      if (!signal.aborted) this.#problem[1](asProblem(thrown));
    }
  }
}
