// Writes a new note. The page chooses its id when it opens, so that sending it again does not create a second note.
import { NewNoteContent } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createAsync, useAction, useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, Show, untrack } from "solid-js";
import { Page } from "../app/page.tsx";
import { draftKey, readDraft } from "../data/draft.ts";
import { newId } from "../data/id.ts";
import { userId } from "../data/session.ts";
import { getPads } from "../pads/queries.ts";
import { flash } from "../ui/flash.tsx";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { createNote } from "./actions.ts";
import { createNoteEditor, EMPTY, NoteFields, RestoredAlert, submitOnShortcut } from "./note-form.tsx";

export default function NewNote() {
  const pads = createAsync(() => getPads());
  // Reading the pads again, or failing to, must not change the open editor.
  const opened = createMemo<readonly Pad[] | undefined>((before) => before ?? pads());
  return <Show when={opened()}>{(pads) => <Editor pads={pads()} />}</Show>;
}

function Editor(props: { pads: readonly Pad[] }) {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const create = useAction(createNote);
  const padId = untrack(() => props.pads.find((pad) => pad.id === query.pad)?.id ?? null);
  const key = draftKey(userId(), "new");
  const id = readDraft(key)?.id ?? newId();

  const editor = createNoteEditor({
    draftKey: key,
    saved: { ...EMPTY, padId },
    schema: () => NewNoteContent,
    draftOf: () => ({ id, version: null }),
    async save(content) {
      const note = await create({ id, ...content });
      editor.finish();
      flash("Note is successfully created", `/notes/${note.id}`);
      navigate(`/notes/${note.id}`, { replace: true });
    },
  });

  return (
    <Page title="New note" focus="input[name=name]">
      <form noValidate onSubmit={editor.form.onSubmit} onKeyDown={submitOnShortcut}>
        <RestoredAlert editor={editor} />
        <NoteFields form={editor.form} pads={props.pads} />
        <FormProblem form={editor.form} />
        <p class="actions">
          <SubmitButton form={editor.form}>Create</SubmitButton>
          <a href={padId ? `/pads/${padId}` : "/"}>Cancel</a>
        </p>
      </form>
    </Page>
  );
}
