// A note as it is written: its fields and its text, the draft that keeps each change, and the saver that sends them. It begins
// with an editor and goes on after that, until what can be saved is saved.
import type { ChangeSet } from "@codemirror/state";
import { type FieldName, type FieldValue, valuesOf, type Written } from "@notejam/core/note/fields";
import { createEffect, createSignal, onCleanup, untrack } from "solid-js";
import { otherDevice } from "../../account/this-device.ts";
import { quietApi } from "../../data/api.ts";
import { removeDraft } from "../../data/drafts.ts";
import { newId } from "../../data/id.ts";
import { listen } from "../../data/listen.ts";
import { userId } from "../../data/session.ts";
import { watchUnsaved } from "../../data/unsaved.ts";
import { say } from "../../ui/dock.tsx";
import { t } from "../../words/editor.ts";
import { firstLine, writtenOf } from "../first-line.ts";
import { mergeTexts } from "../merge/merge-texts.ts";
import type { Keep } from "../merge/regions.ts";
import { readState } from "../note-requests.ts";
import { changedNote, createNote, saveNote } from "../notes.ts";
import { takePosition } from "../position.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import { isNoLongerNew } from "./new-note.ts";
import type { Opened } from "./open-note.ts";
import type { Page, SaveState, Service } from "./page.ts";
import { restore } from "./restore.ts";
import { Saver } from "./saver.ts";
import type { TextEditor } from "./text-editor.ts";

export type Writing = ReturnType<typeof createWriting>;

export function createWriting(opened: Opened) {
  const { saved, written: begun, left } = opened;
  let { id } = opened;
  const [values, setValues] = createSignal(valuesOf(begun));
  const [beginning, setBeginning] = createSignal(firstLine(begun.text));
  const [field, setField] = createSignal<TextEditor>();
  const [state, setState] = createSignal<SaveState>({ kind: "new" });
  const [isKept, setKept] = createSignal(true);
  const [isRecovered, setRecovered] = createSignal(left !== undefined);
  const [tags, setTags] = createSignal(saved && "tags" in saved ? saved.tags : []);
  /** What was written last, once the field is gone. */
  let last: Written | undefined;

  const text = () => field()?.text() ?? begun.text;
  const page: Page = {
    read: () => last ?? writtenOf(values(), text()),
    length: () => field()?.length() ?? begun.text.length,
    show(written, changes) {
      // The user may have left while it was saved.
      if (last) {
        last = written;
        return;
      }
      setValues(valuesOf(written));
      if (changes.length > 0) field()?.merge(written.text, changes);
    },
    wasLeft: (note) => left !== undefined && restore(left, note).wasSaved,
    onState(now) {
      setState(now);
      void keeper.written.then(() => setKept(keeper.isKept));
    },
    onSaved(note) {
      setTags(note.tags);
      if (saver.isDirty) keeper.rebase();
      else keeper.remove();
    },
    onMerged: async (theirs) => say(t("editor.merged", await otherDevice(theirs))),
  };
  const service: Service = {
    async create(written) {
      const note = await createNote({ id, ...written });
      isNoLongerNew(id);
      return note;
    },
    save: (base, change) => saveNote(id, base, change),
    readBase: (version) => readState(quietApi, id, version),
    merge: mergeTexts,
  };
  const saver = new Saver(page, service, saved);
  const keeper = new DraftKeeper(
    { userId: userId(), noteId: id },
    () => {
      const { text, ...fields } = page.read();
      return { version: saver.saved?.version ?? null, fields, text };
    },
    left,
  );
  if (left) void draftChanged(keeper.id);
  setState(saver.state);
  createEffect(() => {
    const now = changedNote();
    if (now?.id === id) untrack(() => saver.goOnFrom(now));
  });
  saveWhenLeaving();

  function saveWhenLeaving(): void {
    listen(document, "visibilitychange", () => document.hidden && void saver.flush());
    listen(window, "online", () => void saver.flush());
    listen(window, "beforeunload", (event) => {
      if (saver.isUnsaved && !keeper.isKept) event.preventDefault();
    });
    const unwatch = watchUnsaved({
      isDirty: () => saver.isUnsaved,
      save: () => saver.flush(),
      discard: () => {
        saver.close();
        keeper.remove();
      },
    });
    onCleanup(() => {
      last = page.read();
      field()?.destroy();
      // What can't be saved now stays in the draft.
      void saver.flush().finally(() => {
        unwatch();
        saver.close();
        keeper.close();
        void keeper.written.then(() => draftChanged(keeper.id));
      });
    });
  }

  return {
    get id() {
      return id;
    },
    /** Whether the service has the note, in any version. */
    get isSaved() {
      return saver.saved !== undefined;
    },
    /** The values of the fields, as they were typed. */
    values,
    /** The name that was given, or the first line. */
    name: () => (values().name?.trim() ? (values().name ?? "") : beginning()),
    /** The first line, which is the name while none is given. */
    beginning,
    /** The tags of the text that was saved last. */
    tags,
    text,
    /** All that is written now. */
    written: page.read,
    /** The field of the text, once it is there. */
    field,
    state,
    /** Whether the browser keeps what is written. */
    isKept,
    /** Whether it goes on with a draft that was left, and nobody has said yet that this is not wanted. */
    isRecovered,

    /** Begins with the field of the text. */
    begin(created: TextEditor): void {
      setField(created);
      created.begin(takePosition(id));
      // A draft that was left is saved, even if no more is written.
      if (left) saver.changed();
    },

    setField(name: FieldName, value: FieldValue): void {
      setValues((all) => ({ ...all, [name]: value }));
      const { text: _, ...fields } = writtenOf(values(), field()?.beginning() ?? begun.text);
      keeper.add({ fields }, text);
      saver.changed();
    },

    /** The text was changed. @param before the text before that */
    textChanged(change: ChangeSet, before: () => string): void {
      keeper.add({ text: change }, before);
      setBeginning(firstLine(field()?.beginning() ?? ""));
      saver.changed();
    },

    /** Saves. @returns whether all is saved */
    async save(): Promise<boolean> {
      await saver.flush();
      return !saver.isDirty;
    },

    resolve(keep: Keep): void {
      void saver.resolve(keep);
      // The button is gone, and writing goes on.
      field()?.view.focus();
    },

    /** The note was deleted elsewhere: what is written becomes another one. @returns whether that is saved */
    async createAgain(): Promise<boolean> {
      id = newId();
      await saver.createAgain();
      return saver.saved !== undefined;
    },

    /** Forgets what was recovered. */
    async discard(): Promise<void> {
      setRecovered(false);
      saver.close();
      await removeDraft(keeper.id);
      keeper.remove();
    },
  };
}

/** Tells who sends what was left. Before the page is settled, its code is not there, and looks for drafts once it is. */
async function draftChanged(draftId: string): Promise<void> {
  const sending = await import("../left/sending.ts").catch(() => undefined);
  sending?.draftChanged(draftId);
}
