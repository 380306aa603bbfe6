// The time machine: notes as they stood at a time. Everything reads, nothing edits; what stood then can be restored, as new
// versions.

import type { PastNote as ListedNote, PastNoteWithText } from "@notejam/core/history/schema";
import { useMatch, useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { user } from "../data/session.ts";
import { restoreState } from "../notes/history/states.ts";
import { Selection } from "../notes/list/selection.ts";
import { SelectionBar } from "../notes/list/selection-bar.tsx";
import { deleteNotes } from "../notes/notes.ts";
import { arriveAt } from "../page/focus.ts";
import { useKeys } from "../page/keys.ts";
import { settle } from "../page/lazily.ts";
import { MAIN_ID } from "../page/skip-button.tsx";
import { ThumbBar } from "../page/thumb-bar.tsx";
import { RANK, useTitle } from "../page/title.ts";
import { Wordmark } from "../page/wordmark.tsx";
import { confirm } from "../ui/confirm.ts";
import { say, sayProblem } from "../ui/dock.tsx";
import { formatMoment } from "../ui/long-dates.ts";
import { locale, now } from "../ui/time.tsx";
import { t } from "../words/past.ts";
import { isLive, notesAt, readPage, restoreAt } from "./past.ts";
import { PastBar } from "./past-bar.tsx";
import { PastNote } from "./past-note.tsx";
import { PastRows } from "./past-rows.tsx";
import { RestoreAll, type Service } from "./restore-all.ts";
import { RestoreAllDock } from "./restore-all-dock.tsx";
import { beginning, type Life, timeIn } from "./times.ts";
import "./past.css";

type Pad = { id: string; name: string };

export default function PastPage() {
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams<{ at?: string; pad?: string }>();
  const opened = useMatch(() => "/past/:id");
  const openId = () => opened()?.params.id?.toLowerCase();
  const padId = () => query.pad || undefined;
  let heading!: HTMLHeadingElement;

  const life = createMemo<Life>(() => ({
    from: new Date(user.latest?.createdAt ?? 0),
    // The clock of the service may be behind.
    to: now(),
  }));
  const start = beginning(life());
  /** Undefined if the address has none of the account's. */
  const at = createMemo(() =>
    query.at === undefined ? start : timeIn(query.at, { ...life(), to: new Date() }),
  );
  const isWrong = () => !at() || list().problem?.code === "invalid_input";
  const atText = () => formatMoment(at() ?? start, locale);
  const go = (to: Date) => setQuery({ at: to.toISOString() }, { replace: true });
  useTitle(() => t("past.title", atText()), RANK.page);
  onMount(() => {
    arriveAt(heading);
    settle();
  });

  // --- the list ---

  /** All pads as they stood. */
  const [pads, setPads] = createSignal<readonly Pad[]>([]);
  const padName = (id: string | null | undefined) => pads().find((pad) => pad.id === id)?.name;
  /** Notes that were restored here since: they are the same now. */
  const [same, setSame] = createSignal<ReadonlySet<string>>(new Set());
  const wanted = createMemo(() => ({ at: at()?.toISOString() ?? "", pad: padId() }), undefined, {
    equals: (a, b) => a.at === b.at && a.pad === b.pad,
  });
  const list = createMemo(() => {
    const { at, pad } = wanted();
    setSame(new Set<string>());
    return notesAt({ at, pad }, setPads);
  });
  createEffect(() => {
    const shown = list();
    if (wanted().at === "") return;
    void shown.loadMore();
    const again = () => shown.problem && void shown.loadMore();
    window.addEventListener("online", again);
    onCleanup(() => {
      window.removeEventListener("online", again);
      shown.giveUp();
    });
  });
  /** While another time is read, the one before stays. */
  const shown = createMemo<Paged<ListedNote>>((before) => {
    const next = list();
    return before && !next.isOpen && !next.problem ? before : next;
  });
  const searchOf = (filter: { pad?: string | undefined } = { pad: padId() }) =>
    `?${new URLSearchParams({ at: wanted().at, ...(filter.pad && { pad: filter.pad }) })}`;
  const toList = () => `/past${searchOf()}`;

  // --- restoring ---

  const isSame = (id: string) =>
    same().has(id) || shown().rows.find((row) => row.id === id)?.differs === false;
  const mark = (id: string, isSame: boolean) =>
    setSame((all) => new Set(isSame ? [...all, id] : [...all].filter((one) => one !== id)));

  async function restore(note: PastNoteWithText): Promise<void> {
    try {
      const wasLive = await isLive(note.id);
      const version = (await restoreAt(wanted().at, [note.id])).get(note.id);
      mark(note.id, true);
      say(t("past.restored", { name: note.name }), async () => {
        if (!wasLive)
          await deleteNotes([{ ...note, device: null, pinnedAt: null, archivedAt: null, excerpt: "" }]);
        else if (version !== undefined) await restoreState(note.id, version - 1);
        mark(note.id, false);
      });
    } catch (thrown) {
      sayProblem(thrown, () => restore(note));
    }
  }

  const [job, setJob] = createSignal<RestoreAll>();
  onCleanup(() => job()?.stop());
  /**
   * Restores those of the notes that differ, if the user says yes.
   * @param n how many notes they are; undefined: all
   */
  async function restoreAfterAsking(n: number | undefined, read: Service["read"]): Promise<boolean> {
    const { at } = wanted();
    const yes = await confirm({
      title: n === undefined ? t("restoreAll.title", atText()) : t("restoreSome.title", n, atText()),
      text: t("restoreAll.text", n ?? list().total),
      yes: n === undefined ? t("restoreAll.yes") : t("restoreSome.yes"),
      no: t("app.cancel"),
    });
    if (!yes) return false;
    job()?.stop();
    const begun = new RestoreAll({ read, restore: (ids) => restoreAt(at, ids) });
    setJob(begun);
    void begun.run().then(() => list().reload());
    return true;
  }
  function restoreAll(): void {
    const asked = { ...wanted() };
    void restoreAfterAsking(undefined, (cursor, signal) => readPage(asked, cursor, signal));
  }

  // --- several of them ---

  const selection = new Selection();
  createEffect(on(wanted, () => selection.close(), { defer: true }));
  const selected = () => selection.of(shown().rows);

  async function restoreSelected(): Promise<void> {
    const notes = selected();
    if (await restoreAfterAsking(notes.length, async () => ({ notes, nextCursor: null }))) selection.close();
  }

  useKeys({ escape: () => openId() !== undefined && navigate(toList()) }, true);

  return (
    <>
      <PastBar
        at={at()}
        start={start}
        life={life()}
        go={go}
        now={padId() ? `/pads/${padId()}` : "/"}
        restoreAll={!isWrong() && shown().rows.length > 0 ? restoreAll : undefined}
      />
      <main class="both" id={MAIN_ID}>
        <Show when={!isWrong()} fallback={<WrongTime life={life()} />}>
          <section class="pane list" aria-label={t("list.label")}>
            <Show when={selection.isOpen}>
              <SelectionBar
                count={selected().length}
                acts={[{ words: t("restoreSome.action"), act: restoreSelected }]}
                close={() => selection.close()}
              />
            </Show>
            <div class="bar">
              <Wordmark />
              <h1 ref={heading} tabindex="-1" dir="auto">
                {padName(padId()) ?? t("list.all")}
              </h1>
              <Show when={shown().total !== undefined}>
                <span class="count number">{shown().total?.toLocaleString()}</span>
              </Show>
            </div>
            <Show when={pads().length > 0 || shown().rows.length > 0}>
              <div class="find choose">
                <Show when={pads().length > 0}>
                  <select
                    aria-label={t("past.pad")}
                    onChange={(event) =>
                      navigate(`/past${searchOf({ pad: event.currentTarget.value || undefined })}`)
                    }
                  >
                    <option value="">{t("list.all")}</option>
                    <For each={pads()}>
                      {(pad) => (
                        <option value={pad.id} selected={pad.id === padId()}>
                          {pad.name}
                        </option>
                      )}
                    </For>
                  </select>
                </Show>
                <Show when={shown().rows.length > 0}>
                  <button type="button" class="quiet" onClick={() => selection.open()}>
                    {t("past.select")}
                  </button>
                </Show>
              </div>
            </Show>
            <PastRows
              list={shown()}
              isStale={shown() !== list()}
              openId={openId()}
              padName={padId() ? () => undefined : padName}
              search={searchOf()}
              selection={selection}
            />
            <ThumbBar />
          </section>
          <section class="pane reader" aria-label={t("note.label")}>
            <Show
              when={openId()}
              fallback={
                <>
                  <div class="bar" />
                  <p class="none hint">{t("past.reading")}</p>
                </>
              }
            >
              {(id) => (
                <PastNote
                  id={id()}
                  at={wanted().at}
                  padName={padName}
                  isSame={isSame(id())}
                  restore={restore}
                  list={toList()}
                />
              )}
            </Show>
          </section>
        </Show>
      </main>
      <Show when={job()}>{(job) => <RestoreAllDock job={job()} close={() => setJob(undefined)} />}</Show>
    </>
  );
}

/** In the place of both panes. */
function WrongTime(props: { life: Life }) {
  return (
    <section class="pane full">
      <div class="bar">
        <Wordmark class="mid-only" />
        <h1 tabindex="-1">{t("past.label")}</h1>
      </div>
      <div class="none" role="alert">
        <h2>{t("past.wrongTime")}</h2>
        <p>{t("past.range", { from: formatMoment(props.life.from, locale) })}</p>
        <a class="button" href="/">
          {t("past.backToNow")}
        </a>
      </div>
      <ThumbBar />
    </section>
  );
}
