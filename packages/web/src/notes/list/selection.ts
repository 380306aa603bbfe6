// Which notes of a list are selected, to be moved, archived, deleted or restored together.
import { createSignal } from "solid-js";

type Listed = { id: string };

export class Selection {
  /** Undefined while a press on a note opens it instead of selecting it. */
  readonly #ids = createSignal<ReadonlySet<string>>();
  /** Where a range begins: what was selected last. */
  #anchor: string | undefined;

  /** Whether a press on a note selects it instead of opening it. */
  get isOpen(): boolean {
    return this.#ids[0]() !== undefined;
  }

  has(id: string): boolean {
    return this.#ids[0]()?.has(id) === true;
  }

  /** Those of the notes that are selected. */
  of<Note extends Listed>(notes: readonly Note[]): Note[] {
    return notes.filter(({ id }) => this.has(id));
  }

  open(): void {
    this.#ids[1]((ids = new Set()) => ids);
  }

  toggle(id: string): void {
    this.#anchor = id;
    this.#ids[1]((ids = new Set()) => (ids.has(id) ? without(ids, id) : new Set([...ids, id])));
  }

  /** Selects from what was selected last to this note, in the order of `notes`. */
  extendTo(id: string, notes: readonly Listed[]): void {
    const [from, to] = [this.#anchor ?? id, id]
      .map((one) => notes.findIndex((note) => note.id === one))
      .sort((a, b) => a - b);
    const between = notes.slice(Math.max(0, from ?? 0), (to ?? 0) + 1).map((note) => note.id);
    this.#ids[1]((ids = new Set()) => new Set([...ids, ...between]));
    this.#anchor = id;
  }

  close(): void {
    this.#anchor = undefined;
    this.#ids[1](undefined);
  }
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((one) => one !== id));
}
