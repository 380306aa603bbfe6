// Keeps the draft of one editor. The draft begins with the first change and gets each one. It begins anew when a part of it is
// saved, and it is removed when all of it is. The keeper knows if the browser refuses to keep it.
import type { ChangeSet } from "@codemirror/state";
import type { Fields } from "@notejam/core/note/fields";
import {
  addToDraft,
  beginDraft,
  type Draft,
  holdDraft,
  type KeptDraft,
  removeDraft,
} from "../../data/drafts.ts";
import { newId } from "../../data/id.ts";

/** A draft begins anew after so many changes, so that it can be read quickly. */
const CHANGES_MOST = 500;

/** What is written, and the version that it is based on. */
type Now = Pick<Draft, "version" | "fields" | "text">;

export class DraftKeeper {
  readonly #of: Pick<Draft, "userId" | "noteId">;
  readonly #now: () => Now;
  readonly id: string;
  readonly #release: () => void;
  #changes: number;
  #begun: boolean;
  #isKept = true;
  /** Writes happen in the order in which they were asked for. */
  #last: Promise<void> = Promise.resolve();

  /** @param left a draft of an editor that was closed, which this one continues */
  constructor(of: Pick<Draft, "userId" | "noteId">, now: () => Now, left?: KeptDraft) {
    this.#of = of;
    this.#now = now;
    this.id = left?.draft.id ?? newId();
    this.#release = holdDraft(this.id);
    this.#begun = left !== undefined;
    this.#changes = left?.changes.length ?? 0;
  }

  /** Whether the browser has what was written. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Resolves when the browser has written or refused everything so far. */
  get written(): Promise<void> {
    return this.#last;
  }

  /**
   * Keeps a change of the text or of the fields.
   * @param before the text before the change, with which a draft begins
   */
  add(change: { text: ChangeSet } | { fields: Fields }, before: () => string): void {
    if (!this.#begun) {
      this.#begin({ ...this.#now(), text: before() });
    }
    if (this.#changes >= CHANGES_MOST) {
      this.#beginAnew();
      return;
    }
    this.#changes++;
    const kept = "text" in change ? { text: change.text.toJSON() } : change;
    this.#do(() => addToDraft(this.id, kept));
  }

  /** A part was saved as a new version, which the rest is based on. */
  rebase(): void {
    if (this.#begun) this.#beginAnew();
  }

  /** Everything is saved, or is not wanted. */
  remove(): void {
    if (!this.#begun) return;
    this.#begun = false;
    this.#changes = 0;
    this.#do(() => removeDraft(this.id));
  }

  /** The editor is closed. If its draft was not removed, another editor can continue it. */
  close(): void {
    void this.#last.then(this.#release);
  }

  #beginAnew(): void {
    this.#begin(this.#now());
  }

  #begin(now: Now): void {
    this.#begun = true;
    this.#changes = 0;
    const draft = { id: this.id, ...this.#of, ...now, at: Date.now() };
    this.#do(() => beginDraft(draft));
  }

  #do(write: () => Promise<void>): void {
    // Each write begins at once, so that none is lost when the page closes. IndexedDB keeps them in order.
    const writing = write().then(
      () => {
        this.#isKept = true;
      },
      () => {
        this.#isKept = false;
      },
    );
    this.#last = Promise.all([this.#last, writing]).then(() => undefined);
  }
}
