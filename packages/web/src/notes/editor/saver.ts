// Saves what is written, by itself: after a pause, one save at a time, and again when the service could not take it. Until then
// the draft has each change. A saver knows no page and no browser, so tests drive it with a clock and a service of their own.
import { PASSING, type Problem } from "@notejam/client/problem";
import { saysSame, type Written } from "@notejam/core/note/fields";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import type { Note, SaveNote } from "@notejam/core/note/schema";
import { writtenOf } from "../first-line.ts";
import {
  areClean,
  isClean,
  mergedNote,
  mergedValues,
  mergeFields,
  type NoteMerge,
} from "../merge/note-merge.ts";
import { changesOf, type Keep } from "../merge/regions.ts";
import { wordsChanged } from "../words-changed.ts";
import type { Page, SaveState, Service, UnreadNote } from "./page.ts";

/** How long writing must pause before a small note is saved, and the largest one. */
const PAUSE_MS = { small: 1000, large: 8000 };
/** The least time between two saves of the largest note: 90 in an hour, each of 512 KiB. */
const LARGE_APART_MS = 40_000;
/** Who writes without a pause is saved after the time of so many pauses. */
const PAUSES_MOST = 10;
/** How long to wait after the service did not answer, unless it says so: doubled each time. */
const AGAIN_MS = { first: 2000, most: 60_000 };
/** How many texts without an answer are remembered. Each can have 512 KiB. */
const UNANSWERED_MOST = 20;

export class Saver {
  readonly #page: Page;
  readonly #service: Service;
  #saved: Note | UnreadNote | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Since when something is written that is not saved. */
  #dirtySince: number | undefined;
  /** When the last save began. */
  #lastSave = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #failures = 0;
  /** What was sent since the last answer, the latest last. The service may have any of it. */
  #unanswered: Written[] = [];
  /** How the next state comes about, unless it was only written. */
  #kind: "merge" | "conflict" | undefined;
  /** What was merged into the next state without a question. */
  #mergedWith: Note | undefined;
  #state: SaveState;
  #closed = false;

  /** @param saved the note as the service has it; undefined if it has none yet */
  constructor(page: Page, service: Service, saved: Note | UnreadNote | undefined) {
    this.#page = page;
    this.#service = service;
    this.#saved = saved;
    if (isRead(saved)) this.#state = { kind: "saved", at: new Date(saved.updatedAt) };
    else this.#state = { kind: saved ? "saving" : "new" };
  }

  get state(): SaveState {
    return this.#state;
  }

  /** The note as the service has it, as far as that is known here. */
  get saved(): Note | UnreadNote | undefined {
    return this.#saved;
  }

  /** Whether something is written that was not sent to the service, or that the service refused. */
  get isDirty(): boolean {
    return this.#dirtySince !== undefined;
  }

  /** Whether the service may lack something that is written. */
  get isUnsaved(): boolean {
    return this.isDirty || this.#running !== undefined;
  }

