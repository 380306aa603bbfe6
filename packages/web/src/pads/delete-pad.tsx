// Deletes a pad and the notes in it, once the reader has said so.
import { createAsync, useAction, useNavigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { DeleteForm } from "../ui/delete-form.tsx";
import { say } from "../ui/flash.ts";
import { deletePad } from "./actions.ts";
import { getPad } from "./queries.ts";

export default function DeletePad() {
  const params = useParams<{ id: string }>();
  const navigate = useNavigate();
  const remove = useAction(deletePad);
  const pad = createAsync(() => getPad(params.id));
  const itsNotes = (count: number) => (count === 1 ? "its 1 note" : `its ${count} notes`);
  return (
    <Show when={pad()}>
      {(pad) => (
        <Page title="Delete pad">
          <DeleteForm
            cancel={`/pads/${pad().id}`}
            onDelete={async () => {
              await remove(pad().id);
              say("Pad is successfully deleted", "/");
              navigate("/", { replace: true });
            }}
          >
            Are you sure you want to delete <b dir="auto">{pad().name}</b> and {itsNotes(pad().noteCount)}?
          </DeleteForm>
        </Page>
      )}
    </Show>
  );
}
