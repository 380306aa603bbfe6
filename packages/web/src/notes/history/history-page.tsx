// A note's history: a list of its versions by day, and one of them, compared with the note as it is now or with the version
// before it.
import type { Problem } from "@notejam/client/problem";
import type { RevisionSummary } from "@notejam/core/revision/schema";
import { useLocation, useMatch, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, Match, Show, Switch } from "solid-js";
import type { Made } from "../../account/device.ts";
import { thisDevice } from "../../account/this-device.ts";
import { type Paged, useList } from "../../data/paged.ts";
import { useArrival } from "../../page/focus.ts";
import { useKeys } from "../../page/keys.ts";
import { ThumbBar } from "../../page/thumb-bar.tsx";
import { RANK, useTitle } from "../../page/title.ts";
import { TitleBar } from "../../page/title-bar.tsx";
import { formatRelative } from "../../ui/dates.ts";
import { say, sayProblem } from "../../ui/dock.tsx";
import { Failed } from "../../ui/failed.tsx";
import { locale, now } from "../../ui/time.tsx";
import { t } from "../../words/history.ts";
import { addressOfNote, filterOf } from "../list/filter.ts";
import { type Choice, createChoice } from "./choice.ts";
import { Comparison } from "./comparison.tsx";
import { FaceChoice } from "./face.tsx";
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
  const states = statesOf(props.id);
  const choice = createChoice(props.id, states);
  const [here, setHere] = createSignal<Made>();
  const [name, setName] = createSignal("");
  let heading!: HTMLHeadingElement;

  useList(() => states);
  useArrival(() => heading);
  void thisDevice().then(setHere);
  useTitle(() => (name() === "" ? t("note.history") : t("history.title", name())), RANK.note);

  const note = () => addressOfNote(props.id, filterOf(location));
  const all = () => `/notes/${props.id}/history`;
  useHistoryKeys(choice, () => navigate(note()));
  const acts = { choice, restore: () => void restore(props.id, states, choice) };
  return (
    <main class="both">
      <Switch>
        <Match when={!states.isOpen && states.problem}>
          {(problem) => <HistoryFailed problem={problem()} again={() => void states.loadMore()} />}
        </Match>
        <Match when={true}>
          <section class="pane list" aria-label={t("note.history")}>
            <TitleBar
              ref={heading}
              title={t("note.history")}
              count={states.total && t("history.versions", states.total)}
            >
              <a class="button quiet narrow-only push" href={note()}>
                {t("app.close")}
              </a>
            </TitleBar>
            <Timeline states={states} chosen={choice.version()} here={here()} addressOf={choice.addressOf} />
          </section>
          <section class="pane reader" aria-label={t("note.label")}>
            <div class="bar">
              <a class="button quiet narrow-only" href={note()}>
                {t("history.toNote")}
              </a>
              <a class="button quiet narrow-only push" href={`${all()}${location.search}`}>
                {states.total === undefined ? t("history.allUncounted") : t("history.all", states.total)}
              </a>
              <span class="broad-only in-bar">
                <RestoreAct {...acts} />
                <StepActs {...acts} />
              </span>
              <span class="face-bar push">
                <FaceChoice />
              </span>
              <a class="button quiet broad-only" href={note()}>
                {t("app.close")}
              </a>
            </div>
            <Comparison
              noteId={props.id}
              version={choice.version()}
              other={choice.other()}
              against={choice.against()}
              setAgainst={choice.isPresent() ? undefined : choice.setAgainst}
              here={here()}
              onName={setName}
              all={all()}
            />
            <div class="face-foot">
              <FaceChoice />
            </div>
            <div class="thumb narrow-only steps">
              <StepActs {...acts} />
              <RestoreAct {...acts} />
            </div>
          </section>
        </Match>
      </Switch>
    </main>
  );
}

function useHistoryKeys({ openOlder, openNewer }: Choice, close: () => void): void {
  /** Where a text is read, these keys scroll it. */
  const unlessReading = (act: () => boolean) => () =>
    document.activeElement?.closest(".reader .scroll") ? false : act();
  useKeys(
    {
      j: openOlder,
      k: openNewer,
      arrowleft: openOlder,
      arrowright: openNewer,
      arrowdown: unlessReading(openOlder),
      arrowup: unlessReading(openNewer),
      escape: close,
    },
    true,
  );
}

/** Makes the chosen version the present one, and offers the way back. */
async function restore(id: string, states: Paged<RevisionSummary>, choice: Choice): Promise<void> {
  const version = choice.version();
  const state = choice.state();
  const last = choice.present();
  if (!version || !last || choice.isPresent()) return;
  try {
    const note = await restoreState(id, version);
    if (note.version === last.version) {
      say(t("history.same"));
      return;
    }
    // The version stays chosen, also if the address did not name it.
    choice.open(version);
    await states.reload();
    const time = state && formatRelative(new Date(state.changedAt), now(), locale);
    say(t("history.restored", { time: time ?? "" }), async () => {
      await restoreState(id, last.version);
      await states.reload();
    });
  } catch (thrown) {
    sayProblem(thrown, () => restore(id, states, choice));
  }
}

interface ActsProps {
  choice: Choice;
  restore: () => void;
}

function StepActs(props: ActsProps) {
  return (
    <>
      <Step words={t("history.older")} isThere={props.choice.hasOlder()} act={props.choice.openOlder} />
      <Step words={t("history.newer")} isThere={props.choice.hasNewer()} act={props.choice.openNewer} />
    </>
  );
}

function Step(props: { words: string; isThere: boolean; act: () => void }) {
  return (
    <button type="button" class="quiet" aria-disabled={!props.isThere} onClick={() => props.act()}>
      {props.words}
    </button>
  );
}

function RestoreAct(props: ActsProps) {
  return (
    <button
      type="button"
      class="main-act"
      aria-disabled={!props.choice.state() || props.choice.isPresent()}
      onClick={props.restore}
    >
      {t("history.restore")}
    </button>
  );
}

/** Shown instead of both panes. */
function HistoryFailed(props: { problem: Problem; again: () => void }) {
  return (
    <section class="pane full">
      <TitleBar title={t("note.history")} isFull />
      <Failed
        problem={props.problem}
        again={props.again}
        title={t("history.failed")}
        gone={{
          title: t("history.notFound"),
          hint: t("history.notFoundHint"),
          link: { href: "/trash", words: t("list.trash") },
        }}
      />
      <ThumbBar />
    </section>
  );
}
