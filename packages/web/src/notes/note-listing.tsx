// A page's list of notes, with the link to a new note, the search, and the messages for an empty list.
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
  /** The address that creates a note in this list. */
  create: string;
  /** What follows the list on this page. */
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
        <Show when={!isEmpty()} fallback={<NoMatches q={props.filter.q ?? ""} />}>
          <NotesTable list={props.list} filter={props.filter} pads={props.pads} />
        </Show>
      </Show>
      {props.children}
    </>
  );
}

function FirstNote(props: { create: string }) {
  return (
    <p class="empty-list">
      <a href={props.create}>Create your first note.</a>
    </p>
  );
}

function NoMatches(props: { q: string }) {
  return (
    <p class="empty-list" role="status">
      No notes match “<bdi>{props.q}</bdi>”.
    </p>
  );
}
