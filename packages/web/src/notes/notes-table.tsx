// A list of notes as a table, with links that sort it. It loads further pages as the user scrolls.
import type { NoteSummary, Order } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { For, onCleanup, onMount, Show } from "solid-js";
import { explain } from "../data/problem.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { plainExcerpt } from "./excerpt.ts";
import type { NoteFilter, NoteList } from "./note-list.ts";
import "./notes-table.css";

interface Props {
  list: NoteList;
  filter: NoteFilter;
  /** For the column with each note's pad. Without them, the table has no such column. */
  pads?: ReadonlyMap<string, Pad> | undefined;
}

export function NotesTable(props: Props) {
  return (
    <>
      <table class="notes-table">
        <thead>
          <tr>
            <SortedHeading column="name" filter={props.filter}>
              Note
            </SortedHeading>
            <Show when={props.pads}>
              <th scope="col" class="pad">
                Pad
              </th>
            </Show>
            <SortedHeading column="updated_at" filter={props.filter}>
              Last modified
            </SortedHeading>
          </tr>
        </thead>
        <tbody>
          <For each={props.list.notes()}>{(note) => <Row note={note} pads={props.pads} />}</For>
        </tbody>
      </table>
      <MorePages list={props.list} />
    </>
  );
}

function Row(props: { note: NoteSummary; pads: ReadonlyMap<string, Pad> | undefined }) {
  const pad = () => (props.note.padId ? props.pads?.get(props.note.padId) : undefined);
  return (
    <tr>
      <td class="name" dir="auto">
        <a href={`/notes/${props.note.id}`}>{props.note.name}</a>{" "}
        <span class="excerpt" dir="auto">
          {plainExcerpt(props.note.excerpt)}
        </span>
      </td>
      <Show when={props.pads}>
        <td class="pad" dir="auto">
          <Show when={pad()} fallback="No pad">
            {(pad) => <a href={`/pads/${pad().id}`}>{pad().name}</a>}
          </Show>
        </td>
      </Show>
      <td class="updated-at">
        <RelativeTime time={props.note.updatedAt} />
      </td>
    </tr>
  );
}

// --- sorting --------------------------------------------------------------------------------------------------------

type Column = "name" | "updated_at";

const SORTS: Record<Column, { class: string; ascending: string; descending: string }> = {
  name: { class: "name", ascending: "Sort by name, A to Z", descending: "Sort by name, Z to A" },
  updated_at: {
    class: "updated-at",
    ascending: "Sort by last modified, oldest first",
    descending: "Sort by last modified, newest first",
  },
};

function SortedHeading(props: { column: Column; filter: NoteFilter; children: string }) {
  const sorted = () => {
    if (props.filter.order === props.column) return "ascending";
    return props.filter.order === `-${props.column}` ? "descending" : "none";
  };
  return (
    <th scope="col" class={SORTS[props.column].class} aria-sort={sorted()}>
      {props.children}{" "}
      <span class="sort-links">
        <SortLink
          order={props.column}
          filter={props.filter}
          label={SORTS[props.column].ascending}
          arrow="↑"
        />
        <SortLink
          order={`-${props.column}`}
          filter={props.filter}
          label={SORTS[props.column].descending}
          arrow="↓"
        />
      </span>
    </th>
  );
}

function SortLink(props: { order: Order; filter: NoteFilter; label: string; arrow: string }) {
  const href = () => {
    const query = new URLSearchParams({ order: props.order });
    if (props.filter.q) query.set("q", props.filter.q);
    return `?${query}`;
  };
  return (
    <a
      href={href()}
      aria-label={props.label}
      title={props.label}
      aria-current={props.filter.order === props.order ? "true" : undefined}
    >
      {props.arrow}
    </a>
  );
}

// --- further pages --------------------------------------------------------------------------------------------------

/** How far before the end of the list the next page is loaded. */
const LOAD_AHEAD_PX = 800;

/** The end of the list. It loads the next page when the user comes near, or clicks. */
function MorePages(props: { list: NoteList }) {
  return (
    <div class="more-pages">
      <Show when={props.list.hasMore()}>
        <Show when={props.list.problem()} fallback={<LoadMore list={props.list} />}>
          {(problem) => (
            <>
              <p role="alert">{explain(problem())}</p>
              <button type="button" onClick={() => props.list.loadMore()}>
                Try again
              </button>
            </>
          )}
        </Show>
      </Show>
    </div>
  );
}

function LoadMore(props: { list: NoteList }) {
  let end!: HTMLButtonElement;
  onMount(() => {
    const observer = new IntersectionObserver(
      async ([seen]) => {
        if (!seen?.isIntersecting) return;
        observer.unobserve(end);
        await props.list.loadMore();
        // Observing it again reports it again, if the page was short and the end is still in sight.
        if (end.isConnected) observer.observe(end);
      },
      { rootMargin: `${LOAD_AHEAD_PX}px` },
    );
    observer.observe(end);
    onCleanup(() => observer.disconnect());
  });
  return (
    <button
      type="button"
      ref={end}
      aria-disabled={props.list.isLoading()}
      onClick={() => props.list.loadMore()}
    >
      {props.list.isLoading() ? "Loading…" : "Load more"}
    </button>
  );
}
