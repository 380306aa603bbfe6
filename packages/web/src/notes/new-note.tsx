// Writes a new note. Its id is chosen when the page opens, so that sending it again is the same creation.
import type { Pad } from "@notejam/core/pad/schema";
import { createAsync, useAction, useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, Show, untrack } from "solid-js";
import { Page } from "../app/page.tsx";
import { draftKey, readDraft } from "../data/draft.ts";
import { newId } from "../data/id.ts";
import { readerId } from "../data/session.ts";
import { getPads } from "../pads/queries.ts";
import { say } from "../ui/flash.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { createNote } from "./actions.ts";
import { createNoteEditor, NoteFields, Restored, saveByKey } from "./note-form.tsx";

export default function NewNote() {
  const pads = createAsync(() => getPads());
  // Read again, or failing to be, they do not touch what is being typed.
  const opened = createMemo<readonly Pad[] | undefined>((before) => before ?? pads());
  return <Show when={opened()}>{(pads) => <Editor pads={pads()} />}</Show>;
}

function Editor(props: { pads: readonly Pad[] }) {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const create = useAction(createNote);
  const inPad = untrack(() => props.pads.find((pad) => pad.id === query.pad)?.id ?? null);
  const key = draftKey(readerId(), "new");
  const id = readDraft(key)?.id ?? newId();

  const editor = createNoteEditor({
    draftKey: key,
    saved: { name: "", text: "", padId: inPad },
    draftOf: () => ({ id, version: null }),
    async save(content) {
      const note = await create({ id, ...content });
      editor.finish();
      say("Note is successfully created", `/notes/${note.id}`);
      navigate(`/notes/${note.id}`, { replace: true });
    },
  });

  return (
    <Page title="New note" focus="input[name=name]">
      <form noValidate onSubmit={editor.form.onSubmit} onKeyDown={saveByKey}>
        <Show when={editor.isRestored()}>
          <Restored editor={editor} />
        </Show>
        <NoteFields form={editor.form} pads={props.pads} />
        <FormProblem form={editor.form} />
        <p class="actions">
          <SubmitButton form={editor.form}>Create</SubmitButton>
          <a href={inPad ? `/pads/${inPad}` : "/"}>Cancel</a>
        </p>
      </form>
    </Page>
  );
}
