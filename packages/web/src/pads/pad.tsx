// The notes of one pad.
import { createAsync, useLocation, useParams } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { loadAll } from "../data/load-all.ts";
import { filterOf } from "../notes/note-list.ts";
import { NoteListing } from "../notes/note-listing.tsx";
import { getNotes } from "../notes/queries.ts";
import { getPad } from "./queries.ts";

export default function Pad() {
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const filter = createMemo(() => filterOf(location.query, params.id));
  const read = createAsync(() => loadAll({ pad: getPad(params.id), list: getNotes(filter()) }));
  return (
    <Show when={read()}>
      {(read) => (
        <Page title={`${read().pad.name} (${read().list.total()})`}>
          <NoteListing list={read().list} filter={filter()} create={`/notes/create?pad=${read().pad.id}`}>
            <p class="page-actions">
              <a href={`/pads/${read().pad.id}/edit`}>Edit pad</a>
              <a class="danger" href={`/pads/${read().pad.id}/delete`}>
                Delete it
              </a>
            </p>
          </NoteListing>
        </Page>
      )}
    </Show>
  );
}
