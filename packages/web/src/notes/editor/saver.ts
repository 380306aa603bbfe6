// Saves what is written, by itself: one save at a time, in order, after a pause, and again when the service could not take
// it. Before that, each change is in the draft. It knows no page, so tests drive it with a clock and a service of their own.
import type { Problem } from "@notejam/client/problem";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import type { Note, SaveNote } from "@notejam/core/note/schema";

/** What is written: the content of a note. */
export type Written = Required<SaveNote>;

export type SaveState =
  /** Nothing was written yet. */
  | { kind: "new" }
  | { kind: "saved"; at: Date }
  /** It will be saved after a pause, or is being saved. */
  | { kind: "saving" }
  /** The browser is offline, or the service does not answer: it is saved later. */
  | { kind: "offline" }
  /** It can't be saved as it is. */
  | { kind: "failed"; problem: Problem }
  /** The note was saved elsewhere meanwhile. */
  | { kind: "conflict"; theirs: Note }
  /** The note was deleted meanwhile. */
  | { kind: "deleted" };

export interface Service {
  /** @throws Problem */
  create(written: Written): Promise<Note>;
  /** @throws Problem `version_mismatch`, `not_found` */
  save(base: number, change: SaveNote): Promise<Note>;
}

export interface SaverOptions {
  /** The note as the service has it; undefined if it has none yet. */
  saved: Note | undefined;
  service: Service;
  /** What is written at this moment. */
  written(): Written;
  /** The length of its text: it decides the pace, with each key. */
  length(): number;
  /** Called with each state. */
  onState(state: SaveState): void;
  /** Called when the service has what was written. */
  onSaved(note: Note, written: Written): void;
  /** Whether the note is what an editor before this one left: its page was closed while it saved. */
  wasLeft?(theirs: Note): boolean;
  /** Called when the note was moved meanwhile: writing goes on from there. */
  onMoved(note: Note, before: Note): void;
}

/** How long writing must pause before a small note is saved, and the largest one. */
const PAUSE_MS = { small: 1000, large: 8000 };
/** The least time between two saves of the largest note: 90 in an hour, each of 512 KiB. */
const LARGE_APART_MS = 40_000;
/** Writing without a pause is saved after so many pauses' time. */
const PAUSES_MOST = 10;
/** How long to wait after the service did not answer, unless it says so: doubled each time. */
const AGAIN_MS = { first: 2000, most: 60_000 };
const TEMPORARY = ["unreachable", "unavailable", "rate_limited", "internal"];

export class Saver {
  readonly #options: SaverOptions;
  #saved: Note | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When what is not saved yet was written first, and when the last save began. */
  #dirtySince: number | undefined;
  #lastSave = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #failures = 0;
  /** What was sent last without an answer: the service may have it. */
  #unanswered: Written | undefined;
  #state: SaveState;
  #closed = false;

  constructor(options: SaverOptions) {
    this.#options = options;
    this.#saved = options.saved;
    this.#state = options.saved ? { kind: "saved", at: new Date(options.saved.updatedAt) } : { kind: "new" };
  }

  get state(): SaveState {
    return this.#state;
  }

  /** The note as the service has it, as far as it is known here. */
  get saved(): Note | undefined {
    return this.#saved;
  }

  /** Whether something is written that was not sent to the service, or was refused. */
  get isDirty(): boolean {
    return this.#dirtySince !== undefined;
  }

  /** Whether the service may lack something of what is written. */
  get isUnsaved(): boolean {
    return this.isDirty || this.#running !== undefined;
  }

