// The notes of one pad.
import { createAsync, useLocation, useParams } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { filterOf } from "../data/note-list.ts";
import { getNotes, getPad } from "../data/queries.ts";
import { NoteListing } from "../ui/note-listing.tsx";
import { Page } from "../ui/page.tsx";

export default function Pad() {
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const filter = createMemo(() => filterOf(location.query, params.id));
  const pad = createAsync(() => getPad(params.id));
  const list = createAsync(() => getNotes(filter()));
  return (
    <Show when={pad()}>
      {(pad) => (
        <Show when={list()}>
          {(list) => (
            <Page title={`${pad().name} (${list().total()})`}>
              <NoteListing list={list()} filter={filter()} create={`/notes/create?pad=${pad().id}`}>
                <p class="after">
                  <a href={`/pads/${pad().id}/edit`}>Edit pad</a>
                  <a class="danger" href={`/pads/${pad().id}/delete`}>
                    Delete it
                  </a>
                </p>
              </NoteListing>
            </Page>
          )}
        </Show>
      )}
    </Show>
  );
}
