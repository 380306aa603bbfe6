// A page's list of notes with what belongs to it: the way to a new note, the search, and the words for an empty list.
import type { Pad } from "@notejam/core/pad/schema";
import { type JSX, Show } from "solid-js";
import type { NoteFilter, NoteList } from "./note-list.ts";
import { NotesTable } from "./notes-table.tsx";
import { SearchBox } from "./search-box.tsx";
import "./note-listing.css";

export function NoteListing(props: {
  list: NoteList;
  filter: NoteFilter;
  pads?: ReadonlyMap<string, Pad> | undefined;
  /** Where a new note for this list begins. */
  create: string;
  /** What else can be done on this page. */
  children?: JSX.Element;
}) {
  const isEmpty = () => props.list.total() === 0;
  return (
    <>
      <Show when={!isEmpty() || props.filter.q} fallback={<FirstNote create={props.create} />}>
        <div class="toolbar">
          <a class="button" href={props.create}>
            New note
          </a>
          <SearchBox q={props.filter.q ?? ""} label="Search notes" />
        </div>
        <Show when={!isEmpty()} fallback={<NothingFound q={props.filter.q ?? ""} />}>
          <NotesTable list={props.list} filter={props.filter} pads={props.pads} />
        </Show>
      </Show>
      {props.children}
    </>
  );
}

function FirstNote(props: { create: string }) {
  return (
    <p class="empty">
      <a href={props.create}>Create your first note.</a>
    </p>
  );
}

function NothingFound(props: { q: string }) {
  return (
    <p class="empty" role="status">
      No note here has “<bdi>{props.q}</bdi>” in its name or text.
    </p>
  );
}
