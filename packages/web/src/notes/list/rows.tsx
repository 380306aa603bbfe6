// The rows of a list, by day, and what keys and dragging do with them. Only the rows in view are in the document.
import { useNavigate } from "@solidjs/router";
import { createMemo, createSignal, onCleanup, Show, Suspense } from "solid-js";
import type { VirtualizerHandle } from "virtua/solid";
import { pads } from "../../pads/pads.ts";
import { useKeys } from "../../page/keys.ts";
import { isSettled, lazily } from "../../page/lazily.ts";
import { open } from "../../page/overlay.ts";
import { useRowKeys } from "../../page/row-keys.ts";
import { LongRows } from "../../ui/long-rows.tsx";
import { locale, now } from "../../ui/time.tsx";
import { t } from "../../words/index.ts";
import { dayGroup } from "./days.ts";
import { carry } from "./dragging.ts";
import { addressOf, addressOfNote, type ListFilter } from "./filter.ts";
import { withHeadings } from "./headings.ts";
import type { ListedNote, NoteList } from "./note-list.ts";
import { NoteRow } from "./note-row.tsx";
import { noteAt, useSelecting } from "./selecting.ts";
import type { Selection } from "./selection.ts";

const TopRow = lazily(() => import("./top-row.tsx"));

/** The scroll positions at which lists were left. */
const positions = new WeakMap<NoteList, { offset: number; heights: VirtualizerHandle["cache"] }>();

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
    () => props.list.shown,
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
      <Scrolled {...props} isShown={() => scroll.clientHeight > 0} />
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
    const isReading = notes.some(({ id }) => id === props.openId);
    const done = () => isReading && navigate(addressOf(props.list.filter));
    const { deleteAll } = await import("../acts.ts");
    if (await deleteAll(notes, { done })) props.selection.close();
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
function Scrolled(props: RowsProps & { isShown: () => boolean }) {
  let handle: VirtualizerHandle | undefined;
  const items = createMemo(() =>
    withHeadings(props.list.shown, (note) => headingOf(note, props.list.filter)),
  );
  const left = positions.get(props.list);

  const [above, setAbove] = createSignal<string>();
  /** The heading of what is at the top, once it is scrolled out of view. */
  function follow(): void {
    const at = handle?.findItemIndex(handle.scrollOffset) ?? 0;
    const heading = items()
      .slice(0, at + 1)
      .findLast((item) => "heading" in item);
    setAbove(handle && handle.scrollOffset > 0 ? heading?.heading : undefined);
  }
  onCleanup(() => {
    if (handle) positions.set(props.list, { offset: handle.scrollOffset, heights: handle.cache });
  });
  return (
    <>
      <Show when={above()}>
        <div class="above" aria-hidden="true">
          <h2>{above()}</h2>
        </div>
      </Show>
      <LongRows
        ref={(created) => {
          handle = created;
          if (left) queueMicrotask(() => created.scrollTo(left.offset));
        }}
        rows={items()}
        heights={left?.heights}
        onScroll={follow}
        list={props.list}
        moreFailed={t("list.moreFailed")}
      >
        {(item) =>
          "heading" in item ? (
            <h2>{item.heading}</h2>
          ) : (
            <NoteRow
              note={item.row}
              href={addressOfNote(item.row.id, props.list.filter)}
              isOpen={item.row.id === props.openId}
              pad={props.list.filter.pad ? undefined : pads.byId(item.row.padId)?.name}
              selection={props.selection}
            />
          )
        }
      </LongRows>
      <Suspense>
        <Show when={isSettled()}>
          <TopRow
            list={props.list}
            items={items()}
            handle={() => handle}
            isShown={props.isShown}
            openId={props.openId}
          />
        </Show>
      </Suspense>
    </>
  );
}

/** The heading above a note: that of the pinned notes, or the day or month if the list is by time. */
function headingOf(note: ListedNote, { view, q, order }: ListFilter): string | undefined {
  if (q !== undefined) return undefined;
  if (note.pinnedAt && !view) return t("list.pinned");
  return order.endsWith("updated_at") ? dayGroup(new Date(note.updatedAt), now(), locale) : undefined;
}
