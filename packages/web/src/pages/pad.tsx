// The notes of one pad.
import { createAsync, useLocation, useParams } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { filterOf } from "../data/note-list.ts";
import { getNotes, getPad } from "../data/queries.ts";
import { together } from "../data/together.ts";
import { NoteListing } from "../ui/note-listing.tsx";
import { Page } from "../ui/page.tsx";

export default function Pad() {
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const filter = createMemo(() => filterOf(location.query, params.id));
  const read = createAsync(() => together({ pad: getPad(params.id), list: getNotes(filter()) }));
  return (
    <Show when={read()}>
      {(read) => (
        <Page title={`${read().pad.name} (${read().list.total()})`}>
          <NoteListing list={read().list} filter={filter()} create={`/notes/create?pad=${read().pad.id}`}>
            <p class="after">
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
