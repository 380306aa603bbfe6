// Renames a pad.
import { Problem } from "@notejam/client/problem";
import type { Pad } from "@notejam/core/pad/schema";
import { createAsync, useAction, useNavigate, useParams } from "@solidjs/router";
import { createMemo, Show, untrack } from "solid-js";
import { Page } from "../app/page.tsx";
import { asProblem } from "../data/problem.ts";
import { flash } from "../ui/flash.tsx";
import { currentPad, renamePad } from "./actions.ts";
import { PadForm } from "./pad-form.tsx";
import { getPad } from "./queries.ts";

export default function EditPad() {
  const params = useParams<{ id: string }>();
  const pad = createAsync(() => getPad(params.id));
  // Reading the pad again, or failing to, must not change the open form.
  const opened = createMemo<Pad | undefined>((before) =>
    before?.id === params.id.toLowerCase() ? before : pad(),
  );
  return (
    <Show when={opened()} keyed>
      {(pad) => <Editor pad={pad} />}
    </Show>
  );
}

function Editor(props: { pad: Pad }) {
  const navigate = useNavigate();
  const rename = useAction(renamePad);
  const { id, name, version } = untrack(() => props.pad);
  let base = version;
  return (
    <Page title="Edit pad">
      <PadForm
        name={name}
        submit="Save"
        cancel={`/pads/${id}`}
        onSave={async (input) => {
          try {
            await rename(id, base, input);
          } catch (thrown) {
            const problem = asProblem(thrown);
            if (problem.code !== "version_mismatch") throw problem;
            const current = currentPad(problem);
            base = current.version;
            const message = `Renamed to “${current.name}” elsewhere. Save again to use this name.`;
            throw new Problem("version_mismatch", { fields: { name: [message] } });
          }
          flash("Pad is successfully updated", `/pads/${id}`);
          navigate(`/pads/${id}`, { replace: true });
        }}
      />
      <p class="page-actions">
        <span />
        <a class="danger" href={`/pads/${id}/delete`}>
          Delete it
        </a>
      </p>
    </Page>
  );
}
