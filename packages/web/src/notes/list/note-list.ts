// A list of notes. What this tab writes changes the lists that are loaded, so that opening, saving or deleting a note does not
// read them again.
import { EXCERPT_CHARACTERS } from "@notejam/core/note/limits";
import type { Note, NoteSummary } from "@notejam/core/note/schema";
import type { FoundNote } from "@notejam/core/search/schema";
import { Paged, type ReadPage } from "../../data/paged.ts";
import { type LeftNote, leftNotes, withMarks } from "../left/left-notes.ts";
import type { snippetOf } from "../snippet.ts";
import type { ListFilter } from "./filter.ts";

/** A note as a list has it. In a search, `excerpt` is the snippet with the words. */
export type ListedNote = NoteSummary &
  Partial<Pick<FoundNote, "inName">> & {
    /** What is shown of the snippet, and where the words are in it. */
    inText?: ReturnType<typeof snippetOf>;
    /** It shows what was left of the note and is not saved. */
    isLeft?: true;
  };

/** What of a note decides which lists have it. Its tags are known only where its text is. */
export type Placed = Pick<Note, "padId" | "pinnedAt" | "archivedAt"> & { tags?: readonly string[] };

/** A note for lists. */
export type PlacedNote = NoteSummary & Placed;

export class NoteList extends Paged<ListedNote> {
  readonly filter: ListFilter;
  /** Whether the list may lack what was written. */
  #isStale = false;
  /** Whether something was written since the first page was asked for, which may lack it. */
  #wasWritten = false;

  constructor(filter: ListFilter, read: ReadPage<ListedNote>) {
    super(
      async (cursor, signal) => {
        if (cursor !== undefined) return read(cursor, signal);
        this.#wasWritten = false;
        const page = await read(undefined, signal);
        this.#isStale = this.#wasWritten;
        return page;
      },
      ({ id }) => id,
    );
    this.filter = filter;
  }

  /** Loads the first page unless it is loaded, and again until it has what was written. */
  override async open(): Promise<void> {
    let isMissing = !this.isOpen || this.#isStale;
    while (isMissing) isMissing = (await this.loadFirst()) && this.#isStale;
  }

  /** The list is read again when it is opened next. */
  expire(): void {
    this.#isStale = true;
    this.#wasWritten = true;
  }

  /**
   * Shows a note that was written at its new rank, or removes it.
   * @param before what it was before, if that is known; null for a new note
   */
  put(note: PlacedNote, before: Placed | null | undefined): void {
    this.#wasWritten = true;
    if (!this.isOpen) return;
    const { q } = this.filter;
    // Without the note's tags, nobody knows whether a tag's list has it.
    if (this.filter.tag !== undefined && note.tags === undefined) this.#isStale = true;
    const isShown = this.rows.some(({ id }) => id === note.id);
    // Only the service knows whether a search finds it.
    if (q !== undefined) this.#isStale = true;
    const wasListed = q === undefined && before !== null && (before === undefined || this.#has(before));
    const wasThere = isShown || wasListed;
    const others = this.rows.filter(({ id }) => id !== note.id);
    if (!this.#has(note) || (q !== undefined && !isShown)) {
      this.show(others, wasThere ? -1 : 0);
      return;
    }
    this.show(this.#ranked(note, others), wasThere ? 0 : 1);
  }

  /** Removes a deleted note. */
  override remove(note: { id: string } & Placed): void {
    this.#wasWritten = true;
    if (!this.isOpen) return;
    const others = this.rows.filter(({ id }) => id !== note.id);
    const wasThere = others.length < this.rows.length || (this.filter.q === undefined && this.#has(note));
    this.show(others, wasThere ? -1 : 0);
  }

  /** `others` with a note at its rank. After the last loaded note, it belongs to a page that is not loaded. */
  #ranked(
    { tags: _, ...note }: PlacedNote & ListedNote,
    others: readonly ListedNote[],
  ): readonly ListedNote[] {
    const after = others.findIndex((other) => compare(note, other, this.filter) < 0);
    if (after === -1 && this.hasMore) return others;
    return others.toSpliced(after === -1 ? others.length : after, 0, note);
  }

  /** The rows as they are shown: what was left of a note stands over what the service says of it. */
  get shown(): readonly ListedNote[] {
    return leftNotes().reduce((rows, left) => this.#withLeft(rows, left), this.rows);
  }

  #withLeft(rows: readonly ListedNote[], left: LeftNote): readonly ListedNote[] {
    const { q } = this.filter;
    const row = rows.find(({ id }) => id === left.note.id);
    const note: PlacedNote & ListedNote = { ...summaryOf(withMarks(left, row)), isLeft: true };
    const isFound = q === undefined || row !== undefined || left.isFoundBy(q);
    if (left.question?.kind === "deleted" || !isFound) return rows;
    // A search has no order of its own for it.
    if (q !== undefined && row) return rows.map((other) => (other === row ? note : other));
    const others = rows.filter((other) => other !== row);
    return this.#has(note) ? this.#ranked(note, others) : others;
  }

  /** Whether a note belongs into this list, as far as this can be known here. */
  #has({ padId, pinnedAt, archivedAt, tags }: Placed): boolean {
    const { view, pad, tag } = this.filter;
    if ((archivedAt !== null) !== (view === "archive")) return false;
    if (view === "pinned" && pinnedAt === null) return false;
    if (pad !== undefined && padId !== pad) return false;
    return tag === undefined || tags === undefined || tags.includes(tag);
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
