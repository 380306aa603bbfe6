// Changes a note. Where it was saved elsewhere meanwhile, both texts are shown and neither is lost; where it was deleted
// meanwhile, what was typed can become a new note.
import type { Note } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createAsync, query, revalidate, useAction, useNavigate, useParams } from "@solidjs/router";
import { createMemo, createSignal, Show, untrack } from "solid-js";
import { Page } from "../app/page.tsx";
import { draftKey, readDraft } from "../data/draft.ts";
import { newId } from "../data/id.ts";
import { together } from "../data/load-all.ts";
import { asProblem } from "../data/problem.ts";
import { readerId } from "../data/session.ts";
import { getPads } from "../pads/queries.ts";
import { ask } from "../ui/confirm.tsx";
import { say } from "../ui/flash.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { createNote, currentNote, saveNote } from "./actions.ts";
import { type Content, changesTo, createNoteEditor, NoteFields, Restored, saveByKey } from "./note-form.tsx";
import { getNote, getNotes } from "./queries.ts";
import { Theirs } from "./theirs.tsx";
import "../ui/alert.css";

export default function EditNote() {
  const params = useParams<{ id: string }>();
  const read = createAsync(() => together({ note: getNote(params.id), pads: getPads() }));
  // One editor a note: read again, or failing to be, it does not touch what is being typed.
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
  const key = draftKey(readerId(), opened.id);
  /** What the typing began from: that of a draft may be older than what is there now. */
  const base = readDraft(key)?.version ?? opened.version;
  const idAnew = newId();
  const [theirs, setTheirs] = createSignal<Note>();
  const [isGone, setGone] = createSignal(false);
  /** What was saved elsewhere, as long as there is still a note to save over. */
  const mismatch = () => (isGone() ? undefined : theirs());

  const editor = createNoteEditor({
    draftKey: key,
    saved: opened,
    draftOf: () => ({ id: opened.id, version: theirs()?.version ?? base }),
    async save(content) {
      try {
        const note = isGone() ? await create({ id: idAnew, ...content }) : await saveOver(content);
        finish(note.id, isGone() ? "Note is successfully created" : "Note is successfully updated");
      } catch (thrown) {
        const problem = asProblem(thrown);
        if (problem.code === "version_mismatch") setTheirs(currentNote(problem));
        else if (problem.code === "not_found") setGone(true);
        else throw problem;
      }
    },
  });

  function saveOver(content: Content): Promise<Note> {
    const latest = mismatch();
    if (latest) return save(opened.id, latest.version, content);
    return save(opened.id, base, base === opened.version ? changesTo(opened, content) : content);
  }

  function finish(id: string, done?: string): void {
    editor.finish();
    if (done) say(done, `/notes/${id}`);
    navigate(`/notes/${id}`, { replace: true });
  }

  async function takeTheirs(note: Note): Promise<void> {
    const yes = await ask({
      title: "Take theirs?",
      text: "What you typed here will be gone.",
      yes: "Take theirs",
      no: "Keep mine",
      loses: true,
    });
    if (!yes) return;
    query.set(getNote.keyFor(note.id), note);
    void revalidate(getNotes.key);
    finish(note.id);
  }

  return (
    <Page title="Edit note">
      <form
        classList={{ "beside-theirs": mismatch() !== undefined }}
        noValidate
        onSubmit={editor.form.onSubmit}
        onKeyDown={saveByKey}
      >
        <div role="alert">
          <Show when={isGone()}>
            <div class="alert">
              <p>This note was deleted meanwhile. What you typed is still here, and can be a new note.</p>
            </div>
          </Show>
          <Show when={mismatch()}>
            <div class="alert">
              <p>
                This note was saved elsewhere while you were typing. Both texts are here: yours can still be
                changed.
              </p>
            </div>
          </Show>
        </div>
        <Show when={editor.isRestored() && !mismatch()}>
          <Restored editor={editor} />
        </Show>
        <div class="mine">
          <Show when={mismatch()}>
            <h2>Mine</h2>
          </Show>
          <NoteFields form={editor.form} pads={props.pads} />
        </div>
        <Show when={mismatch()}>
          {(note) => <Theirs note={note()} mine={editor.form.values.text} pads={props.pads} />}
        </Show>
        <FormProblem form={editor.form} />
        <p class="actions">
          <Show
            when={mismatch()}
            fallback={
              <>
                <SubmitButton form={editor.form}>{isGone() ? "Save as a new note" : "Save"}</SubmitButton>
                <a href={isGone() ? "/" : `/notes/${opened.id}`}>Cancel</a>
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
