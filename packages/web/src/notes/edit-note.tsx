// Edits a note. If it was saved elsewhere in the meantime, the page shows both texts and loses neither. If it was
// deleted, the text can be saved as a new note.
import { NewNoteContent, type Note, NoteContent } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createAsync, query, revalidate, useAction, useNavigate, useParams } from "@solidjs/router";
import { createMemo, createSignal, Show, untrack } from "solid-js";
import { Page } from "../app/page.tsx";
import { draftKey, readDraft } from "../data/draft.ts";
import { newId } from "../data/id.ts";
import { loadAll } from "../data/load-all.ts";
import { asProblem } from "../data/problem.ts";
import { userId } from "../data/session.ts";
import { getPads } from "../pads/queries.ts";
import { Alert } from "../ui/alert.tsx";
import { confirm } from "../ui/confirm.tsx";
import { flash } from "../ui/flash.tsx";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { createNote, currentNote, saveNote } from "./actions.ts";
import { changesTo, createNoteEditor, NoteFields, RestoredAlert, submitOnShortcut } from "./note-form.tsx";
import { getNote, getNotes } from "./queries.ts";
import { Theirs } from "./theirs.tsx";

export default function EditNote() {
  const params = useParams<{ id: string }>();
  const read = createAsync(() => loadAll({ note: getNote(params.id), pads: getPads() }));
  // One editor for each note: reading it again, or failing to, must not change the open editor.
  const opened = createMemo<Opened | undefined>((before) =>
    before?.note.id === params.id.toLowerCase() ? before : read(),
  );
  return (
    <Show when={opened()} keyed>
      {(opened) => <Editor {...opened} />}
    </Show>
  );
}

interface Opened {
  note: Note;
  pads: readonly Pad[];
}

function Editor(props: Opened) {
  const navigate = useNavigate();
  const save = useAction(saveNote);
  const create = useAction(createNote);
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
        const note = isDeleted() ? await create({ id: newNoteId, ...content }) : await saveOver(content);
        finish(note.id, isDeleted() ? "Note is successfully created" : "Note is successfully updated");
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
    if (latest) return save(opened.id, latest.version, content);
    return save(opened.id, base, base === opened.version ? changesTo(opened, content) : content);
  }

  function finish(id: string, message?: string): void {
    editor.finish();
    if (message) flash(message, `/notes/${id}`);
    navigate(`/notes/${id}`, { replace: true });
  }

  async function takeTheirs(note: Note): Promise<void> {
    const yes = await confirm({
      title: "Take theirs?",
      text: "Your changes will be lost.",
      yes: "Take theirs",
      no: "Keep mine",
      isDestructive: true,
    });
    if (!yes) return;
    query.set(getNote.keyFor(note.id), note);
    void revalidate(getNotes.key);
    finish(note.id);
  }

  return (
    <Page title="Edit note">
      <form
        classList={{ conflict: conflict() !== undefined }}
        noValidate
        onSubmit={editor.form.onSubmit}
        onKeyDown={submitOnShortcut}
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
          <Show when={conflict()}>
            <h2>Mine</h2>
          </Show>
          <NoteFields form={editor.form} pads={props.pads} />
        </div>
        <Show when={conflict()}>
          {(note) => <Theirs note={note()} mine={editor.form.values.text} pads={props.pads} />}
        </Show>
        <FormProblem form={editor.form} />
        <p class="actions">
          <Show
            when={conflict()}
            fallback={
              <>
                <SubmitButton form={editor.form}>{isDeleted() ? "Save as a new note" : "Save"}</SubmitButton>
                <a href={isDeleted() ? "/" : `/notes/${opened.id}`}>Cancel</a>
              </>
            }
          >
            {(note) => (
              <>
                <SubmitButton form={editor.form}>Save mine</SubmitButton>
                <button type="button" onClick={() => takeTheirs(note())}>
                  Take theirs
                </button>
              </>
            )}
          </Show>
        </p>
      </form>
    </Page>
  );
}
