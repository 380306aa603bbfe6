// The editor of one note: its fields, its text, the preview, the toolbar, and whether all is saved.

import type { EditorView } from "@codemirror/view";
import { type Navigator, useLocation } from "@solidjs/router";
import { createSignal, For, onMount, Show, Suspense, untrack } from "solid-js";
import { useKeys } from "../../page/keys.ts";
import { lazily } from "../../page/lazily.ts";
import { RANK, useTitle } from "../../page/title.ts";
import { t } from "../../words/editor.ts";
import { addressOf, addressOfNote, filterOf } from "../list/filter.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { keepPosition, leavePosition } from "../position.ts";
import { TagLinks } from "../tag-links.tsx";
import { Conflict } from "./conflict.tsx";
import { NameField, OtherFields, OtherValues } from "./fields.tsx";
import { hasFiles, imagesIn, sayLeftOut } from "./images.tsx";
import type { Opened } from "./open-note.ts";
import { SaveStateWords } from "./save-state.tsx";
import { createTextEditor } from "./text-editor.ts";
import { Toolbar } from "./toolbar.tsx";
import { createViews, VIEWS, type Views } from "./views.ts";
import { createWriting, type Writing } from "./writing.ts";
import { offerWritingActs } from "./writing-acts.ts";
import "../reader/note-pane.css";
import "../../ui/choice.css";
import "./editor.css";

const FindBar = lazily(() => import("./find-bar.tsx"));

export function Editor(props: Opened & { navigate: Navigator }) {
  const location = useLocation<{ from?: string }>();
  const filter = filterOf(location);
  const writing = createWriting(untrack(() => props));
  const views = createViews(writing);
  const [isFinding, setFinding] = createSignal(false);
  useTitle(writing.name, RANK.note);
  useKeys({ "mod+f": find });
  keepPosition(
    () => writing.id,
    () => ({ ...views.position(), caret: writing.field()?.view.state.selection.main.head ?? 0 }),
  );

  function find(): void {
    if (views.view() === "read") views.choose("write");
    setFinding(true);
  }

  function leave(): void {
    const address = writing.isSaved ? addressOfNote(writing.id, filter) : addressOf(filter);
    // The way back from there does not lead to it once more.
    if (location.state?.from === address) props.navigate(-1);
    else props.navigate(address, { replace: true });
  }
  async function done(): Promise<void> {
    if (!(await writing.save())) return;
    leavePosition(writing.id, views.position());
    leave();
  }
  async function createAgain(): Promise<void> {
    if (await writing.createAgain()) props.navigate(`/notes/${writing.id}/edit`, { replace: true });
  }

  offerWritingActs(writing, () => void done());

  return (
    <>
      <h1 class="hush">{writing.isSaved ? t("editor.title", writing.name()) : t("editor.newTitle")}</h1>
      <Bar writing={writing} views={views} done={() => void done()} />
      <div class="two" classList={{ [views.view()]: true }}>
        <Source writing={writing} views={views} done={() => void done()} />
        <Show when={views.view() !== "write"}>
          <Preview writing={writing} views={views} />
        </Show>
      </div>
      <Conflict state={writing.state()} resolve={writing.resolve} createAgain={() => void createAgain()} />
      <Show when={writing.isRecovered() && writing.state().kind !== "conflict"}>
        <div class="dock in-pane" role="status">
          <p>{t("editor.recovered")}</p>
          <button type="button" class="quiet" onClick={() => void writing.discard().then(leave)}>
            {t("editor.discard")}
          </button>
        </div>
      </Show>
      <Show when={writing.field()}>
        {(field) => (
          <Show
            when={isFinding()}
            fallback={
              <div class="foot">
                <Toolbar view={field().view} find={find} />
                <span class="words number hint broad-only">{t("note.words", views.words())}</span>
              </div>
            }
          >
            <Find view={field().view} close={() => setFinding(false)} />
          </Show>
        )}
      </Show>
    </>
  );
}

/** The field is there at once, also before the code that looks for what is typed. */
function Find(props: { view: EditorView; close: () => void }) {
  const [typed, setTyped] = createSignal("");
  return (
    <Suspense
      fallback={
        <div class="foot">
          <input
            type="search"
            aria-label={t("editor.find")}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            onKeyDown={({ key }) => {
              if (key !== "Escape") return;
              props.close();
              props.view.focus();
            }}
            ref={(field) => onMount(() => field.focus())}
          />
        </div>
      }
    >
      <FindBar view={props.view} typed={typed()} close={props.close} />
    </Suspense>
  );
}

interface PartProps {
  writing: Writing;
  views: Views;
}

function Bar(props: PartProps & { done: () => void }) {
  return (
    <div class="bar">
      <button type="button" class="main-act" onClick={() => props.done()}>
        {t("editor.done")}
      </button>
      <fieldset class="choice">
        <legend class="hush">{t("editor.view")}</legend>
        <For each={VIEWS}>
          {(view) => (
            <button
              type="button"
              classList={{ "wide-only": view === "beside" }}
              aria-pressed={props.views.view() === view}
              onClick={() => props.views.choose(view)}
            >
              {t(`editor.${view}`)}
            </button>
          )}
        </For>
      </fieldset>
      <SaveStateWords state={props.writing.state()} isKept={props.writing.isKept()} />
    </div>
  );
}

/** The fields and the text, where they are written. */
function Source(props: PartProps & { done: () => void }) {
  let host!: HTMLDivElement;
  let source!: HTMLDivElement;
  onMount(() => {
    const field = createTextEditor({
      host,
      scroll: source,
      text: props.writing.text(),
      label: t("editor.text"),
      hint: t("editor.textHint"),
      pad: () => props.writing.values().padId,
      covered() {
        const question = source.closest(".writing")?.querySelector(".decides");
        if (!question) return 0;
        return source.getBoundingClientRect().bottom - question.getBoundingClientRect().top;
      },
      onChange(change, before) {
        props.writing.textChanged(change, before);
        props.views.follow();
      },
      onDone: () => props.done(),
    });
    props.writing.begin(field);
  });
  // Beside the text too, where a browser would show the file in place of the note.
  function allowDrop(event: DragEvent): void {
    if (hasFiles(event.dataTransfer)) event.preventDefault();
  }
  function drop(event: DragEvent): void {
    if (event.defaultPrevented || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    sayLeftOut(imagesIn(event.dataTransfer));
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped anywhere beside the text is left out, and that is said
    <div class="scroll source" ref={source} onDragOver={allowDrop} onDrop={drop}>
      <div class="page">
        <NameField writing={props.writing} />
        <p class="meta">
          <OtherFields writing={props.writing} />
          <TagLinks tags={props.writing.tags()} />
          <span class="number narrow-only">{t("note.words", props.views.words())}</span>
        </p>
        <div class="field-of-text" ref={host} />
      </div>
    </div>
  );
}

/** The note as it will be read. */
function Preview(props: PartProps) {
  return (
    <section
      class="scroll preview"
      aria-label={t("editor.preview")}
      ref={(element) => props.views.setPreview(element)}
    >
      <article class="page">
        <p class="name" dir="auto">
          {props.writing.name()}
        </p>
        <p class="meta">
          <OtherValues writing={props.writing} />
          <TagLinks tags={props.writing.tags()} />
        </p>
        <Markdown text={props.views.shown()} title={props.writing.name()} />
      </article>
    </section>
  );
}
