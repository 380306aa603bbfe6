// What a saver works for and with: the page on which a note is written, and the service that keeps the note.
import type { Problem } from "@notejam/client/problem";
import type { Written } from "@notejam/core/note/fields";
import type { Note, SaveNote } from "@notejam/core/note/schema";
import type { NoteMerge } from "../merge/note-merge.ts";
import type { TextChange } from "../merge/regions.ts";
import type { TextMerge } from "../merge/worker.ts";

/** Where a person writes a note. The editor is one; tests have their own. */
export interface Page {
  /** What is written at this moment. */
  read(): Written;
  /** The length of the text, in UTF-16 units. The saver asks for it with each key, so it must be cheap. */
  length(): number;
  /**
   * Shows what was merged with a change from elsewhere. From then on, this is what is written.
   * @param changes what makes this text of the one that is written
   */
  show(written: Written, changes: readonly TextChange[]): void;
  /** Whether an editor before this one wrote this state: its page was closed while it saved. */
  wasLeft(note: Note): boolean;
  onState(state: SaveState): void;
  /** The service has what was written. */
  onSaved(note: Note, written: Written): void;
  /** What was merged with this note without a question is saved. */
  onMerged(theirs: Note): void;
}

/** What a saver asks for. Each call may throw a Problem. */
export interface Service {
  create(written: Written): Promise<Note>;
  /** @throws Problem `version_mismatch`, `not_found` */
  save(base: number, change: SaveNote): Promise<Note>;
  /** What the note was at the version that writing began from; undefined if that is gone. */
  readBase(version: number): Promise<Written | undefined>;
  /** Merges my text with theirs, without making the page wait. */
  merge(base: string | undefined, mine: string, theirs: string): Promise<TextMerge>;
}

/** A note of which only the version is known: the service could not be asked when a draft was opened. */
export interface UnreadNote {
  version: number;
  text?: undefined;
}

export type SaveState =
  /** Nothing was written yet. */
  | { kind: "new" }
  | { kind: "saved"; at: Date }
  /** It is being saved, or will be after a pause. */
  | { kind: "saving" }
  /** The browser is offline, or the service does not answer. It will be saved later. */
  | { kind: "offline" }
  /** The account has written as much as it can in an hour. It will be saved then. */
  | { kind: "waiting"; until: Date }
  /** The service refused it. */
  | { kind: "failed"; problem: Problem }
  /** The same part of the note was changed here and elsewhere. The user decides. */
  | {
      kind: "conflict";
      theirs: Note;
      merge: NoteMerge;
      at: Date;
      /** Why the decision could not be saved. */
      problem?: Problem;
    }
  /** The note was deleted elsewhere. */
  | { kind: "deleted" };