  /** Something was written. */
  changed(): void {
    this.#dirtySince ??= Date.now();
    if (this.#state.kind === "conflict" || this.#state.kind === "deleted") return;
    if (this.#state.kind !== "offline") this.#tell({ kind: "saving" });
    if (this.#failures === 0) this.#schedule();
  }

  /** Saves now what is not saved. Resolves when that has succeeded or failed. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    if (this.#dirtySince === undefined || this.#closed) return;
    if (this.#state.kind === "conflict" || this.#state.kind === "deleted") return;
    await this.#run();
  }

  /** Ends a conflict: what is written replaces the note as it is now. */
  async overwrite(theirs: Note): Promise<void> {
    this.#saved = theirs;
    this.#dirtySince ??= Date.now();
    this.#tell({ kind: "saving" });
    await this.#run();
  }

  /** Ends a conflict: the note as it is now is what is written. */
  takeOver(theirs: Note): void {
    this.#saved = theirs;
    this.#dirtySince = undefined;
    this.#tell({ kind: "saved", at: new Date(theirs.updatedAt) });
    this.#options.onSaved(theirs, this.#options.written());
  }

  /**
   * The note was changed meanwhile, but not its words: what is written goes on from there.
   * @returns false if its words were changed too
   */
  goOnFrom(theirs: Note): boolean {
    const before = this.#saved;
    const hasSameWords =
      before && before.text === theirs.text && before.name === theirs.name && before.named === theirs.named;
    if (!hasSameWords) return false;
    if (theirs.version > before.version) {
      this.#saved = theirs;
      this.#options.onMoved(theirs, before);
    }
    return true;
  }

  /** The note was deleted: what is written becomes a new one. */
  async createAgain(): Promise<void> {
    this.#saved = undefined;
    this.#dirtySince ??= Date.now();
    this.#tell({ kind: "saving" });
    await this.#run();
  }

  /** Nothing is saved any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #tell(state: SaveState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  /** The pace follows the size: a large note costs more with each save. */
  #schedule(): void {
    if (this.#running || this.#closed) return;
    const share = Math.min(1, this.#options.length() / TEXT_MAX_BYTES);
    const pause = PAUSE_MS.small + share * (PAUSE_MS.large - PAUSE_MS.small);
    const latest = (this.#dirtySince ?? Date.now()) + PAUSES_MOST * pause;
    const soonest = this.#lastSave + share * LARGE_APART_MS;
    const due = Math.max(Math.min(Date.now() + pause, latest), soonest);
    this.#after(due - Date.now());
  }

  #after(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, ms));
  }

  #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#attempt().finally(() => {
      this.#running = undefined;
      if (this.#dirtySince !== undefined && this.#failures === 0 && this.#state.kind === "saving")
        this.#schedule();
    });
    return this.#running;
  }

  async #attempt(): Promise<void> {
    const written = this.#options.written();
    const base = this.#saved;
    // A note exists from its first character.
    if (!base && written.text === "") {
      this.#dirtySince = undefined;
      this.#tell({ kind: "new" });
      return;
    }
    const change = base ? changesTo(base, written) : written;
    if (base && Object.keys(change).length === 0) {
      this.#succeed(base, written);
      return;
    }
    this.#dirtySince = undefined;
    this.#lastSave = Date.now();
    this.#tell({ kind: "saving" });
    try {
      const { service } = this.#options;
      const note = base ? await service.save(base.version, change) : await service.create(written);
      this.#succeed(note, written);
    } catch (thrown) {
      this.#dirtySince ??= Date.now();
      this.#fail(thrown as Problem, written);
    }
  }

  #succeed(note: Note, written: Written): void {
    this.#failures = 0;
    this.#unanswered = undefined;
    this.#saved = note;
    const now = this.#options.written();
    const isNewest = Object.keys(changesTo({ ...note, ...written }, now)).length === 0;
    this.#dirtySince = isNewest ? undefined : (this.#dirtySince ?? Date.now());
    this.#options.onSaved(note, written);
    this.#tell(isNewest ? { kind: "saved", at: new Date(note.updatedAt) } : { kind: "saving" });
  }

  #fail(problem: Problem, written: Written): void {
    if (problem.code === "version_mismatch") {
      const theirs = problem.current as Note;
      // What the service has is what was sent, now or before, and the answer was lost.
      const sent = [written, this.#unanswered].find(
        (one) => one && Object.keys(changesTo(theirs, one)).length === 0,
      );
      if (sent) this.#succeed(theirs, sent);
      else if (this.goOnFrom(theirs)) this.#tell({ kind: "saving" });
      else if (this.#options.wasLeft?.(theirs)) {
        this.#saved = theirs;
        this.#tell({ kind: "saving" });
      } else this.#tell({ kind: "conflict", theirs });
      return;
    }
    if (problem.code === "not_found" && this.#saved) {
      this.#tell({ kind: "deleted" });
      return;
    }
    if (!TEMPORARY.includes(problem.code)) {
      this.#failures = 0;
      this.#tell({ kind: "failed", problem });
      return;
    }
    this.#unanswered = written;
    const own = Math.min(AGAIN_MS.first * 2 ** this.#failures, AGAIN_MS.most);
    this.#failures++;
    this.#tell({ kind: "offline" });
    if (!this.#closed) this.#after(Math.max(own, (problem.retryAfterSeconds ?? 0) * 1000));
  }
}

/** What of `written` differs from `note`. */
function changesTo(note: Written, written: Written): SaveNote {
  const keys = Object.keys(written) as (keyof Written)[];
  return Object.fromEntries(
    keys.filter((key) => note[key] !== written[key]).map((key) => [key, written[key]]),
  );
}
