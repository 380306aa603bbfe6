// A note, read.
import { createAsync, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { together } from "../data/load-all.ts";
import { getPads } from "../pads/queries.ts";
import { When } from "../ui/relative-time.tsx";
import { Markdown } from "./markdown/markdown.tsx";
import { getNote } from "./queries.ts";

export default function Note() {
  const params = useParams<{ id: string }>();
  const read = createAsync(() => together({ note: getNote(params.id), pads: getPads() }));
  const pad = () => read()?.pads.find((pad) => pad.id === read()?.note.padId);
  return (
    <Show when={read()?.note}>
      {(note) => (
        <Page title={note().name}>
          <p class="about">
            Last edited <When time={note().updatedAt} />
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
          <p class="after">
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
