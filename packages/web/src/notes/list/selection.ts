// Which notes of a list are selected, to be moved, archived, deleted or restored together.
import { batch, createSignal } from "solid-js";

type Listed = { id: string };

export class Selection {
  readonly #ids = createSignal<ReadonlySet<string>>(new Set());
  readonly #isOpen = createSignal(false);
  /** Where a range begins: what was selected last. */
  #anchor: string | undefined;

  /** Whether a press on a note selects it instead of opening it. */
  get isOpen(): boolean {
    return this.#isOpen[0]();
  }

  has(id: string): boolean {
    return this.#ids[0]().has(id);
  }

  /** Those of the notes that are selected. */
  of<Note extends Listed>(notes: readonly Note[]): Note[] {
    return notes.filter(({ id }) => this.has(id));
  }

  open(): void {
    this.#isOpen[1](true);
  }

  toggle(id: string): void {
    this.#anchor = id;
    batch(() => {
      this.open();
      this.#ids[1]((ids) => (ids.has(id) ? without(ids, id) : new Set([...ids, id])));
    });
  }

  /** Selects from what was selected last to this note, in the order of `notes`. */
  extendTo(id: string, notes: readonly Listed[]): void {
    const [from, to] = [this.#anchor ?? id, id]
      .map((one) => notes.findIndex((note) => note.id === one))
      .sort((a, b) => a - b);
    const between = notes.slice(Math.max(0, from ?? 0), (to ?? 0) + 1).map((note) => note.id);
    batch(() => {
      this.open();
      this.#ids[1]((ids) => new Set([...ids, ...between]));
    });
    this.#anchor = id;
  }

  close(): void {
    this.#anchor = undefined;
    batch(() => {
      this.#isOpen[1](false);
      this.#ids[1](new Set<string>());
    });
  }
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((one) => one !== id));
}
