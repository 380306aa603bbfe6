// A list of notes: its title, its rows by day, and what is there instead of rows. It stays as it is while notes are opened
// beside it, and keeps its place for the way back.
import type { NoteSummary } from "@notejam/core/note/schema";
import { createEffect, createMemo, Match, on, onCleanup, Show, Switch } from "solid-js";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";
import { arriveAt } from "../../app/focus.ts";
import { ThumbBar } from "../../app/thumb-bar.tsx";
import { RANK, useTitle } from "../../app/title.ts";
import { Wordmark } from "../../app/wordmark.tsx";
import { explain, mayRepeat } from "../../data/problem.ts";
import { pads } from "../../pads/pads.ts";
import { Bones } from "../../ui/bones.tsx";
import { locale, now, Time } from "../../ui/time.tsx";
import { t, tWith } from "../../words/index.ts";
import { plainExcerpt } from "../excerpt.ts";
import { dayGroup } from "./days.ts";
import { addressOf, addressOfNewNote, addressOfNote, type ListFilter } from "./filter.ts";
import { LeftDrafts } from "./left-drafts.tsx";
import { ListMenu } from "./list-menu.tsx";
import type { NoteList } from "./note-list.ts";
import { SearchBox } from "./search-box.tsx";
import "./list.css";

function titleOf({ view, pad, tag }: ListFilter, padName = ""): string {
  if (view) return t(`list.${view}`);
  if (pad) return padName;
  return tag ? `#${tag}` : t("list.all");
}

export function ListPane(props: { list: NoteList; openId: string | undefined }) {
  let heading!: HTMLHeadingElement;
  const filter = () => props.list.filter;
  const pad = () => pads.byId(filter().pad);
  const title = () => titleOf(filter(), pad()?.name);
  useTitle(title, RANK.list);

  // A list that is opened says where the user is; the note in it does not.
  createEffect(
    on(
      () => `${filter().view} ${filter().pad} ${filter().tag}`,
      () => props.openId === undefined && arriveAt(heading),
    ),
  );
  createEffect(() => void props.list.open());

  return (
    <section class="pane list" aria-label={t("list.label")}>
      <div class="bar">
        <Wordmark />
        <h1 ref={heading} tabindex="-1" dir="auto">
          {title()}
        </h1>
        <Show when={props.list.total !== undefined}>
          <span class="count number">{props.list.total?.toLocaleString()}</span>
        </Show>
        <span class="push" />
        <ListMenu filter={filter()} />
        <a class="button main-act wide-only" href={addressOfNewNote(filter())}>
          {t("list.newNote")}
        </a>
      </div>
      <SearchBox q={filter().q ?? ""} />
      <LeftDrafts filter={filter()} openId={props.openId} />
      <Switch fallback={<Rows list={props.list} openId={props.openId} />}>
        <Match when={!props.list.isOpen && props.list.problem}>
          <ListFailed list={props.list} />
        </Match>
        <Match when={!props.list.isOpen}>
          <div class="scroll">
            <Bones />
          </div>
        </Match>
        <Match when={props.list.total === 0}>
          <Empty filter={filter()} />
        </Match>
      </Switch>
      <ThumbBar create={addressOfNewNote(filter())} />
    </section>
  );
}

// --- rows -----------------------------------------------------------------------------------------------------------

type Item = { heading: string } | { note: NoteSummary };

/** How many rows before the end of what is loaded the next page is read. */
const READ_AHEAD = 30;

/** Where each list was left. */
const places = new WeakMap<NoteList, { offset: number; cache: VirtualizerHandle["cache"] }>();

function Rows(props: { list: NoteList; openId: string | undefined }) {
  const items = createMemo(() => itemsOf(props.list));
  return (
    // Another list begins at its own place.
    <Show when={props.list} keyed>
      {(list) => <Scrolled list={list} items={items()} openId={props.openId} />}
    </Show>
  );
}

