// The notes of a time, by month, of which only those in view are in the document; and what is done with them by keys and by a long
// press.
import type { PastNote } from "@notejam/core/history/schema";
import { createMemo, Match, Show, Switch } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { explain, mayRepeat } from "../data/problem.ts";
import { plainExcerpt } from "../notes/excerpt.ts";
import { onLongPress } from "../notes/list/long-press.ts";
import { SelectBox } from "../notes/list/select-box.tsx";
import type { Selection } from "../notes/list/selection.ts";
import { useKeys } from "../page/keys.ts";
import { Bones } from "../ui/bones.tsx";
import { formatMonth } from "../ui/dates.ts";
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
  const idOf = (target: Element | null) => target?.closest("[data-id]")?.getAttribute("data-id") ?? undefined;

  function step(by: number): boolean {
    const all = [...rows.querySelectorAll<HTMLElement>("a.note")];
    const from = all.indexOf(document.activeElement as HTMLElement);
    const open = all.find((link) => link.getAttribute("aria-current") === "true");
    const next = from < 0 ? (open ?? all[0]) : all[from + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next !== undefined;
  }
  const inRows = (by: number) => () => rows.contains(document.activeElement) && step(by);
  const extendTo = (id: string) => props.selection.extendTo(id, props.list.rows);
  function select(how: (id: string) => void): boolean {
    const id = rows.contains(document.activeElement) ? idOf(document.activeElement) : undefined;
    if (id !== undefined) how(id);
    return id !== undefined;
  }
  useKeys(
    {
      j: () => step(1),
      k: () => step(-1),
      arrowdown: inRows(1),
      arrowup: inRows(-1),
      x: () => select((id) => props.selection.toggle(id)),
      "shift+x": () => select(extendTo),
      escape: () => {
        if (!props.selection.isOpen) return false;
        props.selection.close();
        return true;
      },
    },
    true,
  );

  function press(event: MouseEvent): void {
    const id = idOf(event.target as Element);
    if (id === undefined || !props.selection.isOpen || event.ctrlKey || event.metaKey) return;
    // Instead of opening it.
    event.preventDefault();
    if (event.shiftKey) extendTo(id);
    else props.selection.toggle(id);
  }
  const pressed = onLongPress((target) => {
    const id = idOf(target);
    if (id !== undefined && !props.selection.isOpen) props.selection.toggle(id);
  });

  return (
    // The links in it have the keys; what a press does beside opening them, keys do too.
    <nav
      class="scroll notes"
      classList={{ stale: props.isStale, selecting: props.selection.isOpen }}
      aria-label={t("list.label")}
      ref={rows}
      on:click={press}
      {...pressed}
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
          <div class="none" role="alert">
            <h2>{t("past.failed")}</h2>
            <p>{explain(problem())}</p>
            <Show when={mayRepeat(problem())}>
              <button type="button" class="main-act" onClick={() => props.list.loadMore()}>
                {t("app.tryAgain")}
              </button>
            </Show>
          </div>
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
