// Writes a new note. The page chooses its id when it opens, so that sending it again does not create a second note.
import { NewNoteContent } from "@notejam/core/note/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import { untrack } from "solid-js";
import { draftKey, readDraft } from "../data/draft.ts";
import { newId } from "../data/id.ts";
import { userId } from "../data/session.ts";
import { pads } from "../pads/pads.ts";
import { EditorFrame } from "./editor-frame.tsx";
import { addressOf, addressOfNote, filterOf } from "./list/filter.ts";
import { createNoteEditor, EMPTY, NoteFields, RestoredAlert } from "./note-form.tsx";
import { createNote } from "./notes.ts";

export default function NewNote() {
  const location = useLocation();
  const navigate = useNavigate();
  const filter = untrack(() => filterOf(location));
  const padId = pads.byId(filter.pad)?.id ?? null;
  const key = draftKey(userId(), "new");
  const id = readDraft(key)?.id ?? newId();

  const editor = createNoteEditor({
    draftKey: key,
    saved: { ...EMPTY, padId },
    schema: () => NewNoteContent,
    draftOf: () => ({ id, version: null }),
    async save(content) {
      const note = await createNote({ id, ...content });
      editor.finish();
      navigate(addressOfNote(note.id, filter), { replace: true });
    },
  });

  return (
    <EditorFrame title="New note" form={editor.form} save="Create" cancel={addressOf(filter)}>
      <RestoredAlert editor={editor} />
      <NoteFields form={editor.form} pads={pads.all() ?? []} />
    </EditorFrame>
  );
}
