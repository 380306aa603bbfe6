// Deletes a pad and the notes in it, after a question.
import { createAsync, useAction, useNavigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { DeleteForm } from "../ui/delete-form.tsx";
import { flash } from "../ui/flash.tsx";
import { deletePad } from "./actions.ts";
import { getPad } from "./queries.ts";

export default function DeletePad() {
  const params = useParams<{ id: string }>();
  const navigate = useNavigate();
  const remove = useAction(deletePad);
  const pad = createAsync(() => getPad(params.id));
  const describeNotes = (count: number) => (count === 1 ? "its 1 note" : `its ${count} notes`);
  return (
    <Show when={pad()}>
      {(pad) => (
        <Page title="Delete pad">
          <DeleteForm
            cancel={`/pads/${pad().id}`}
            onDelete={async () => {
              await remove(pad().id);
              flash("Pad is successfully deleted", "/");
              navigate("/", { replace: true });
            }}
          >
            Are you sure you want to delete <b dir="auto">{pad().name}</b> and{" "}
            {describeNotes(pad().noteCount)}?
          </DeleteForm>
        </Page>
      )}
    </Show>
  );
}
