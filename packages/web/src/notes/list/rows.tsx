// The rows of a list, by day, of which only those in view are in the document; and what is done with them by keys, by a long
// press and by dragging.
import { useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";
import { explain } from "../../data/problem.ts";
import { pads } from "../../pads/pads.ts";
import { useKeys } from "../../page/keys.ts";
import { open } from "../../page/overlay.ts";
import { Marked } from "../../ui/marked.tsx";
import { locale, now, Time } from "../../ui/time.tsx";
import { t } from "../../words/index.ts";
import { plainSnippet } from "../excerpt.ts";
import { dayGroup } from "./days.ts";
import { carry } from "./dragging.ts";
import { addressOf, addressOfNote, type ListFilter } from "./filter.ts";
import { onLongPress } from "./long-press.ts";
import type { ListedNote, NoteList } from "./note-list.ts";
import { SelectBox } from "./select-box.tsx";
import type { Selection } from "./selection.ts";

type Item = { heading: string } | { note: ListedNote };

/** How many rows before the end of what is loaded the next page is read. */
const READ_AHEAD = 30;

/** Where each list was left. */
const places = new WeakMap<NoteList, { offset: number; cache: VirtualizerHandle["cache"] }>();

interface RowsProps {
  list: NoteList;
  openId: string | undefined;
  selection: Selection;
}

export function Rows(props: RowsProps) {
  return (
    // Another list begins at its own place.
    <Show when={props.list} keyed>
      {(list) => <Scrolled {...props} list={list} />}
    </Show>
  );
}

function Scrolled(props: RowsProps) {
  const navigate = useNavigate();
  let scroll!: HTMLElement;
  let handle: VirtualizerHandle | undefined;
  const items = createMemo(() => itemsOf(props.list));
  const left = places.get(props.list);

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
    if (handle) places.set(props.list, { offset: handle.scrollOffset, cache: handle.cache });
  });

  // --- keys ---

  const links = () => [...scroll.querySelectorAll<HTMLElement>("a.note")];
  const focused = () => links().find((link) => link === document.activeElement);
  const noteOf = (link: Element | null | undefined) =>
    props.list.rows.find(({ id }) => id === link?.closest("[data-id]")?.getAttribute("data-id"));

  /** Moves the focus from the row that has it; else to the note that is open, or the first one. */
  function step(by: number): boolean {
    const all = links();
    const from = focused();
    const opened = all.find((link) => link.getAttribute("aria-current") === "true");
    const next = from ? all[all.indexOf(from) + by] : (opened ?? all[0]);
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next !== undefined;
  }
  const inList = (act: () => boolean) => () => scroll.contains(document.activeElement) && act();

  /** Does something with the notes that are selected, or else with the one that has the focus. */
  function withNotes(act: (notes: ListedNote[], one: boolean) => void): boolean {
    const selected = props.selection.of(props.list.rows);
    const one = noteOf(focused());
    if (selected.length > 0) act(selected, false);
    else if (one) act([one], true);
    return selected.length > 0 || one !== undefined;
  }
  function select(how: (id: string) => void): boolean {
    const note = noteOf(focused() ?? document.activeElement);
    if (note) how(note.id);
    return note !== undefined;
  }
  async function acts() {
    return import("../acts.ts");
  }
  useKeys(
    {
      j: () => step(1),
      k: () => step(-1),
      arrowdown: inList(() => step(1)),
      arrowup: inList(() => step(-1)),
      x: () => select((id) => props.selection.toggle(id)),
      "shift+x": () => select((id) => props.selection.extendTo(id, props.list.rows)),
      m: () => withNotes((notes) => open({ move: notes, done: () => props.selection.close() })),
      p: () =>
        withNotes(async (notes) =>
          (await acts()).pinAll(
            notes,
            notes.some(({ pinnedAt }) => pinnedAt === null),
          ),
        ),
      "#": () =>
        withNotes(async (notes, one) => {
          const after = one ? links()[links().indexOf(focused() as HTMLElement) + 1] : undefined;
          const next = after?.dataset.id;
          const isReading = notes.some(({ id }) => id === props.openId);
          const done = () => isReading && navigate(addressOf(props.list.filter));
          if (!(await (await acts()).deleteAll(notes, { done }))) return;
          props.selection.close();
          queueMicrotask(() => scroll.querySelector<HTMLElement>(`a.note[data-id="${next}"]`)?.focus());
        }),
      escape: () => {
        if (!props.selection.isOpen) return false;
        props.selection.close();
        return true;
      },
    },
    true,
  );

  // --- the pointer ---

  const rowAt = (event: Event) => noteOf(event.target as Element);
  function press(event: MouseEvent): void {
    const note = rowAt(event);
    if (!note || !props.selection.isOpen || event.ctrlKey || event.metaKey) return;
    // Instead of opening it.
    event.preventDefault();
    if (event.shiftKey) props.selection.extendTo(note.id, props.list.rows);
    else props.selection.toggle(note.id);
  }
  function drag(event: DragEvent): void {
    const note = rowAt(event);
    if (!note) return;
    const selected = props.selection.of(props.list.rows);
    carry(event, selected.includes(note) ? selected : [note]);
  }
  const pressed = onLongPress((target) => {
    const note = noteOf(target);
    if (note && !props.selection.isOpen) props.selection.toggle(note.id);
  });

  return (
    // The links in it have the keys; what a press does beside opening them, keys do too.
    <nav
      class="scroll notes"
      classList={{ selecting: props.selection.isOpen }}
      ref={scroll}
      aria-label={t("list.label")}
      on:click={press}
      onDragStart={drag}
      {...pressed}
    >
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
        scrollRef={scroll}
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
      <Show when={props.list.problem}>
        {(problem) => (
          <p class="more-failed hint" role="alert">
            {t("list.moreFailed")}. {explain(problem())}{" "}
            <button type="button" class="link" onClick={() => props.list.loadMore()}>
              {t("app.tryAgain")}
            </button>
          </p>
        )}
      </Show>
    </nav>
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
