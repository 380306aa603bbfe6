// A note as it stood at a time: it is read, and restored or compared with what it is now.
import type { PastNoteWithText } from "@notejam/core/history/schema";
import { useNavigate } from "@solidjs/router";
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { createLatest } from "../data/latest.ts";
import { factsOf } from "../notes/field-words.ts";
import { Markdown } from "../notes/markdown/markdown.tsx";
import { actsOfText } from "../notes/note-acts.ts";
import { wordsIn } from "../notes/words-in.ts";
import { arriveAt } from "../page/focus.ts";
import { offerActs } from "../page/offers.ts";
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
  const navigate = useNavigate();
  const [note, setNote] = createSignal<PastNoteWithText>();
  let heading: HTMLHeadingElement | undefined;
  useTitle(() => note()?.name ?? "", RANK.note);
  const { problem, again } = createLatest(
    () => ({ id: props.id, at: props.at }),
    readNoteAt,
    (read) => {
      const isOther = note()?.id !== read.id;
      setNote(read);
      if (isOther) queueMicrotask(() => arriveAt(heading));
    },
  );
  const compare = (shown: PastNoteWithText) => `/notes/${shown.id}/history/${shown.version}`;
  offerActs(() => {
    const shown = problem() ? undefined : note();
    if (!shown) return undefined;
    const { copyText, print } = actsOfText(shown);
    const restore = { words: t("past.restore"), act: () => props.restore(shown) };
    return {
      title: shown.name,
      acts: [
        ...(props.isSame ? [] : [restore]),
        { words: t("past.compare"), act: () => navigate(compare(shown)) },
        copyText,
        print,
      ],
    };
  });
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
              <a class="button quiet" href={compare(note())}>
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
              <Failed
                problem={problem()}
                again={again}
                title={t("note.failed")}
                gone={{ title: t("past.noNote"), hint: t("past.noNoteHint") }}
                isMain
              />
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
                <Markdown text={note().text} title={note().name} />
              </article>
            )}
          </Match>
        </Switch>
      </div>
    </>
  );
}
