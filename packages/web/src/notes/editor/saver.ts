// Saves what is written, by itself: one save at a time, in order, after a pause, and again when the service could not take
// it. Before that, each change is in the draft. It knows no page, so tests drive it with a clock and a service of their own.
import type { Problem } from "@notejam/client/problem";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import type { Note, SaveNote } from "@notejam/core/note/schema";
import { contentOf, isClean, mergeFields, type NoteMerge } from "../merge/note-merge.ts";
import { changesOf, type Keep, type TextChange } from "../merge/regions.ts";
import type { TextMerge } from "../merge/worker.ts";
import { wordsChanged } from "../words-changed.ts";
import { firstLine } from "./first-line.ts";
import { isUnknown } from "./unknown-note.ts";
import type { Written } from "./written.ts";

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
  /** The note was changed elsewhere meanwhile, also where it was changed here. The user decides. */
  | {
      kind: "conflict";
      theirs: Note;
      merge: NoteMerge;
      at: Date;
      /** Why what was decided could not be saved. */
      problem?: Problem;
    }
  /** The note was deleted meanwhile. */
  | { kind: "deleted" };

export interface Service {
  /** @throws Problem */
  create(written: Written): Promise<Note>;
  /** @throws Problem `version_mismatch`, `not_found` */
  save(base: number, change: SaveNote): Promise<Note>;
  /** The content of a version that writing began from; undefined if it is gone. @throws Problem */
  readBase(version: number): Promise<Written | undefined>;
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
  /** Joins my text with theirs. */
  merge(base: string | undefined, mine: string, theirs: string): Promise<TextMerge>;
  /** Shows what was joined with what was saved elsewhere: from then on it is what is written. */
  show(content: Written, changes: readonly TextChange[]): void;
  /** Called when what was joined without a question is saved. */
  onMerged(theirs: Note): void;
}

