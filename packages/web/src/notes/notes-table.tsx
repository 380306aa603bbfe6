// A list of notes: sorted by what its arrows say, narrowed by what is searched, and growing as the reader goes on.
import type { NoteSummary, Order } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { For, onCleanup, onMount, Show } from "solid-js";
import { explain } from "../data/problem.ts";
import { When } from "../ui/relative-time.tsx";
import { inOneLine } from "./excerpt.ts";
import type { NoteFilter, NoteList } from "./note-list.ts";
import "./notes-table.css";

interface Props {
  list: NoteList;
  filter: NoteFilter;
  /** To name the pad of each note; without them there is no such column. */
  pads?: ReadonlyMap<string, Pad> | undefined;
}

export function NotesTable(props: Props) {
  return (
    <>
      <table class="notes">
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
      <More list={props.list} />
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
          {inOneLine(props.note.excerpt)}
        </span>
      </td>
      <Show when={props.pads}>
        <td class="pad" dir="auto">
          <Show when={pad()} fallback="No pad">
            {(pad) => <a href={`/pads/${pad().id}`}>{pad().name}</a>}
          </Show>
        </td>
      </Show>
      <td class="when">
        <When time={props.note.updatedAt} />
      </td>
    </tr>
  );
}

// --- sorting --------------------------------------------------------------------------------------------------------

type Column = "name" | "updated_at";

const WAYS: Record<Column, { up: string; down: string }> = {
  name: { up: "by name, A to Z", down: "by name, Z to A" },
  updated_at: { up: "by last modified, oldest first", down: "by last modified, newest first" },
};

function SortedHeading(props: { column: Column; filter: NoteFilter; children: string }) {
  const sorted = () => {
    if (props.filter.order === props.column) return "ascending";
    return props.filter.order === `-${props.column}` ? "descending" : "none";
  };
  return (
    <th scope="col" class={props.column} aria-sort={sorted()}>
      {props.children}{" "}
      <span class="arrows">
        <Arrow order={props.column} filter={props.filter} says={WAYS[props.column].up} glyph="↑" />
        <Arrow order={`-${props.column}`} filter={props.filter} says={WAYS[props.column].down} glyph="↓" />
      </span>
    </th>
  );
}

function Arrow(props: { order: Order; filter: NoteFilter; says: string; glyph: string }) {
  const href = () => {
    const query = new URLSearchParams({ order: props.order });
    if (props.filter.q) query.set("q", props.filter.q);
    return `?${query}`;
  };
  return (
    <a
      href={href()}
      aria-label={`Sort ${props.says}`}
      title={`Sort ${props.says}`}
      aria-current={props.filter.order === props.order ? "true" : undefined}
    >
      {props.glyph}
    </a>
  );
}

// --- going on -------------------------------------------------------------------------------------------------------

/** Begins to read so far ahead of the end. */
const AHEAD_PX = 800;

/** The end of the list: reads the next page when the reader comes near, or when asked to. */
function More(props: { list: NoteList }) {
  return (
    <div class="more">
      <Show when={props.list.hasMore()}>
        <Show when={props.list.problem()} fallback={<Next list={props.list} />}>
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

function Next(props: { list: NoteList }) {
  let end!: HTMLButtonElement;
  onMount(() => {
    const observer = new IntersectionObserver(
      async ([seen]) => {
        if (!seen?.isIntersecting) return;
        observer.unobserve(end);
        await props.list.loadMore();
        // Observed anew, it reports again where the page was short and the end is still in sight.
        if (end.isConnected) observer.observe(end);
      },
      { rootMargin: `${AHEAD_PX}px` },
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
