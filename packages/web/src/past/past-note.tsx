// A note as it stood at a time: it is read, and restored or compared with what it is now.
import type { Problem } from "@notejam/client/problem";
import type { PastNoteWithText } from "@notejam/core/history/schema";
import { createEffect, createSignal, For, Match, onCleanup, Show, Switch } from "solid-js";
import { whenOnline } from "../data/online.ts";
import { asProblem, explain } from "../data/problem.ts";
import { factsOf } from "../notes/field-words.ts";
import { Markdown } from "../notes/markdown/markdown.tsx";
import { wordsIn } from "../notes/words-in.ts";
import { arriveAt } from "../page/focus.ts";
import { RANK, useTitle } from "../page/title.ts";
import { Bones } from "../ui/bones.tsx";
import { Failed } from "../ui/failed.tsx";
import { formatMoment } from "../ui/long-dates.ts";
import { locale } from "../ui/time.tsx";
import { withElements } from "../words/index.ts";
import { t } from "../words/past.ts";
import { readNoteAt } from "./past.ts";

export function PastNote(props: {
  id: string;
  at: string;
  /** The name of a pad as it stood then. */
  padName: (id: string | null) => string | undefined;
  isSame: boolean;
  restore: (note: PastNoteWithText) => void;
  /** The address of the list. */
  list: string;
}) {
  const [note, setNote] = createSignal<PastNoteWithText>();
  const [problem, setProblem] = createSignal<Problem>();
  const [turn, setTurn] = createSignal(0);
  const again = () => setTurn(turn() + 1);
  whenOnline(() => problem() && again());
  let heading: HTMLHeadingElement | undefined;
  useTitle(() => note()?.name ?? "", RANK.note);

  createEffect(() => {
    const { id, at } = props;
    turn();
    const own = new AbortController();
    onCleanup(() => own.abort());
    setProblem(undefined);
    readNoteAt(id, at, own.signal).then(
      (read) => {
        const isOther = note()?.id !== read.id;
        setNote(read);
        if (isOther) queueMicrotask(() => arriveAt(heading));
      },
      (thrown) => !own.signal.aborted && setProblem(asProblem(thrown)),
    );
  });
  const isGone = () => problem()?.code === "not_found";
  return (
    <>
      <div class="bar">
        <a class="button quiet narrow-only" href={props.list}>
          {t("past.toNotes")}
        </a>
        <Show when={!problem() && note()}>
          {(note) => (
            <>
              <button
                type="button"
                aria-disabled={props.isSame}
                onClick={() => !props.isSame && props.restore(note())}
              >
                {t("past.restore")}
              </button>
              <a class="button quiet" href={`/notes/${note().id}/history/${note().version}`}>
                {t("past.compare")}
              </a>
            </>
          )}
        </Show>
      </div>
      <div class="scroll">
        <Switch fallback={<Bones />}>
          <Match when={problem()}>
            {(problem) => (
              <Failed problem={problem()} again={again}>
                <h1 tabindex="-1">{isGone() ? t("past.noNote") : t("note.failed")}</h1>
                <p>{isGone() ? t("past.noNoteHint") : explain(problem())}</p>
              </Failed>
            )}
          </Match>
          <Match when={note()}>
            {(note) => (
              <article class="page">
                <h1 tabindex="-1" dir="auto" ref={heading}>
                  {note().name}
                </h1>
                <p class="meta">
                  <Show when={props.padName(note().padId)}>{(pad) => <bdi>{pad()}</bdi>}</Show>
                  <For each={factsOf(note())}>{(fact) => <bdi>{fact}</bdi>}</For>
                  <span>
                    {withElements(t("past.stood"), {
                      time: <time datetime={props.at}>{formatMoment(new Date(props.at), locale)}</time>,
                    })}
                  </span>
                  <span class="number">{t("note.words", wordsIn(note().text))}</span>
                  <Show when={props.isSame}>
                    <span>{t("past.same")}</span>
                  </Show>
                </p>
                <Markdown text={note().text} />
              </article>
            )}
          </Match>
        </Switch>
      </div>
    </>
  );
}
