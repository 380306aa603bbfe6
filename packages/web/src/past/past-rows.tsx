// The notes of a time, by month, of which only those in view are in the document; and what is done with them by keys and by a long
// press.
import type { PastNote } from "@notejam/core/history/schema";
import { createMemo, Match, Show, Switch } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { explain } from "../data/problem.ts";
import { plainExcerpt } from "../notes/excerpt.ts";
import { SelectBox } from "../notes/list/select-box.tsx";
import { useSelecting } from "../notes/list/selecting.ts";
import type { Selection } from "../notes/list/selection.ts";
import { useRowKeys } from "../page/row-keys.ts";
import { Bones } from "../ui/bones.tsx";
import { formatMonth } from "../ui/dates.ts";
import { Failed } from "../ui/failed.tsx";
import { LongRows } from "../ui/long-rows.tsx";
import { MoreFailed } from "../ui/more-failed.tsx";
import { locale, now, Time } from "../ui/time.tsx";
import { t } from "../words/past.ts";

type Item = { heading: string } | { note: PastNote };

interface PastRowsProps {
  list: Paged<PastNote>;
  /** Whether they are of the time before, while another one is read. */
  isStale: boolean;
  openId: string | undefined;
  padName: (id: string | null) => string | undefined;
  /** What the addresses of the notes end with. */
  search: string;
  selection: Selection;
}

export function PastRows(props: PastRowsProps) {
  let rows!: HTMLElement;
  useRowKeys(
    () => rows,
    () => [...rows.querySelectorAll<HTMLElement>("a.note")],
  );
  const selecting = useSelecting(
    props.selection,
    () => rows,
    () => props.list.rows,
  );
  return (
    // The links in it have the keys; what a press does beside opening them, keys do too.
    <nav
      class="scroll notes"
      classList={{ stale: props.isStale, selecting: props.selection.isOpen }}
      aria-label={t("list.label")}
      ref={rows}
      {...selecting}
    >
      <Rows {...props} />
    </nav>
  );
}

function Rows(props: PastRowsProps) {
  const items = createMemo(() => itemsOf(props.list.rows));
  return (
    <Switch>
      <Match when={!props.list.isOpen && props.list.problem}>
        {(problem) => (
          <Failed problem={problem()} again={() => void props.list.loadMore()}>
            <h2>{t("past.failed")}</h2>
            <p>{explain(problem())}</p>
          </Failed>
        )}
      </Match>
      <Match when={!props.list.isOpen}>
        <Bones />
      </Match>
      <Match when={props.list.rows.length === 0}>
        <div class="none">
          <h2>{t("past.empty")}</h2>
          <p>{t("past.emptyHint")}</p>
        </div>
      </Match>
      <Match when={true}>
        <LongRows
          above={undefined}
          rows={items()}
          onEnd={() => !props.list.problem && void props.list.loadMore()}
        >
          {(item) => ("heading" in item ? <h2>{item.heading}</h2> : <Row {...props} note={item.note} />)}
        </LongRows>
        <MoreFailed list={props.list} words={t("past.moreFailed")} class="more-failed" />
      </Match>
    </Switch>
  );
}

function itemsOf(notes: readonly PastNote[]): Item[] {
  const items: Item[] = [];
  let heading: string | undefined;
  for (const note of notes) {
    const month = formatMonth(new Date(note.updatedAt), now(), locale);
    if (month !== heading) items.push({ heading: month });
    heading = month;
    items.push({ note });
  }
  return items;
}

function Row(props: PastRowsProps & { note: PastNote }) {
  return (
    <div class="row" classList={{ selected: props.selection.has(props.note.id) }} data-id={props.note.id}>
      <a
        class="note"
        href={`/past/${props.note.id}${props.search}`}
        aria-current={props.note.id === props.openId ? "true" : undefined}
      >
        <b dir="auto">{props.note.name}</b>
        <Time time={props.note.updatedAt} short />
        <p dir="auto">
          <Show when={props.padName(props.note.padId)}>
            {(pad) => (
              <span>
                <bdi>{pad()}</bdi>:{" "}
              </span>
            )}
          </Show>
          {plainExcerpt(props.note.excerpt)}
        </p>
      </a>
      <SelectBox note={props.note} selection={props.selection} />
    </div>
  );
}
