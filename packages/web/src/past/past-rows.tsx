// The notes of a time, by month. Only the rows in view are in the document.
import type { PastNote } from "@notejam/core/history/schema";
import { createMemo, Match, Show, Switch } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { withHeadings } from "../notes/list/headings.ts";
import { NoteRow } from "../notes/list/note-row.tsx";
import { useSelecting } from "../notes/list/selecting.ts";
import type { Selection } from "../notes/list/selection.ts";
import { useRowKeys } from "../page/row-keys.ts";
import { Bones } from "../ui/bones.tsx";
import { formatMonth } from "../ui/dates.ts";
import { Failed } from "../ui/failed.tsx";
import { LongRows } from "../ui/long-rows.tsx";
import { locale, now } from "../ui/time.tsx";
import { t } from "../words/past.ts";
import type { Empty } from "./past.ts";

interface PastRowsProps {
  list: Paged<PastNote>;
  /** Whether they are of the time before, while another one is read. */
  isStale: boolean;
  empty: Empty;
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
  const items = createMemo(() =>
    withHeadings(props.list.rows, (note) => formatMonth(new Date(note.updatedAt), now(), locale)),
  );
  return (
    <Switch>
      <Match when={!props.list.isOpen && props.list.problem}>
        {(problem) => (
          <Failed problem={problem()} again={() => void props.list.loadMore()} title={t("past.failed")} />
        )}
      </Match>
      <Match when={!props.list.isOpen}>
        <Bones />
      </Match>
      <Match when={props.list.rows.length === 0}>
        <div class="none">
          <h2>{t("past.empty")}</h2>
          <p>{props.empty.hint}</p>
          <Show when={props.empty.go}>
            {(go) => (
              <button type="button" onClick={() => go().act()}>
                {go().words}
              </button>
            )}
          </Show>
        </div>
      </Match>
      <Match when={true}>
        <LongRows rows={items()} list={props.list} moreFailed={t("past.moreFailed")}>
          {(item) =>
            "heading" in item ? (
              <h2>{item.heading}</h2>
            ) : (
              <NoteRow
                note={item.row}
                href={`/past/${item.row.id}${props.search}`}
                isOpen={item.row.id === props.openId}
                pad={props.padName(item.row.padId)}
                selection={props.selection}
              />
            )
          }
        </LongRows>
      </Match>
    </Switch>
  );
}
