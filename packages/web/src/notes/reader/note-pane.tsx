// A note as it is read. One that was listed shows its name and beginning at once, and its text as soon as it is there.
import type { Note } from "@notejam/core/note/schema";
import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createMemo, on, Show } from "solid-js";
import { arriveAt } from "../../app/focus.ts";
import { RANK, useTitle } from "../../app/title.ts";
import { asProblem, explain } from "../../data/problem.ts";
import { pads } from "../../pads/pads.ts";
import { say } from "../../ui/dock.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/index.ts";
import { plainExcerpt } from "../excerpt.ts";
import { addressOf, addressOfNote, filterOf } from "../list/filter.ts";
import { listOf } from "../list/lists.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { deleteNote, restoreNote } from "../notes.ts";
import { NoteFailed } from "./note-failed.tsx";
import { createNoteId, createNoteReader } from "./note-reader.ts";
import "./note-pane.css";

export default function NotePane() {
  const location = useLocation();
  const filter = createMemo(() => filterOf(location));
  const id = createNoteId();
  const read = createNoteReader(id);
  const summary = () => listOf(filter()).notes.find((note) => note.id === id());
  const name = () => read.note()?.name ?? summary()?.name;
  useTitle(() => name() ?? "", RANK.note);

  let heading: HTMLHeadingElement | undefined;
  createEffect(on(id, () => queueMicrotask(() => arriveAt(heading))));

  return (
    <section class="pane reader" aria-label={t("note.label")}>
      <div class="bar">
        <a class="button quiet narrow-only" href={addressOf(filter())}>
          {t("note.back")}
        </a>
        <Show when={read.note()}>
          {(note) => (
            <>
              <a class="button" href={editAddress(note().id, location.search)}>
                {t("note.edit")}
              </a>
              <NoteMenu note={note()} />
            </>
          )}
        </Show>
      </div>
      <div class="scroll">
        <Show when={!read.problem()} fallback={<NoteFailed problem={read.problem()} again={read.again} />}>
          <article class="page">
            <h1 tabindex="-1" dir="auto" ref={heading}>
              {name()}
            </h1>
            <Show when={read.note()} fallback={<Beginning excerpt={summary()?.excerpt} />}>
              {(note) => (
                <>
                  <Facts note={note()} />
                  <Markdown text={note().text} />
                </>
              )}
            </Show>
          </article>
        </Show>
      </div>
    </section>
  );
}

function editAddress(id: string, search: string): string {
  return `/notes/${id}/edit${search}`;
}

function Facts(props: { note: Note }) {
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
      <span>
        {t("note.changedBefore")} <Time time={props.note.updatedAt} />
      </span>
      <span class="number broad-only">{t("note.words", words())}</span>
    </p>
  );
}

/** Words of a text, roughly: what stands between spaces. */
function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** What the list knows of the note. */
function Beginning(props: { excerpt: string | undefined }) {
  return (
    <>
      <p class="meta" />
      <p class="prose" aria-busy="true">
        {plainExcerpt(props.excerpt ?? "")}
      </p>
    </>
  );
}

function NoteMenu(props: { note: Note }) {
  const navigate = useNavigate();
  const location = useLocation();

  async function remove(): Promise<void> {
    const note = props.note;
    const filter = filterOf(location);
    try {
      await deleteNote(note);
      navigate(addressOf(filter));
      say(t("note.deleted", { name: note.name }), async () => {
        await restoreNote(note.id);
        navigate(addressOfNote(note.id, filter));
      });
    } catch (thrown) {
      say(explain(asProblem(thrown)), remove);
    }
  }
  return <Menu label={t("app.more")} items={[{ label: t("note.delete"), act: remove, isGone: true }]} />;
}