function Scrolled(props: { list: NoteList; items: readonly Item[]; openId: string | undefined }) {
  let scroll!: HTMLElement;
  let handle: VirtualizerHandle | undefined;
  const left = places.get(props.list);

  function readAhead(): void {
    if (!handle || !props.list.hasMore || props.list.problem) return;
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    if (last >= props.items.length - READ_AHEAD) void props.list.loadMore();
  }
  createEffect(on(() => props.items.length, readAhead));
  onCleanup(() => {
    if (handle) places.set(props.list, { offset: handle.scrollOffset, cache: handle.cache });
  });

  return (
    <nav class="scroll notes" ref={scroll} aria-label={t("list.label")} onKeyDown={moveFocus}>
      <Virtualizer
        ref={(created) => {
          handle = created ?? handle;
          if (created && left) queueMicrotask(() => created.scrollTo(left.offset));
        }}
        data={props.items}
        scrollRef={scroll}
        {...(left?.cache && { cache: left.cache })}
        onScroll={readAhead}
      >
        {(item) =>
          "heading" in item ? (
            <h2>{item.heading}</h2>
          ) : (
            <Row note={item.note} filter={props.list.filter} isOpen={item.note.id === props.openId} />
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
function itemsOf(list: NoteList): readonly Item[] {
  const isByTime = list.filter.order.endsWith("updated_at");
  const items: Item[] = [];
  let heading: string | undefined;
  for (const note of list.notes) {
    if (note.pinnedAt && !list.filter.view) {
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

function Row(props: { note: NoteSummary; filter: ListFilter; isOpen: boolean }) {
  const pad = () => (props.filter.pad ? undefined : pads.byId(props.note.padId));
  return (
    <a
      class="note"
      href={addressOfNote(props.note.id, props.filter)}
      aria-current={props.isOpen ? "true" : undefined}
      data-id={props.note.id}
    >
      <b dir="auto">{props.note.name}</b>
      <Time time={props.note.updatedAt} short />
      <p dir="auto">
        <Show when={pad()}>{(pad) => <span>{pad().name}: </span>}</Show>
        {plainExcerpt(props.note.excerpt)}
      </p>
    </a>
  );
}

/** Arrow keys, J and K move from row to row. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("a.note")];
  const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

// --- instead of rows ------------------------------------------------------------------------------------------------

function ListFailed(props: { list: NoteList }) {
  return (
    <Show when={props.list.problem}>
      {(problem) => (
        <div class="none" role="alert">
          <Show
            when={problem().code !== "not_found"}
            fallback={
              <>
                <h2>{t("pad.notFound")}</h2>
                <p>{t("pad.notFoundHint")}</p>
                <a class="button" href="/">
                  {t("list.all")}
                </a>
              </>
            }
          >
            <h2>{t("list.failed")}</h2>
            <p>{explain(problem())}</p>
            <Show when={mayRepeat(problem())}>
              <Again list={props.list} />
            </Show>
          </Show>
        </div>
      )}
    </Show>
  );
}

/** Tries again when the user asks, and when the network comes back. */
function Again(props: { list: NoteList }) {
  const again = () => void props.list.open();
  window.addEventListener("online", again);
  onCleanup(() => window.removeEventListener("online", again));
  return (
    <button type="button" class="main-act" onClick={again}>
      {t("app.tryAgain")}
    </button>
  );
}

function emptyWords({ view, pad, tag }: ListFilter) {
  if (view) return view === "pinned" ? "list.emptyPinned" : "list.emptyArchive";
  if (pad) return "list.emptyPad";
  return tag ? "list.emptyTag" : "list.nothing";
}

const HINTS = {
  "list.emptyPinned": "list.emptyPinnedHint",
  "list.emptyArchive": "list.emptyArchiveHint",
  "list.nothing": "list.firstHint",
  "list.emptyPad": undefined,
  "list.emptyTag": undefined,
} as const;

function Empty(props: { filter: ListFilter }) {
  return (
    <div class="none">
      <Show
        when={props.filter.q === undefined}
        fallback={
          <>
            <div role="status">
              <h2>{tWith("list.noMatch", { q: <bdi>{props.filter.q}</bdi> })}</h2>
            </div>
            <p>{t("list.noMatchHint")}</p>
            <a class="button" href={addressOf({ ...props.filter, q: "" })}>
              {t("list.clear")}
            </a>
          </>
        }
      >
        <h2>{t(emptyWords(props.filter))}</h2>
        <Show when={HINTS[emptyWords(props.filter)]}>{(hint) => <p>{t(hint())}</p>}</Show>
        <Show when={!props.filter.view && !props.filter.tag}>
          <a class="button main-act" href={addressOfNewNote(props.filter)}>
            {t("list.first")}
          </a>
        </Show>
      </Show>
    </div>
  );
}
