// Keeps over a reload which row is at the top of a list. It shows nothing itself.
import { createEffect, on } from "solid-js";
import type { VirtualizerHandle } from "virtua/solid";
import { keepForReload, keptBefore, onHidden } from "../../data/reload.ts";
import { addressOf } from "./filter.ts";
import type { Item } from "./headings.ts";
import type { ListedNote, NoteList } from "./note-list.ts";

const KEPT = "notejam:top-row";

/** The list by its address, the row by its note and its place, and how much of it is above the view. */
type Kept = [list: string, id: string | undefined, at: number, above: number];

let before = keptBefore<Kept>(KEPT);

export default function TopRow(props: {
  list: NoteList;
  items: readonly Item<ListedNote>[];
  handle: () => VirtualizerHandle | undefined;
  isShown: () => boolean;
  /** On a phone, a note that is open hides the list, which has no row at the top then. */
  openId: string | undefined;
}) {
  const address = () => addressOf(props.list.filter);
  function keep(): void {
    const rows = props.handle();
    if (!rows || before?.[0] === address()) return;
    const at = rows.findItemIndex(rows.scrollOffset);
    const top = props.items[at];
    const id = top && "row" in top ? top.row.id : undefined;
    const kept: Kept = [address(), id, at, rows.scrollOffset - rows.getItemOffset(at)];
    keepForReload(KEPT, kept);
  }
  async function goBack(): Promise<void> {
    const [list, id, at, above] = before ?? [];
    if (list !== address() || at === undefined || !props.isShown()) return;
    before = undefined;
    while (props.items.length <= at && props.list.hasMore && !props.list.problem) await props.list.loadMore();
    // Who moved on meanwhile stays there.
    if (props.handle()?.scrollOffset !== 0) return;
    const found = props.items.findIndex((item) => "row" in item && item.row.id === id);
    props.handle()?.scrollToIndex(found < 0 ? at : found, { offset: above });
  }
  onHidden(() => props.isShown() && keep());
  createEffect(
    on(
      () => props.openId,
      (id) => {
        // The list goes out of view only after this, and comes into view before what waits.
        if (id) keep();
        queueMicrotask(goBack);
      },
    ),
  );
  return undefined;
}
