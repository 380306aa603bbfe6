// The pane in which a note is written.
import { useLocation, useNavigate } from "@solidjs/router";
import { createResource, Show, untrack } from "solid-js";
import { asProblem } from "../../data/problem.ts";
import { Bones } from "../../ui/bones.tsx";
import { t } from "../../words/note.ts";
import { filterOf } from "../list/filter.ts";
import { NoteFailed } from "../reader/note-failed.tsx";
import { createNoteId } from "../reader/note-reader.ts";
import { Editor } from "./editor.tsx";
import { openNote } from "./open-note.ts";

export default function EditorPane() {
  const id = createNoteId();
  const location = useLocation<{ isNew?: boolean; name?: string }>();
  const navigate = useNavigate();
  // The editor of a note stays the same while the note is open, also if the note is read again.
  const [opened, { refetch }] = createResource(id, (wanted) =>
    openNote(
      wanted,
      untrack(() => ({ ...location.state })),
      untrack(() => filterOf(location).pad),
    ),
  );
  const failed = () => (opened.state === "errored" ? asProblem(opened.error) : undefined);

  return (
    <section class="pane reader writing" aria-label={t("note.label")}>
      <Show when={!failed()} fallback={<Failed problem={failed()} again={() => void refetch()} />}>
        <Show when={opened.state === "ready" && opened()} keyed fallback={<Bones />}>
          {(opened) => <Editor {...opened} navigate={navigate} />}
        </Show>
      </Show>
    </section>
  );
}

function Failed(props: { problem: ReturnType<typeof asProblem> | undefined; again: () => void }) {
  return (
    <>
      <div class="bar" />
      <div class="scroll">
        <NoteFailed problem={props.problem} again={props.again} />
      </div>
    </>
  );
}
