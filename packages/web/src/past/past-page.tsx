// The time machine: notes as they stood at a time. Everything reads, nothing edits; what stood then can be restored, as new
// versions.
import type { PastNote as ListedNote } from "@notejam/core/history/schema";
import { useMatch, useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, Show } from "solid-js";
import { type Paged, useList } from "../data/paged.ts";
import { user } from "../data/session.ts";
import { useArrival, useReturn } from "../page/focus.ts";
import { useKeys } from "../page/keys.ts";
import { RANK, useTitle } from "../page/title.ts";
import { TitleBar } from "../page/title-bar.tsx";
import { formatDay, formatMoment } from "../ui/long-dates.ts";
import { locale, now } from "../ui/time.tsx";
import { t } from "../words/past.ts";
import { type Beside, type Empty, notesAt } from "./past.ts";
import { PastBar } from "./past-bar.tsx";
import { PastList } from "./past-list.tsx";
import { PastNote } from "./past-note.tsx";
import { RestoreAllDock } from "./restore-all-dock.tsx";
import { createRestoring } from "./restoring.ts";
import { beginning, type Life, timeIn } from "./times.ts";
import "./past.css";

export default function PastPage() {
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams<{ at?: string; pad?: string }>();
  const opened = useMatch(() => "/past/:id");
  const openId = () => opened()?.params.id?.toLowerCase();
  const padId = () => query.pad || undefined;
  let main!: HTMLElement;

  const life = createMemo<Life>(() => ({
    from: new Date(user.latest?.createdAt ?? 0),
    // The clock of the service may be behind.
    to: now(),
  }));
  const start = beginning(life());
  /** Undefined if the address has no time in the account's life. */
  const at = createMemo(() =>
    query.at === undefined ? start : timeIn(query.at, { ...life(), to: new Date() }),
  );
  const atText = () => formatMoment(at() ?? start, locale);
  const isWrong = () => !at() || list().problem?.code === "invalid_input";
  useTitle(() => t("past.title", atText()), RANK.page);
  useArrival(() => main.querySelector("h1"));
  useReturn(openId);

  /** All pads as they stood, and the first note if there was none. */
  const [beside, setBeside] = createSignal<Beside>({ pads: [], firstAt: null });
  const padName = (id: string | null | undefined) => beside().pads.find((pad) => pad.id === id)?.name;
  const wanted = createMemo(() => ({ at: at()?.toISOString() ?? "", pad: padId() }), undefined, {
    equals: (a, b) => a.at === b.at && a.pad === b.pad,
  });
  const list = createMemo(() => notesAt(wanted(), setBeside));
  useList(() => (wanted().at === "" ? undefined : list()));
  /** While another time is read, the one before stays. */
  const shown = createMemo<Paged<ListedNote>>((before) => {
    const next = list();
    return before && !next.isOpen && !next.problem ? before : next;
  });
  const restoring = createRestoring({ wanted, atText, list, shown });

  const go = (to: Date) => setQuery({ at: to.toISOString() }, { replace: true });
  /** What is said where there are no notes, and where one can go then. */
  const empty = (): Empty => {
    const first = beside().firstAt;
    if (!first) return { hint: t(padId() ? "past.emptyPad" : "past.emptyEver") };
    // The service knows microseconds.
    const time = new Date(Date.parse(first) + 1);
    if (padId() || time <= (at() ?? start)) return { hint: t("past.emptyPad") };
    const day = formatDay(time, locale);
    return {
      hint: t("past.firstNote", { day }),
      go: { words: t("past.goTo", { day }), act: () => go(time) },
    };
  };
  const searchOf = (pad: string | undefined) =>
    `?${new URLSearchParams({ at: wanted().at, ...(pad !== undefined && { pad }) })}`;
  const toList = () => `/past${searchOf(padId())}`;
  useKeys({ escape: () => openId() !== undefined && navigate(toList()) }, true);

  return (
    <>
      <PastBar
        at={at()}
        start={start}
        life={life()}
        go={go}
        now={padId() ? `/pads/${padId()}` : "/"}
        restoreAll={!isWrong() && shown().rows.length > 0 ? restoring.restoreAll : undefined}
      />
      <main class="both" ref={main}>
        <Show when={!isWrong()} fallback={<WrongTime life={life()} />}>
          <PastList
            list={shown()}
            isStale={shown() !== list()}
            pads={beside().pads}
            empty={empty()}
            padId={padId()}
            openId={openId()}
            searchOf={searchOf}
            restore={restoring.restoreSome}
          />
          <section class="pane reader" aria-label={t("note.label")}>
            <Show when={openId()} fallback={<NoNote />}>
              {(id) => (
                <PastNote
                  id={id()}
                  at={wanted().at}
                  padName={padName}
                  isSame={restoring.isSame(id())}
                  restore={restoring.restore}
                  list={toList()}
                />
              )}
            </Show>
          </section>
        </Show>
      </main>
      <Show when={restoring.job()}>{(job) => <RestoreAllDock job={job()} close={restoring.closeJob} />}</Show>
    </>
  );
}

function NoNote() {
  return (
    <>
      <div class="bar" />
      <p class="none hint">{t("past.reading")}</p>
    </>
  );
}

/** In the place of both panes. */
function WrongTime(props: { life: Life }) {
  return (
    <section class="pane full">
      <TitleBar title={t("past.label")} isFull />
      <div class="none" role="alert">
        <h2>{t("past.wrongTime")}</h2>
        <p>{t("past.range", { from: formatMoment(props.life.from, locale) })}</p>
        <a class="button" href="/">
          {t("past.backToNow")}
        </a>
      </div>
    </section>
  );
}
