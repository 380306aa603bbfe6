// A list of notes that grows page by page, with each note once. What this tab writes changes the lists that are loaded, so
// opening, saving or deleting a note does not read them again.
import type { Problem } from "@notejam/client/problem";
import { EXCERPT_CHARACTERS } from "@notejam/core/note/limits";
import type { Note, NotePage, NoteSummary } from "@notejam/core/note/schema";
import type { FoundNote } from "@notejam/core/search/schema";
import { batch, createSignal } from "solid-js";
import { asProblem } from "../../data/problem.ts";
import type { ListFilter } from "./filter.ts";

/** A note as a list has it: where words were searched for, with where they are, `excerpt` being the snippet. */
export type ListedNote = NoteSummary & Partial<Pick<FoundNote, "inName" | "inSnippet">>;

export type Page = Omit<NotePage, "notes"> & { notes: ListedNote[] };

export type ReadPage = (cursor: string | undefined, signal: AbortSignal) => Promise<Page>;

/** What of a note decides which lists have it. Its tags are known only where its text is. */
export type Placed = Pick<Note, "padId" | "pinnedAt" | "archivedAt"> & { tags?: readonly string[] };

/** A note for lists. */
export type PlacedNote = NoteSummary & Placed;

export class NoteList {
  readonly filter: ListFilter;
  readonly #read: ReadPage;
  readonly #notes = createSignal<readonly ListedNote[]>([]);
  readonly #total = createSignal<number>();
  /** Where the next page begins: undefined before the first one, null after the last. */
  readonly #cursor = createSignal<string | null>();
  readonly #problem = createSignal<Problem>();
  #loading: Promise<void> | undefined;
  #stale = false;
  /** Whether something was written since the first page was asked for, which may lack it. */
  #wasWritten = false;
  #reading = new AbortController();

  constructor(filter: ListFilter, read: ReadPage) {
    this.filter = filter;
    this.#read = read;
  }

  /** What is loaded. */
  get notes(): readonly ListedNote[] {
    return this.#notes[0]();
  }

  /** Notes in the whole list; undefined until its first page is there. */
  get total(): number | undefined {
    return this.#total[0]();
  }

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

  /** Loads the first page if it is not there, and again if the list no longer shows what was written. */
  open(): Promise<void> {
    if (this.isOpen && !this.#stale) return Promise.resolve();
    const { signal } = this.#reading;
    return this.#once(async () => {
      do {
        this.#wasWritten = false;
        const page = await this.#read(undefined, signal);
        this.#stale = this.#wasWritten;
        batch(() => {
          this.#notes[1](page.notes);
          this.#total[1](page.total ?? undefined);
          this.#cursor[1](page.nextCursor);
        });
      } while (this.#wasWritten && !signal.aborted);
    });
  }

  /** Loads the next page, if there is one, once at a time. Resolves when it has arrived or failed. */
  loadMore(): Promise<void> {
    const after = this.#cursor[0]();
    if (after === undefined) return this.open();
    if (after === null) return Promise.resolve();
    return this.#once(async () => {
      const page = await this.#read(after, this.#reading.signal);
      batch(() => {
        // A search counts when its best notes are shown.
        if (page.total !== null) this.#total[1](page.total);
        // A note that was changed in the meantime can be on two pages. It stays where it was first.
        const seen = new Set(this.notes.map((note) => note.id));
        this.#notes[1]([...this.notes, ...page.notes.filter((note) => !seen.has(note.id))]);
        this.#cursor[1](page.nextCursor);
      });
    });
  }

  /** Gives up what is being read: the list is shown no longer. */
  giveUp(): void {
    if (!this.#loading) return;
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#loading = undefined;
  }

  /** The list is read again when it is opened next. */
  expire(): void {
    this.#stale = true;
    this.#wasWritten = true;
  }

  /**
   * Shows a note that was written: at its new place, or no longer.
   * @param before what it was before, if that is known; null for a new note
   */
  put(note: PlacedNote, before: Placed | null | undefined): void {
    this.#wasWritten = true;
    if (!this.isOpen) return;
    const { q } = this.filter;
    // Whether a tag's list has it is not known without its tags, unless that shows it.
    if (this.filter.tag !== undefined && note.tags === undefined) this.#stale = true;
    const isShown = this.notes.some(({ id }) => id === note.id);
    // Only the service knows whether a search finds it.
    if (q !== undefined) this.#stale = true;
    const wasListed = q === undefined && before !== null && (before === undefined || this.#has(before));
    const wasThere = isShown || wasListed;
    if (!this.#has(note) || (q !== undefined && !isShown)) {
      this.#remove(note.id, wasThere);
      return;
    }
    const { tags: _, ...summary } = note;
    const others = this.notes.filter(({ id }) => id !== note.id);
    const after = others.findIndex((other) => compare(summary, other, this.filter) < 0);
    // Behind the last loaded note it belongs to a page that is not loaded.
    const place = after === -1 ? others.length : after;
    const isLoaded = after !== -1 || !this.hasMore;
    batch(() => {
      this.#notes[1](isLoaded ? others.toSpliced(place, 0, summary) : others);
      if (!wasThere) this.#count(1);
    });
  }

  /** Shows a note no longer that was deleted. */
  remove(note: { id: string } & Placed): void {
    this.#wasWritten = true;
    if (!this.isOpen) return;
    const isShown = this.notes.some(({ id }) => id === note.id);
    this.#remove(note.id, isShown || (this.filter.q === undefined && this.#has(note)));
  }

  #remove(id: string, wasThere: boolean): void {
    batch(() => {
      this.#notes[1](this.notes.filter((note) => note.id !== id));
      if (wasThere) this.#count(-1);
    });
  }

  /** Whether a note belongs into this list, as far as this can be known here. */
  #has({ padId, pinnedAt, archivedAt, tags }: Placed): boolean {
    const { view, pad, tag } = this.filter;
    if ((archivedAt !== null) !== (view === "archive")) return false;
    if (view === "pinned" && pinnedAt === null) return false;
    if (pad !== undefined && padId !== pad) return false;
    return tag === undefined || tags === undefined || tags.includes(tag);
  }

  #count(change: number): void {
    this.#total[1]((total) => (total === undefined ? undefined : Math.max(0, total + change)));
  }

  #once(load: () => Promise<void>): Promise<void> {
    if (this.#loading) return this.#loading;
    const loading = this.#attempt(load).finally(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    this.#loading = loading;
    return loading;
  }

  async #attempt(load: () => Promise<void>): Promise<void> {
    const { signal } = this.#reading;
    this.#problem[1](undefined);
    try {
      await load();
    } catch (thrown) {
      if (!signal.aborted) this.#problem[1](asProblem(thrown));
    }
  }
}

/** A note as lists show it. */
export function summaryOf({ text, ...note }: Note): PlacedNote {
  return {
    ...note,
    excerpt: [...text.slice(0, 2 * EXCERPT_CHARACTERS)].slice(0, EXCERPT_CHARACTERS).join(""),
  };
}

/** As the database sorts names: `collate "und-x-icu"`. */
const NAMES = new Intl.Collator("und");

function compare(a: NoteSummary, b: NoteSummary, { view, order }: ListFilter): number {
  const isPinned = (note: NoteSummary) => Number(note.pinnedAt !== null);
  if (view === undefined && isPinned(a) !== isPinned(b)) return isPinned(b) - isPinned(a);
  const byKey = order.endsWith("name")
    ? NAMES.compare(a.name, b.name)
    : compareText(a.updatedAt, b.updatedAt);
  const ascending = byKey || compareText(a.id, b.id);
  return order.startsWith("-") ? -ascending : ascending;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
