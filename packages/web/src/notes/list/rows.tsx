// The rows of a list, by day, of which only those in view are in the document; and what is done with them by keys, by a long
// press and by dragging.
import { useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";
import { pads } from "../../pads/pads.ts";
import { useKeys } from "../../page/keys.ts";
import { open } from "../../page/overlay.ts";
import { useRowKeys } from "../../page/row-keys.ts";
import { Marked } from "../../ui/marked.tsx";
import { MoreFailed } from "../../ui/more-failed.tsx";
import { locale, now, Time } from "../../ui/time.tsx";
import { t } from "../../words/index.ts";
import { plainSnippet } from "../excerpt.ts";
import { dayGroup } from "./days.ts";
import { carry } from "./dragging.ts";
import { addressOf, addressOfNote, type ListFilter } from "./filter.ts";
import type { ListedNote, NoteList } from "./note-list.ts";
import { SelectBox } from "./select-box.tsx";
import { noteAt, useSelecting } from "./selecting.ts";
import type { Selection } from "./selection.ts";

type Item = { heading: string } | { note: ListedNote };

/** How many rows before the end of what is loaded the next page is read. */
const READ_AHEAD = 30;

/** The scroll positions at which lists were left. */
const positions = new WeakMap<NoteList, { offset: number; cache: VirtualizerHandle["cache"] }>();

interface RowsProps {
  list: NoteList;
  openId: string | undefined;
  selection: Selection;
}

export function Rows(props: RowsProps) {
  return (
    // Another list begins at its own position.
    <Show when={props.list} keyed>
      {(list) => <RowsOf {...props} list={list} />}
    </Show>
  );
}

function RowsOf(props: RowsProps) {
  let scroll!: HTMLElement;
  const links = () => [...scroll.querySelectorAll<HTMLElement>("a.note")];
  useRowKeys(() => scroll, links);
  useActKeys(props, links);
  const selecting = useSelecting(
    props.selection,
    () => scroll,
    () => props.list.rows,
  );
  function drag(event: DragEvent): void {
    const id = noteAt(event.target as Element);
    const note = props.list.rows.find((row) => row.id === id);
    if (!note) return;
    const selected = props.selection.of(props.list.rows);
    carry(event, selected.includes(note) ? selected : [note]);
  }
  return (
    // The links in it have the keys; what a press does beside opening them, keys do too.
    <nav
      class="scroll notes"
      classList={{ selecting: props.selection.isOpen }}
      ref={scroll}
      aria-label={t("list.label")}
      onDragStart={drag}
      {...selecting}
    >
      <Scrolled {...props} scroll={scroll} />
      <MoreFailed list={props.list} words={`${t("list.moreFailed")}.`} class="more-failed" />
    </nav>
  );
}

/** Keys that do something with the notes that are selected, or else with the one that has the focus. */
function useActKeys(props: RowsProps, links: () => HTMLElement[]): void {
  const navigate = useNavigate();
  const selected = () => props.selection.of(props.list.rows);
  const focused = () => links().find((link) => link === document.activeElement);

  function withNotes(act: (notes: ListedNote[]) => void): boolean {
    const id = focused()?.dataset.id;
    const notes = selected().length > 0 ? selected() : props.list.rows.filter((row) => row.id === id);
    if (notes.length > 0) act(notes);
    return notes.length > 0;
  }
  async function pin(notes: ListedNote[]): Promise<void> {
    const { pinAll } = await import("../acts.ts");
    await pinAll(
      notes,
      notes.some(({ pinnedAt }) => pinnedAt === null),
    );
  }
  async function remove(notes: ListedNote[]): Promise<void> {
    const hasSelected = selected().length > 0;
    const after = links().indexOf(document.activeElement as HTMLElement) + 1;
    const next = hasSelected ? undefined : links()[after]?.dataset.id;
    const isReading = notes.some(({ id }) => id === props.openId);
    const done = () => isReading && navigate(addressOf(props.list.filter));
    const { deleteAll } = await import("../acts.ts");
    if (!(await deleteAll(notes, { done }))) return;
    props.selection.close();
    queueMicrotask(() =>
      links()
        .find((link) => link.dataset.id === next)
        ?.focus(),
    );
  }
  useKeys(
    {
      m: () => withNotes((notes) => open({ move: notes, done: () => props.selection.close() })),
      p: () => withNotes(pin),
      "#": () => withNotes(remove),
    },
    true,
  );
}

/** The rows in view, with the heading above them. */
function Scrolled(props: RowsProps & { scroll: HTMLElement }) {
  let handle: VirtualizerHandle | undefined;
  const items = createMemo(() => itemsOf(props.list));
  const left = positions.get(props.list);

  const [above, setAbove] = createSignal<string>();
  /** The heading of what is at the top, once it is scrolled out of view. */
  function follow(): void {
    const at = handle?.findItemIndex(handle.scrollOffset) ?? 0;
    const heading = items()
      .slice(0, at + 1)
      .findLast((item) => "heading" in item);
    setAbove(handle && handle.scrollOffset > 0 ? heading?.heading : undefined);
    readAhead();
  }
  function readAhead(): void {
    if (!handle || !props.list.hasMore || props.list.problem) return;
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    if (last >= items().length - READ_AHEAD) void props.list.loadMore();
  }
  createEffect(on(() => items().length, readAhead));
  onCleanup(() => {
    if (handle) positions.set(props.list, { offset: handle.scrollOffset, cache: handle.cache });
  });
  return (
    <>
      <Show when={above()}>
        <div class="above" aria-hidden="true">
          <h2>{above()}</h2>
        </div>
      </Show>
      <Virtualizer
        ref={(created) => {
          handle = created ?? handle;
          if (created && left) queueMicrotask(() => created.scrollTo(left.offset));
        }}
        data={items()}
        scrollRef={props.scroll}
        {...(left?.cache && { cache: left.cache })}
        onScroll={follow}
      >
        {(item) =>
          "heading" in item ? (
            <h2>{item.heading}</h2>
          ) : (
            <Row
              note={item.note}
              filter={props.list.filter}
              isOpen={item.note.id === props.openId}
              selection={props.selection}
            />
          )
        }
      </Virtualizer>
    </>
  );
}

/** The rows, with a heading before each day or month if the list is by time. */
function itemsOf({ rows, filter }: NoteList): readonly Item[] {
  const isByTime = filter.order.endsWith("updated_at") && filter.q === undefined;
  const items: Item[] = [];
  let heading: string | undefined;
  for (const note of rows) {
    if (note.pinnedAt && !filter.view && filter.q === undefined) {
      if (items.length === 0) items.push({ heading: t("list.pinned") });
      items.push({ note });
      continue;
    }
    const group = isByTime ? dayGroup(new Date(note.updatedAt), now(), locale) : undefined;
    if (group !== undefined && group !== heading) items.push({ heading: group });
    heading = group;
    items.push({ note });
  }
  return items;
}

function Row(props: { note: ListedNote; filter: ListFilter; isOpen: boolean; selection: Selection }) {
  const pad = () => (props.filter.pad ? undefined : pads.byId(props.note.padId));
  const isSelected = () => props.selection.has(props.note.id);
  return (
    <div class="row" classList={{ selected: isSelected() }} data-id={props.note.id}>
      <a
        class="note"
        href={addressOfNote(props.note.id, props.filter)}
        aria-current={props.isOpen ? "true" : undefined}
        data-id={props.note.id}
      >
        <b dir="auto">
          <Marked text={props.note.name} ranges={props.note.inName} />
        </b>
        <Time time={props.note.updatedAt} short />
        <p dir="auto">
          <Show when={pad()}>
            {(pad) => (
              <span>
                <bdi>{pad().name}</bdi>:{" "}
              </span>
            )}
          </Show>
          <Marked {...plainSnippet(props.note.excerpt, props.note.inSnippet ?? [])} />
        </p>
      </a>
      <SelectBox note={props.note} selection={props.selection} />
    </div>
  );
}
