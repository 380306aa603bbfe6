// A note's history: its versions by day, and beside them one of them, compared with the note as it is now or with the version
// before it.

import type { RevisionSummary } from "@notejam/core/revision/schema";
import { useLocation, useMatch, useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, onCleanup, onMount, Show } from "solid-js";
import { thisDevice } from "../../account/this-device.ts";
import type { Paged } from "../../data/paged.ts";
import { explain, mayRepeat } from "../../data/problem.ts";
import { arriveAt } from "../../page/focus.ts";
import { useKeys } from "../../page/keys.ts";
import { settle } from "../../page/lazily.ts";
import { MAIN_ID } from "../../page/skip-button.tsx";
import { ThumbBar } from "../../page/thumb-bar.tsx";
import { RANK, useTitle } from "../../page/title.ts";
import { Wordmark } from "../../page/wordmark.tsx";
import { formatRelative } from "../../ui/dates.ts";
import { say, sayProblem } from "../../ui/dock.tsx";
import { locale, now } from "../../ui/time.tsx";
import { t } from "../../words/history.ts";
import { addressOfNote, filterOf } from "../list/filter.ts";
import { type Against, Comparison } from "./comparison.tsx";
import { restoreState, statesOf } from "./states.ts";
import { Timeline } from "./timeline.tsx";
import "./history.css";

export default function HistoryPage() {
  const opened = useMatch(() => "/notes/:id/*rest");
  const id = createMemo<string>((before) => opened()?.params.id?.toLowerCase() ?? before, "");
  return (
    // The history of another note begins anew.
    <Show when={id()} keyed>
      {(id) => <History id={id} />}
    </Show>
  );
}

function History(props: { id: string }) {
  const navigate = useNavigate();
  const location = useLocation();
  const [query, setQuery] = useSearchParams<{ against?: string }>();
  const inAddress = useMatch(() => "/notes/:id/history/:version");
  const states = statesOf(props.id);
  const [here, setHere] = createSignal<string>();
  const [name, setName] = createSignal("");
  let heading!: HTMLHeadingElement;

  void states.loadMore();
  void thisDevice().then(setHere);
  const again = () => states.problem && void states.loadMore();
  window.addEventListener("online", again);
  onCleanup(() => {
    window.removeEventListener("online", again);
    states.giveUp();
  });
  onMount(() => {
    arriveAt(heading);
    settle();
  });
  useTitle(() => (name() === "" ? t("note.history") : t("history.title", name())), RANK.note);

  // --- which version ---

  const present = () => states.rows[0];
  /** The version in the address, which may be none; without one, that before the present one. */
  const chosen = createMemo(() => {
    const version = inAddress()?.params.version;
    if (version !== undefined) return /^[1-9]\d{0,9}$/.test(version) ? Number(version) : 0;
    return (states.rows[1] ?? present())?.version;
  });
  const index = () => states.rows.findIndex(({ version }) => version === chosen());
  const before = () => states.rows[index() + 1];
  const isPresent = () => chosen() === present()?.version;
  const against = (): Against => (query.against === "before" || isPresent() ? "before" : "now");

  /** What it is compared with; null if there is nothing, undefined until that is known. */
  const other = () => {
    if (against() === "now") return present()?.version;
    return before()?.version ?? (states.isOpen && !states.hasMore ? null : undefined);
  };

  // One that was opened by its address can be on a page that is not loaded.
  createEffect(() => {
    const version = chosen();
    const oldest = states.rows.at(-1)?.version;
    if (version === undefined || oldest === undefined || states.problem) return;
    if (states.hasMore && version <= oldest) void states.loadMore();
  });

  const addressOf = (version: number) => `/notes/${props.id}/history/${version}${location.search}`;
  const toNote = () => addressOfNote(props.id, filterOf(location));
  function open(state: RevisionSummary | undefined): boolean {
    if (state) navigate(addressOf(state.version), { replace: true });
    return state !== undefined;
  }
  const older = () => open(before());
  const newer = () => open(index() > 0 ? states.rows[index() - 1] : undefined);
  const close = () => navigate(toNote());
  /** Where a text is read, the arrows scroll it. */
  const unlessReading = (act: () => boolean) => () =>
    document.activeElement?.closest(".reader .scroll") ? false : act();
  useKeys(
    {
      j: older,
      k: newer,
      arrowleft: older,
      arrowright: newer,
      arrowdown: unlessReading(older),
      arrowup: unlessReading(newer),
      escape: close,
    },
    true,
  );

  async function restore(): Promise<void> {
    const version = chosen();
    const state = states.rows[index()];
    const last = present();
    if (!version || !last || isPresent()) return;
    try {
      const note = await restoreState(props.id, version);
      if (note.version === last.version) {
        say(t("history.same"));
        return;
      }
      // The version stays chosen, whose address may be the default's.
      navigate(addressOf(version), { replace: true });
      await states.reload();
      const time = state && formatRelative(new Date(state.changedAt), now(), locale);
      say(t("history.restored", { time: time ?? "" }), async () => {
        await restoreState(props.id, last.version);
        await states.reload();
      });
    } catch (thrown) {
      sayProblem(thrown, restore);
    }
  }

  const acts = {
    older,
    newer,
    restore,
    hasOlder: () => before() !== undefined,
    hasNewer: () => index() > 0,
    mayRestore: () => index() >= 0 && !isPresent(),
  };
  return (
    <main class="both" id={MAIN_ID}>
      <Show when={states.isOpen || !states.problem} fallback={<HistoryFailed states={states} />}>
        <section class="pane list" aria-label={t("note.history")}>
          <div class="bar">
            <Wordmark />
            <h1 ref={heading} tabindex="-1">
              {t("note.history")}
            </h1>
            <Show when={states.total}>
              {(total) => <span class="count number">{t("history.versions", total())}</span>}
            </Show>
            <span class="push" />
            <a class="button quiet narrow-only" href={toNote()}>
              {t("app.close")}
            </a>
          </div>
          <Timeline states={states} chosen={chosen()} here={here()} addressOf={addressOf} />
        </section>
        <section class="pane reader" aria-label={t("note.label")}>
          <div class="bar">
            <a class="button quiet narrow-only" href={toNote()}>
              {t("history.toNote")}
            </a>
            <a class="button quiet narrow-only push" href={`/notes/${props.id}/history${location.search}`}>
              {states.total === undefined ? t("history.allUncounted") : t("history.all", states.total)}
            </a>
            <span class="broad-only in-bar">
              <RestoreAct {...acts} />
              <StepActs {...acts} />
            </span>
            <a class="button quiet broad-only push" href={toNote()}>
              {t("app.close")}
            </a>
          </div>
          <Comparison
            noteId={props.id}
            version={chosen()}
            other={other()}
            against={against()}
            setAgainst={
              isPresent() ? undefined : (side) => setQuery({ against: side === "before" ? side : "" })
            }
            here={here()}
            onName={setName}
            all={`/notes/${props.id}/history`}
          />
          <div class="thumb narrow-only steps">
            <StepActs {...acts} />
            <RestoreAct {...acts} />
          </div>
        </section>
      </Show>
    </main>
  );
}

