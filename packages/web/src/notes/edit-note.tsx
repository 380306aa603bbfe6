// Edits a note. If it was saved elsewhere in the meantime, the page shows both texts and loses neither. If it was
// deleted, the text can be saved as a new note.
import { NewNoteContent, type Note, NoteContent } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, Show, untrack } from "solid-js";
import { draftKey, readDraft } from "../data/draft.ts";
import { newId } from "../data/id.ts";
import { asProblem } from "../data/problem.ts";
import { userId } from "../data/session.ts";
import { pads } from "../pads/pads.ts";
import { Alert } from "../ui/alert.tsx";
import { confirm } from "../ui/confirm.tsx";
import { EditorFrame } from "./editor-frame.tsx";
import { addressOf, addressOfNote, filterOf } from "./list/filter.ts";
import { changesTo, createNoteEditor, NoteFields, RestoredAlert } from "./note-form.tsx";
import { createNote, currentNote, put, saveNote } from "./notes.ts";
import { NoteFailed } from "./reader/note-failed.tsx";
import { createNoteId, createNoteReader } from "./reader/note-reader.ts";
import { Theirs } from "./theirs.tsx";

export default function EditNote() {
  const id = createNoteId();
  const read = createNoteReader(id);
  // One editor for each note: reading it again, or failing to, must not change the open editor.
  const opened = createMemo<Note | undefined>((before) =>
    before?.id === id() ? before : read.isCurrent() ? read.note() : undefined,
  );
  return (
    <Show when={opened()} keyed fallback={<NotOpened read={read} />}>
      {(note) => <Editor note={note} pads={pads.all() ?? []} />}
    </Show>
  );
}

function NotOpened(props: { read: ReturnType<typeof createNoteReader> }) {
  return (
    <section class="pane reader" aria-label="Note">
      <div class="bar" />
      <Show when={props.read.problem()}>
        {(problem) => <NoteFailed problem={problem()} again={props.read.again} />}
      </Show>
    </section>
  );
}

function Editor(props: { note: Note; pads: readonly Pad[] }) {
  const location = useLocation();
  const navigate = useNavigate();
  const filter = untrack(() => filterOf(location));
  const opened = untrack(() => props.note);
  const key = draftKey(userId(), opened.id);
  /** The version that the editing began from. That of a draft may be older than the current one. */
  const base = readDraft(key)?.version ?? opened.version;
  const newNoteId = newId();
  const [theirs, setTheirs] = createSignal<Note>();
  const [isDeleted, setDeleted] = createSignal(false);
  /** What was saved elsewhere, as long as the note exists. */
  const conflict = () => (isDeleted() ? undefined : theirs());

  const editor = createNoteEditor({
    draftKey: key,
    saved: opened,
    schema: () => (isDeleted() ? NewNoteContent : NoteContent),
    draftOf: () => ({ id: opened.id, version: theirs()?.version ?? base }),
    async save(content) {
      try {
        const note = isDeleted() ? await createNote({ id: newNoteId, ...content }) : await saveOver(content);
        finish(note.id);
      } catch (thrown) {
        const problem = asProblem(thrown);
        if (problem.code === "version_mismatch") setTheirs(currentNote(problem));
        else if (problem.code === "not_found") setDeleted(true);
        else throw problem;
      }
    },
  });

  function saveOver(content: NoteContent): Promise<Note> {
    const latest = conflict();
    if (latest) return saveNote(opened.id, latest.version, content);
    return saveNote(opened.id, base, base === opened.version ? changesTo(opened, content) : content);
  }

  function finish(id: string): void {
    editor.finish();
    navigate(addressOfNote(id, filter), { replace: true });
  }

  function saveWord(): string {
    if (isDeleted()) return "Save as a new note";
    return conflict() ? "Save mine" : "Save";
  }

  async function takeTheirs(note: Note): Promise<void> {
    const yes = await confirm({
      title: "Take theirs?",
      text: "Your changes will be lost.",
      yes: "Take theirs",
      no: "Keep mine",
    });
    if (!yes) return;
    put(note);
    finish(note.id);
  }

  return (
    <EditorFrame
      title="Edit note"
      form={editor.form}
      class={conflict() ? "conflict" : ""}
      save={saveWord()}
      {...(conflict() ? {} : { cancel: isDeleted() ? addressOf(filter) : addressOfNote(opened.id, filter) })}
      acts={
        <Show when={conflict()}>
          {(note) => (
            <button type="button" onClick={() => takeTheirs(note())}>
              Take theirs
            </button>
          )}
        </Show>
      }
    >
      <div role="alert">
        <Show when={isDeleted()}>
          <Alert>
            <p>This note was deleted while you were editing. You can save your text as a new note.</p>
          </Alert>
        </Show>
        <Show when={conflict()}>
          <Alert>
            <p>This note was saved elsewhere while you were editing. Save your version, or take theirs.</p>
          </Alert>
        </Show>
      </div>
      <Show when={!conflict()}>
        <RestoredAlert editor={editor} />
      </Show>
      <div class="mine">
        <NoteFields form={editor.form} pads={props.pads} />
      </div>
      <Show when={conflict()}>
        {(note) => <Theirs note={note()} mine={editor.form.values.text} pads={props.pads} />}
      </Show>
    </EditorFrame>
  );
}
