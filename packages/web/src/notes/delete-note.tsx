// Deletes a note, after a question.
import { createAsync, useAction, useNavigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { DeleteForm } from "../ui/delete-form.tsx";
import { flash } from "../ui/flash.tsx";
import { deleteNote } from "./actions.ts";
import { getNote } from "./queries.ts";

export default function DeleteNote() {
  const params = useParams<{ id: string }>();
  const navigate = useNavigate();
  const remove = useAction(deleteNote);
  const note = createAsync(() => getNote(params.id));
  return (
    <Show when={note()}>
      {(note) => (
        <Page title="Delete note">
          <DeleteForm
            cancel={`/notes/${note().id}`}
            onDelete={async () => {
              const { id, padId } = note();
              const after = padId ? `/pads/${padId}` : "/";
              await remove(id);
              flash("Note is successfully deleted", after);
              navigate(after, { replace: true });
            }}
          >
            Are you sure you want to delete <b dir="auto">{note().name}</b>?
          </DeleteForm>
        </Page>
      )}
    </Show>
  );
}
