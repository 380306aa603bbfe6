// All notes of the reader, in all pads and in none.
import { createAsync, useLocation } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { filterOf } from "../data/note-list.ts";
import { getNotes, getPads } from "../data/queries.ts";
import { together } from "../data/together.ts";
import { NoteListing } from "../ui/note-listing.tsx";
import { Page } from "../ui/page.tsx";

export default function AllNotes() {
  const location = useLocation();
  const filter = createMemo(() => filterOf(location.query));
  const read = createAsync(() => together({ list: getNotes(filter()), pads: getPads() }));
  const padsById = createMemo(() => new Map(read()?.pads.map((pad) => [pad.id, pad])));
  return (
    <Show when={read()?.list}>
      {(list) => (
        <Page title={`All notes (${list().total()})`}>
          <NoteListing list={list()} filter={filter()} pads={padsById()} create="/notes/create" />
        </Page>
      )}
    </Show>
  );
}
