// A list of notes: its title, its rows by day, and what is there instead of rows. It stays as it is while notes are opened
// beside it, and keeps its scroll position for the way back.
import { createEffect, createMemo, Match, on, Show, Suspense, Switch } from "solid-js";
import { useList } from "../../data/paged.ts";
import { pads } from "../../pads/pads.ts";
import { arriveAt } from "../../page/focus.ts";
import { isSettled, lazily, settle } from "../../page/lazily.ts";
import { ThumbBar } from "../../page/thumb-bar.tsx";
import { RANK, useTitle } from "../../page/title.ts";
import { TitleBar } from "../../page/title-bar.tsx";
import { Bones } from "../../ui/bones.tsx";
import { Failed } from "../../ui/failed.tsx";
import { t, tWith } from "../../words/index.ts";
import { leftNotes } from "../left/left-notes.ts";
import { addressOf, addressOfNewNote, type ListFilter } from "./filter.ts";
import type { NoteList } from "./note-list.ts";
import { Rows } from "./rows.tsx";
import { SearchBox } from "./search-box.tsx";
import { Selection } from "./selection.ts";
import "./list.css";

// These load once the list is shown.
const ListMenu = lazily(() => import("./list-menu.tsx"));
const NotSaved = lazily(() => import("../left/not-saved.tsx"));
const SelectedBar = lazily(() => import("./selected-bar.tsx"));

function titleOf({ view, pad, tag }: ListFilter, padName: string): string {
  if (view) return t(`list.${view}`);
  if (pad) return padName;
  return tag ? `#${tag}` : t("list.all");
}

export function ListPane(props: { list: NoteList; openId: string | undefined }) {
  let heading!: HTMLHeadingElement;
  const filter = () => props.list.filter;
  const pad = () => pads.byId(filter().pad);
  const isGone = () => props.list.problem?.code === "not_found";
  const title = () => titleOf(filter(), pad()?.name ?? (isGone() ? t("error.notFound") : ""));
  const count = () => {
    const { total } = props.list;
    return filter().q === undefined ? total : total !== undefined && t("list.found", total);
  };
  useTitle(title, RANK.list);

  // Opening a list takes the focus to its title; opening a note in it does not. Another search or order is still the same place,
  // so the focus stays in the search while the user types.
  const place = createMemo(() => `${filter().view} ${filter().pad} ${filter().tag}`);
  createEffect(on(place, () => props.openId === undefined && arriveAt(heading)));
  useList(() => props.list, settle);

  const selection = new Selection();
  createEffect(
    on(
      () => props.list,
      () => selection.close(),
      { defer: true },
    ),
  );

  return (
    <section class="pane list" aria-label={t("list.label")}>
      <Show when={selection.isOpen}>
        <Suspense>
          <SelectedBar selection={selection} notes={selection.of(props.list.rows)} openId={props.openId} />
        </Suspense>
      </Show>
      <TitleBar ref={heading} title={title()} count={count()}>
        <span class="push" />
        <Suspense fallback={<More />}>
          <Show when={isSettled()} fallback={<More />}>
            <ListMenu filter={filter()} select={() => selection.open()} />
          </Show>
        </Suspense>
        <a class="button main-act wide-only" href={addressOfNewNote(filter())}>
          {t("list.newNote")}
        </a>
      </TitleBar>
      <SearchBox q={filter().q ?? ""} />
      <Show when={leftNotes().length > 0}>
        <Suspense>
          <NotSaved filter={filter()} isAll={!props.list.isOpen} />
        </Suspense>
      </Show>
      <Switch fallback={<Rows list={props.list} openId={props.openId} selection={selection} />}>
        <Match when={!props.list.isOpen && props.list.problem}>
          {(problem) => (
            <Failed
              problem={problem()}
              again={() => void props.list.open()}
              title={t("list.failed")}
              gone={{
                title: t("pad.notFound"),
                hint: t("pad.notFoundHint"),
                link: { href: "/", words: t("list.all") },
              }}
            />
          )}
        </Match>
        <Match when={!props.list.isOpen}>
          <div class="scroll">
            <Bones />
          </div>
        </Match>
        <Match when={props.list.total === 0 && props.list.shown.length === 0}>
          <Empty filter={filter()} />
        </Match>
      </Switch>
      <ThumbBar create={addressOfNewNote(filter())} />
    </section>
  );
}

/** Stands for the menu until it is there. */
function More() {
  return (
    <button type="button" class="quiet" aria-disabled="true">
      {t("app.more")}
    </button>
  );
}

// --- instead of rows ------------------------------------------------------------------------------------------------

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

/** An account without notes begins with its first one, unless the focus is where its user has put it. */
function beginAt(link: HTMLElement): void {
  if (document.activeElement?.matches("body, .list h1")) link.focus({ preventScroll: true });
}

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
              {t("list.all")}
            </a>
          </>
        }
      >
        <h2>{t(emptyWords(props.filter))}</h2>
        <Show when={HINTS[emptyWords(props.filter)]}>{(hint) => <p>{t(hint())}</p>}</Show>
        <Show when={!props.filter.view && !props.filter.tag}>
          <a
            class="button main-act"
            ref={(link) => !props.filter.pad && queueMicrotask(() => beginAt(link))}
            href={addressOfNewNote(props.filter)}
          >
            {t("list.first")}
          </a>
        </Show>
      </Show>
    </div>
  );
}
