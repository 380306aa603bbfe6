// The pane in which a note is written.
import { useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createResource, Match, onCleanup, Switch, untrack } from "solid-js";
import { holdNote } from "../../data/drafts.ts";
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
  const holding = createMemo(() => {
    const held = holdNote(id());
    onCleanup(held.release);
    return held;
  });
  // The editor of a note stays the same while the note is open, also if the note is read again.
  const [opened, { refetch }] = createResource(id, async (wanted) => {
    const begun = untrack(() => ({ ...location.state }));
    const pad = untrack(() => filterOf(location).pad);
    await holding().granted;
    return await openNote(wanted, begun, pad);
  });

  return (
    <section class="pane reader writing" aria-label={t("note.label")}>
      <Switch fallback={<Bones />}>
        <Match when={opened.state === "errored" && asProblem(opened.error)}>
          {(problem) => (
            <>
              <div class="bar" />
              <div class="scroll">
                <NoteFailed problem={problem()} again={() => void refetch()} />
              </div>
            </>
          )}
        </Match>
        <Match when={opened.state === "ready" && opened()} keyed>
          {(opened) => <Editor {...opened} navigate={navigate} />}
        </Match>
      </Switch>
    </section>
  );
}