/** How long writing must pause before a small note is saved, and the largest one. */
const PAUSE_MS = { small: 1000, large: 8000 };
/** The least time between two saves of the largest note: 90 in an hour, each of 512 KiB. */
const LARGE_APART_MS = 40_000;
/** Writing without a pause is saved after so many pauses' time. */
const PAUSES_MOST = 10;
/** How long to wait after the service did not answer, unless it says so: doubled each time. */
const AGAIN_MS = { first: 2000, most: 60_000 };
/** Texts without an answer that are remembered, each of which can have 512 KiB. */
const UNANSWERED_MOST = 20;
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
  /** What was sent without an answer since the last one, latest last: the service may have any of it. */
  #unanswered: Written[] = [];
  /** How what is saved next came about, unless it was only written. */
  #kind: "merge" | "conflict" | undefined;
  /** What it was joined with, without a question. */
  #mergedWith: Note | undefined;
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
    if (this.#state.kind === "deleted") return;
    if (this.#state.kind === "conflict") {
      // It follows what is written, which may also end it.
      if (!this.#running) this.#after(PAUSE_MS.small);
      return;
    }
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

  /** Ends a conflict. What is not kept becomes a state of the note first. */
  async resolve(keep: Keep): Promise<void> {
    await this.#running;
    if (this.#state.kind !== "conflict") return;
    const { theirs } = this.#state;
    await this.#run(() => this.#resolve(theirs, keep));
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

  #run(work = () => this.#attempt()): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= work().finally(() => {
      this.#running = undefined;
      if (this.#dirtySince !== undefined && this.#failures === 0 && this.#state.kind === "saving")
        this.#schedule();
    });
    return this.#running;
  }

  async #attempt(): Promise<void> {
    while (await this.#attemptOnce());
  }

  /** @returns whether to go on at once: what is written now includes what was saved elsewhere */
  async #attemptOnce(): Promise<boolean> {
    if (this.#state.kind === "conflict") return await this.#join(this.#state.theirs);
    const written = this.#options.written();
    const base = this.#saved;
    // A note exists from its first character.
    if (!base && written.text === "") {
      this.#dirtySince = undefined;
      this.#tell({ kind: "new" });
      return false;
    }
    if (base && Object.keys(changesTo(base, written)).length === 0) {
      this.#succeed(base, written);
      return false;
    }
    this.#dirtySince = undefined;
    this.#lastSave = Date.now();
    this.#tell({ kind: "saving" });
    try {
      const note = await this.#send(base, written, this.#kind);
      if (!base && !isSame(note, written)) return await this.#joinCreated(note, written);
      this.#succeed(note, written);
      return false;
    } catch (thrown) {
      this.#dirtySince ??= Date.now();
      return await this.#fail(thrown as Problem, written);
    }
  }

  async #send(base: Note | undefined, written: Written, kind: SaveNote["kind"]): Promise<Note> {
    const { service } = this.#options;
    if (!base) return await service.create(written);
    const change: SaveNote = changesTo(base, written);
    if (kind) change.kind = kind;
    if (change.text !== undefined && !isUnknown(base)) change.words = wordsChanged(base.text, change.text);
    return await service.save(base.version, change);
  }

  #succeed(note: Note, written: Written): void {
    this.#failures = 0;
    this.#unanswered = [];
    this.#saved = note;
    this.#kind = undefined;
    const now = this.#options.written();
    const isNewest = isSame(written, now);
    this.#dirtySince = isNewest ? undefined : (this.#dirtySince ?? Date.now());
    this.#options.onSaved(note, written);
    this.#tell(isNewest ? { kind: "saved", at: new Date(note.updatedAt) } : { kind: "saving" });
    if (this.#mergedWith) this.#options.onMerged(this.#mergedWith);
    this.#mergedWith = undefined;
  }

  /** @returns whether to try again at once */
  async #fail(problem: Problem, written: Written): Promise<boolean> {
    if (problem.code === "version_mismatch" && problem.current) {
      const theirs = problem.current as Note;
      // What the service has is what was sent, now or before, and the answer was lost.
      const sent = [written, ...this.#unanswered].find((one) => isSame(theirs, one));
      if (sent) {
        this.#succeed(theirs, sent);
        return false;
      }
      if (this.#isMovedTwice(theirs, written)) return await this.#join(theirs);
      if (this.goOnFrom(theirs)) return true;
      if (!this.#options.wasLeft?.(theirs)) return await this.#join(theirs);
      this.#saved = theirs;
      return true;
    }
    if (problem.code === "not_found") {
      this.#tell({ kind: "deleted" });
      return false;
    }
    if (!TEMPORARY.includes(problem.code)) {
      this.#failures = 0;
      this.#tell({ kind: "failed", problem });
      return false;
    }
    const isRepeated = this.#unanswered.some((one) => isSame(one, written));
    if (!isRepeated) this.#unanswered = [...this.#unanswered, written].slice(-UNANSWERED_MOST);
    const own = Math.min(AGAIN_MS.first * 2 ** this.#failures, AGAIN_MS.most);
    this.#failures++;
    this.#tell({ kind: "offline" });
    if (!this.#closed) this.#after(Math.max(own, (problem.retryAfterSeconds ?? 0) * 1000));
    return false;
  }

  /** Whether it was put into one pad here, and into another elsewhere. */
  #isMovedTwice(theirs: Note, written: Written): boolean {
    const pads = new Set([this.#saved?.padId, theirs.padId, written.padId]);
    return pads.size === 3;
  }

  /** An earlier request has made the note without an answer, and another device has saved it since. @returns as #join */
  #joinCreated(note: Note, created: Written): Promise<boolean> {
    this.#saved = { ...note, ...created, version: 1 };
    return this.#join(note);
  }

  /** Joins what is written with what was saved elsewhere, or asks. @returns whether to save it */
  async #join(theirs: Note): Promise<boolean> {
    let merge: NoteMerge;
    try {
      merge = await this.#mergeWith(theirs);
    } catch (thrown) {
      // What it began from could not be read now.
      return await this.#fail(thrown as Problem, this.#options.written());
    }
    if (!isClean(merge)) {
      this.#failures = 0;
      this.#mergedWith = undefined;
      this.#tell({ kind: "conflict", theirs, merge, at: new Date() });
      return false;
    }
    this.#mergedWith = theirs;
    this.#goOnWith(merge, "mine", theirs, "merge");
    return true;
  }

  /** What is written now, merged with theirs. Who goes on writing is waited for. */
  async #mergeWith(theirs: Note): Promise<NoteMerge> {
    const { service, merge, written } = this.#options;
    const saved = this.#saved;
    const base = saved && isUnknown(saved) ? await service.readBase(saved.version) : saved;
    for (;;) {
      const mine = written();
      const text = await merge(base?.text, mine.text, theirs.text);
      if (isSame(mine, written())) return { ...mergeFields(base, mine, theirs), text };
    }
  }

  async #resolve(theirs: Note, keep: Keep): Promise<void> {
    try {
      const merge = await this.#mergeWith(theirs);
      if (keep !== "theirs") this.#goOnWith(merge, keep, theirs, "conflict");
      else {
        const mine = this.#options.written();
        const kept = await this.#send(theirs, mine, "conflict");
        // What was written since then is in no state yet, so the question stays.
        if (!isSame(mine, this.#options.written())) {
          if (await this.#join({ ...theirs, version: kept.version })) await this.#attempt();
          return;
        }
        this.#goOnWith(merge, keep, kept, "merge");
      }
    } catch (thrown) {
      const problem = thrown as Problem;
      if (this.#state.kind !== "conflict") return;
      if (TEMPORARY.includes(problem.code)) this.#tell({ ...this.#state, problem });
      else if (await this.#fail(problem, this.#options.written())) await this.#attempt();
      return;
    }
    await this.#attempt();
  }

  /** What is merged is written from now on, and replaces `over`. */
  #goOnWith(merge: NoteMerge, keep: Keep, over: Note, kind: "merge" | "conflict"): void {
    this.#saved = over;
    this.#kind = kind;
    this.#failures = 0;
    this.#dirtySince ??= Date.now();
    this.#tell({ kind: "saving" });
    this.#options.show(contentOf(merge, keep, firstLine), changesOf(merge.text, keep));
  }
}

function isSame(some: Written, others: Written): boolean {
  return Object.keys(changesTo(some, others)).length === 0;
}

/** What of `written` differs from `note`. */
function changesTo(note: Written, written: Written): Partial<Written> {
  const keys = Object.keys(written) as (keyof Written)[];
  return Object.fromEntries(
    keys.filter((key) => note[key] !== written[key]).map((key) => [key, written[key]]),
  );
}