  /** Something was written. */
  changed(): void {
    this.#dirtySince ??= Date.now();
    if (this.#state.kind === "deleted") return;
    if (this.#state.kind === "conflict") {
      // The question shows what is written now. It ends if both sides have become equal.
      if (!this.#running) this.#after(PAUSE_MS.small);
      return;
    }
    if (this.#state.kind !== "offline" && this.#state.kind !== "waiting") this.#tell({ kind: "saving" });
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

  /** Ends a conflict. The side that is not kept becomes a state of the note first. */
  async resolve(keep: Keep): Promise<void> {
    await this.#running;
    if (this.#state.kind !== "conflict") return;
    const { theirs } = this.#state;
    await this.#run(() => this.#resolve(theirs, keep));
  }

  /**
   * Bases what is written on a newer version, if that says the same and is only kept elsewhere. Who writes may have put the note
   * somewhere too: then it goes there.
   * @returns false if it says something else
   */
  goOnFrom(theirs: Note): boolean {
    const before = this.#saved;
    if (!isRead(before) || !saysSame(before, theirs)) return false;
    if (theirs.version > before.version) {
      this.#saved = theirs;
      const mine = this.#page.read();
      const values = mergedValues(mergeFields(before, mine, theirs), "mine");
      this.#page.show(writtenOf(values, mine.text), []);
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
    this.#page.onState(state);
  }

  /** A large note is saved less often, because each save of it costs more. */
  #schedule(): void {
    if (this.#running || this.#closed) return;
    const share = Math.min(1, this.#page.length() / TEXT_MAX_BYTES);
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

  /** @returns whether to try again at once, because what is written now includes what was saved elsewhere */
  async #attemptOnce(): Promise<boolean> {
    if (this.#state.kind === "conflict") return await this.#merge(this.#state.theirs);
    const written = this.#page.read();
    const base = this.#saved;
    // A note exists from its first character.
    if (!base && written.text === "") {
      this.#dirtySince = undefined;
      this.#tell({ kind: "new" });
      return false;
    }
    if (isRead(base) && isSame(base, written)) {
      this.#succeed(base, written);
      return false;
    }
    this.#dirtySince = undefined;
    this.#lastSave = Date.now();
    this.#tell({ kind: "saving" });
    try {
      const note = await this.#send(base, written, this.#kind);
      if (!base && !isSame(note, written)) return await this.#mergeCreated(note, written);
      this.#succeed(note, written);
      return false;
    } catch (thrown) {
      this.#dirtySince ??= Date.now();
      return await this.#fail(thrown as Problem, written);
    }
  }

  async #send(base: Note | UnreadNote | undefined, written: Written, kind: SaveNote["kind"]): Promise<Note> {
    if (!base) return await this.#service.create(written);
    const change: SaveNote = isRead(base) ? changesTo(base, written) : { ...written };
    if (kind) change.kind = kind;
    if (change.text !== undefined && isRead(base)) change.words = wordsChanged(base.text, change.text);
    return await this.#service.save(base.version, change);
  }

  #succeed(note: Note, written: Written): void {
    this.#failures = 0;
    this.#unanswered = [];
    this.#saved = note;
    this.#kind = undefined;
    const isNewest = isSame(written, this.#page.read());
    this.#dirtySince = isNewest ? undefined : (this.#dirtySince ?? Date.now());
    this.#page.onSaved(note, written);
    // A move is a save that leaves the note's `updatedAt`.
    this.#tell(isNewest ? { kind: "saved", at: new Date() } : { kind: "saving" });
    if (this.#mergedWith) this.#page.onMerged(this.#mergedWith);
    this.#mergedWith = undefined;
  }

  /** @returns whether to try again at once */
  async #fail(problem: Problem, written: Written): Promise<boolean> {
    if (problem.code === "version_mismatch" && problem.current)
      return await this.#meet(problem.current as Note, written);
    if (problem.code === "not_found") {
      this.#tell({ kind: "deleted" });
      return false;
    }
    if (!PASSING.includes(problem.code)) {
      this.#failures = 0;
      this.#tell({ kind: "failed", problem });
      return false;
    }
    const isRepeated = this.#unanswered.some((one) => isSame(one, written));
    if (!isRepeated) this.#unanswered = [...this.#unanswered, written].slice(-UNANSWERED_MOST);
    const own = Math.min(AGAIN_MS.first * 2 ** this.#failures, AGAIN_MS.most);
    const wait = Math.max(own, (problem.retryAfterSeconds ?? 0) * 1000);
    this.#failures++;
    const isLimited = problem.code === "rate_limited";
    this.#tell(isLimited ? { kind: "waiting", until: new Date(Date.now() + wait) } : { kind: "offline" });
    if (!this.#closed) this.#after(wait);
    return false;
  }

  /** The service has another version than the one that writing began from. @returns whether to try again at once */
  async #meet(theirs: Note, written: Written): Promise<boolean> {
    // It may have what was sent, now or before, although no answer came.
    const arrived = [written, ...this.#unanswered].find((one) => isSame(theirs, one));
    if (arrived) {
      this.#succeed(theirs, arrived);
      return false;
    }
    const base = isRead(this.#saved) ? this.#saved : undefined;
    if (areClean(mergeFields(base, written, theirs)) && this.goOnFrom(theirs)) return true;
    if (!this.#page.wasLeft(theirs)) return await this.#merge(theirs);
    this.#saved = theirs;
    return true;
  }

  /** An earlier request created the note, its answer was lost, and another device has saved the note since. @returns as #merge */
  #mergeCreated(note: Note, created: Written): Promise<boolean> {
    this.#saved = { ...note, ...created, version: 1 };
    return this.#merge(note);
  }

  /** Merges what is written with what was saved elsewhere, or asks the user. @returns whether there is something to save */
  async #merge(theirs: Note): Promise<boolean> {
    let merge: NoteMerge;
    try {
      merge = await this.#mergeWith(theirs);
    } catch (thrown) {
      // What writing began from could not be read now.
      return await this.#fail(thrown as Problem, this.#page.read());
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

  /** What is written now, merged with theirs. If somebody writes meanwhile, it merges again. */
  async #mergeWith(theirs: Note): Promise<NoteMerge> {
    const saved = this.#saved;
    const base = saved && !isRead(saved) ? await this.#service.readBase(saved.version) : saved;
    for (;;) {
      const mine = this.#page.read();
      const text = await this.#service.merge(base?.text, mine.text, theirs.text);
      if (isSame(mine, this.#page.read())) return { fields: mergeFields(base, mine, theirs), text };
    }
  }

  async #resolve(theirs: Note, keep: Keep): Promise<void> {
    try {
      const merge = await this.#mergeWith(theirs);
      if (keep !== "theirs") this.#goOnWith(merge, keep, theirs, "conflict");
      else {
        const mine = this.#page.read();
        const kept = await this.#send(theirs, mine, "conflict");
        // What was written since is in no state yet, so the question stays.
        if (!isSame(mine, this.#page.read())) {
          if (await this.#merge({ ...theirs, version: kept.version })) await this.#attempt();
          return;
        }
        this.#goOnWith(merge, keep, kept, "merge");
      }
    } catch (thrown) {
      const problem = thrown as Problem;
      if (this.#state.kind !== "conflict") return;
      if (PASSING.includes(problem.code)) this.#tell({ ...this.#state, problem });
      else if (await this.#fail(problem, this.#page.read())) await this.#attempt();
      return;
    }
    await this.#attempt();
  }

  /** From now on the merged note is what is written. It will be saved over `base`. */
  #goOnWith(merge: NoteMerge, keep: Keep, base: Note, kind: "merge" | "conflict"): void {
    this.#saved = base;
    this.#kind = kind;
    this.#failures = 0;
    this.#dirtySince ??= Date.now();
    this.#tell({ kind: "saving" });
    this.#page.show(mergedNote(merge, keep), changesOf(merge.text, keep));
  }
}

function isRead(note: Note | UnreadNote | undefined): note is Note {
  return note?.text !== undefined;
}

/** Whether `note` has all that is in `written`. */
export function isSame(note: Written, written: Written): boolean {
  return Object.keys(changesTo(note, written)).length === 0;
}

/** What of `written` is different in `note`. An older draft may lack a field: that one stays as it is. */
function changesTo(note: Written, written: Written): Partial<Written> {
  const keys = Object.keys(written) as (keyof Written)[];
  const changed = keys.filter((key) => written[key] !== undefined && note[key] !== written[key]);
  return Object.fromEntries(changed.map((key) => [key, written[key]]));
}
