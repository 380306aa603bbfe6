// Shows a note.
import { createAsync, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { loadAll } from "../data/load-all.ts";
import { getPads } from "../pads/queries.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Markdown } from "./markdown/markdown.tsx";
import { getNote } from "./queries.ts";

export default function Note() {
  const params = useParams<{ id: string }>();
  const read = createAsync(() => loadAll({ note: getNote(params.id), pads: getPads() }));
  const pad = () => read()?.pads.find((pad) => pad.id === read()?.note.padId);
  return (
    <Show when={read()?.note}>
      {(note) => (
        <Page title={note().name}>
          <p class="meta">
            Last edited <RelativeTime time={note().updatedAt} />
            <Show when={pad()} fallback=" · No pad">
              {(pad) => (
                <>
                  {" · "}
                  <a href={`/pads/${pad().id}`} dir="auto">
                    {pad().name}
                  </a>
                </>
              )}
            </Show>
          </p>
          <Markdown text={note().text} />
          <p class="page-actions">
            <a class="button" href={`/notes/${note().id}/edit`}>
              Edit
            </a>
            <a class="danger" href={`/notes/${note().id}/delete`}>
              Delete it
            </a>
          </p>
        </Page>
      )}
    </Show>
  );
}