interface ActsProps {
  older: () => void;
  newer: () => void;
  restore: () => void;
  hasOlder: () => boolean;
  hasNewer: () => boolean;
  mayRestore: () => boolean;
}

function StepActs(props: ActsProps) {
  return (
    <>
      <button type="button" class="quiet" aria-disabled={!props.hasOlder()} onClick={props.older}>
        {t("history.older")}
      </button>
      <button type="button" class="quiet" aria-disabled={!props.hasNewer()} onClick={props.newer}>
        {t("history.newer")}
      </button>
    </>
  );
}

function RestoreAct(props: ActsProps) {
  return (
    <button type="button" class="main-act" aria-disabled={!props.mayRestore()} onClick={props.restore}>
      {t("history.restore")}
    </button>
  );
}

/** Shown instead of both panes. */
function HistoryFailed(props: { states: Paged<RevisionSummary> }) {
  const isGone = () => props.states.problem?.code === "not_found";
  return (
    <section class="pane full">
      <div class="bar">
        <Wordmark class="mid-only" />
        <h1 tabindex="-1">{t("note.history")}</h1>
      </div>
      <div class="none" role="alert">
        <h2>{isGone() ? t("history.notFound") : t("history.failed")}</h2>
        <p>{isGone() ? t("history.notFoundHint") : props.states.problem && explain(props.states.problem)}</p>
        <Show when={isGone()}>
          <a class="button" href="/trash">
            {t("list.trash")}
          </a>
        </Show>
        <Show when={props.states.problem && mayRepeat(props.states.problem)}>
          <button type="button" class="main-act" onClick={() => props.states.loadMore()}>
            {t("app.tryAgain")}
          </button>
        </Show>
      </div>
      <ThumbBar />
    </section>
  );
}
