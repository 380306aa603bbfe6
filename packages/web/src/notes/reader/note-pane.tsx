// A note as it is read. One that was listed shows its name and beginning at once, and its text as soon as it is there.
import { Problem } from "@notejam/client/problem";
import type { Note, NoteSummary } from "@notejam/core/note/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createMemo, For, Match, on, onCleanup, Show, Suspense, Switch } from "solid-js";
import { asProblem, explain } from "../../data/problem.ts";
import { pads } from "../../pads/pads.ts";
import { arriveAt } from "../../page/focus.ts";
import { lazily } from "../../page/lazily.ts";
import { RANK, useTitle } from "../../page/title.ts";
import { say } from "../../ui/dock.tsx";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/note.ts";
import { factsOf } from "../field-words.ts";
import { type LeftNote, leftOf, withMarks } from "../left/left-notes.ts";
import { addressOf, addressOfNote, filterOf, stateFrom } from "../list/filter.ts";
import { listOf } from "../list/lists.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { keptNote, linkedFrom, saveNote, showChanged } from "../notes.ts";
import { keepPosition, leavePosition, takePosition } from "../position.ts";
import { TagLinks } from "../tag-links.tsx";
import { excerptOf } from "../title-once.ts";
import { wordsIn } from "../words-in.ts";
import { Contents, useFragment } from "./contents.tsx";
import { NoteActs } from "./note-acts.tsx";
import { NoteFailed } from "./note-failed.tsx";
import { createNoteId, createNoteReader } from "./note-reader.ts";
import { keepReadingPosition, readingPosition } from "./reading-position.ts";

const LeftQuestion = lazily(() => import("../left/left-question.tsx"));

export default function NotePane() {
  const location = useLocation();
  const filter = createMemo(() => filterOf(location));
  const id = createNoteId();
  const read = createNoteReader(id);
  const summary = () => listOf(filter()).rows.find((note) => note.id === id());
  const left = () => leftOf(id());
  /** What was left of the note stands over what the service has. */
  const shown = createMemo(() => {
    const over = left();
    return over ? withMarks(over, read.note()) : read.note();
  });
  // What was left and has been saved reads as before, and stays as it is rendered.
  const text = createMemo(() => shown()?.text ?? "");
  const name = () => shown()?.name ?? summary()?.name;
  useTitle(() => name() ?? "", RANK.note);

  /** One save after the other. */
  let saving: Promise<void> = Promise.resolve();
  function tick(id: string, inText: (text: string) => string | undefined): Promise<void> {
    saving = saving.then(async () => {
      if (left()) {
        say(t("drafts.tickLater"));
        return;
      }
      try {
        const note = keptNote(id);
        const text = note && inText(note.text);
        if (!note || text === undefined) throw new Problem("version_mismatch");
        showChanged(await saveNote(note.id, note.version, { text }));
      } catch (thrown) {
        const problem = asProblem(thrown);
        say(problem.code === "version_mismatch" ? t("note.changedElsewhere") : explain(problem));
        read.again();
      }
    });
    return saving;
  }

  let heading: HTMLHeadingElement | undefined;
  let edit: HTMLAnchorElement | undefined;
  let scroll!: HTMLDivElement;
  createEffect(on(id, () => queueMicrotask(() => arriveAt(heading))));
  createEffect(
    on(id, () => {
      const position = takePosition(id());
      if (position) onCleanup(keepReadingPosition(scroll, position));
      else scroll.scrollTop = 0;
    }),
  );
  keepPosition(id, () => readingPosition(scroll));
  useFragment(() => scroll, id);

  return (
    <section class="pane reader" aria-label={t("note.label")}>
      <div class="bar">
        <a class="button quiet narrow-only" href={addressOf(filter())}>
          {t("note.back")}
        </a>
        <Show when={shown()}>
          {(note) => (
            <>
              <a
                class="button"
                data-key="edit"
                ref={edit}
                href={editAddress(note().id, location.search)}
                state={stateFrom(location)}
                onClick={() => leavePosition(note().id, readingPosition(scroll))}
              >
                {t("note.edit")}
              </a>
              <NoteActs saved={read.note()} shown={note()} edit={() => edit?.click()} />
            </>
          )}
        </Show>
      </div>
      <div class="scroll" ref={scroll}>
        <Switch>
          <Match when={!left() && read.problem()}>
            {(problem) => <NoteFailed problem={problem()} again={read.again} />}
          </Match>
          <Match when={true}>
            <article class="page">
              <h1 tabindex="-1" dir="auto" ref={heading}>
                {name()}
              </h1>
              <Show when={shown()} fallback={<Beginning note={summary()} />}>
                {(note) => (
                  <>
                    <Facts note={note()} isLeft={left() !== undefined} />
                    <Show when={left()}>
                      {(left) => <NotSavedHere left={left()} arrive={() => arriveAt(heading)} />}
                    </Show>
                    <Markdown text={text()} title={name()} onTask={(inText) => tick(note().id, inText)} />
                    <LinkedFrom note={note()} />
                  </>
                )}
              </Show>
            </article>
          </Match>
        </Switch>
      </div>
      <Show when={shown()}>
        <Contents scroll={scroll} />
      </Show>
    </section>
  );
}

function editAddress(id: string, search: string): string {
  return `/notes/${id}/edit${search}`;
}

/** What must be decided, or waited for, before the words that were left can be saved. */
function NotSavedHere(props: { left: LeftNote; arrive: () => void }) {
  const location = useLocation();
  const navigate = useNavigate();
  const filter = () => filterOf(location);
  return (
    <Show when={props.left.question ?? props.left.waitsUntil}>
      <Suspense>
        <LeftQuestion
          left={props.left}
          filter={filter()}
          onKept={(id) => navigate(addressOfNote(id, filter()))}
          onDiscarded={() => (props.left.isNew ? navigate(addressOf(filter())) : props.arrive())}
        />
      </Suspense>
    </Show>
  );
}

function Facts(props: { note: Note; isLeft: boolean }) {
  const pad = () => pads.byId(props.note.padId);
  const words = () => wordsIn(props.note.text);
  return (
    <p class="meta">
      <Show when={pad()}>
        {(pad) => (
          <a href={`/pads/${pad().id}`} dir="auto">
            {pad().name}
          </a>
        )}
      </Show>
      <For each={factsOf(props.note)}>{(fact) => <span dir="auto">{fact}</span>}</For>
      <TagLinks tags={props.note.tags} />
      <span>
        {props.isLeft ? `${t("list.keptHere")} · ` : `${t("note.changedBefore")} `}
        <Time time={props.note.updatedAt} />
      </span>
      <span class="number broad-only">{t("note.words", words())}</span>
    </p>
  );
}

/** What the list knows of the note. */
function Beginning(props: { note: NoteSummary | undefined }) {
  return (
    <>
      <p class="meta" />
      <p class="prose" aria-busy="true">
        {props.note && excerptOf(props.note)}
      </p>
    </>
  );
}

/** The notes that link to this one. */
function LinkedFrom(props: { note: Note }) {
  return (
    <Show when={linkedFrom(props.note).length > 0}>
      <p class="back">
        {t("note.linkedFrom")}{" "}
        <For each={linkedFrom(props.note)}>
          {(from, i) => (
            <>
              {i() > 0 && ", "}
              <a href={`/notes/${from.id}`} dir="auto">
                {from.name}
              </a>
            </>
          )}
        </For>
      </p>
    </Show>
  );
}
