// All notes of the user, in any pad or none.
import { createAsync, useLocation } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { Page } from "../app/page.tsx";
import { loadAll } from "../data/load-all.ts";
import { getPads } from "../pads/queries.ts";
import { filterOf } from "./note-list.ts";
import { NoteListing } from "./note-listing.tsx";
import { getNotes } from "./queries.ts";

export default function AllNotes() {
  const location = useLocation();
  const filter = createMemo(() => filterOf(location.query));
  const read = createAsync(() => loadAll({ list: getNotes(filter()), pads: getPads() }));
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
