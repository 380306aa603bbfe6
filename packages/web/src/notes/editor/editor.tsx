// The editor of one note: its name, its pad, its text, the toolbar, and how far it is saved.

import { ORDER_DEFAULT } from "@notejam/core/note/limits";
import { type Navigator, useLocation } from "@solidjs/router";
import { createEffect, createSignal, For, onCleanup, onMount, Show, untrack } from "solid-js";
import { otherDevice } from "../../account/this-device.ts";
import { type DraftFields, removeDraft } from "../../data/drafts.ts";
import { newId } from "../../data/id.ts";
import { userId } from "../../data/session.ts";
import { watchUnsaved } from "../../data/unsaved.ts";
import { pads } from "../../pads/pads.ts";
import { setBeside } from "../../page/layout.ts";
import { RANK, useTitle } from "../../page/title.ts";
import { say } from "../../ui/dock.tsx";
import { t } from "../../words/editor.ts";
import { addressOf, addressOfNote, filterOf } from "../list/filter.ts";
import { lookForDrafts } from "../list/left-drafts.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { mergeTexts } from "../merge/merge-texts.ts";
import type { Keep, TextChange } from "../merge/regions.ts";
import { changedNote, createNote, saveNote } from "../notes.ts";
import { leavePosition, type Position, takePosition } from "../position.ts";
import { keepReadingPosition, readingPosition } from "../reader/reading-position.ts";
import { wordsIn } from "../words-in.ts";
import { Conflict } from "./conflict.tsx";
import { DraftKeeper } from "./draft-keeper.ts";
import { firstLine } from "./first-line.ts";
import { isNoLongerNew } from "./new-note.ts";
import type { Opened } from "./open-note.ts";
import { readState } from "./read-state.ts";
import { restore } from "./restore.ts";
import { SaveStateWords } from "./save-state.tsx";
import { Saver, type SaveState } from "./saver.ts";
import { BEGINNING, createTextEditor, type TextEditor } from "./text-editor.ts";
import { Toolbar } from "./toolbar.tsx";
import type { Written } from "./written.ts";
import "../reader/note-pane.css";
import "../../ui/choice.css";
import "./editor.css";

const VIEWS = ["write", "beside", "read"] as const;
type View = (typeof VIEWS)[number];

/** How long writing must pause before the preview and the number of words follow. */
const PREVIEW_AFTER_MS = 250;

export function Editor(props: Opened & { navigate: Navigator }) {
  const location = useLocation();
  const { id, written: begin, left } = untrack(() => props);
  let noteId = id;
  const filter = filterOf(location);
  const [name, setName] = createSignal(begin.named ? begin.name : "");
  const [padId, setPadId] = createSignal(begin.padId);
  const [beginning, setBeginning] = createSignal(firstLine(begin.text));
  const [state, setState] = createSignal<SaveState>({ kind: "new" });
  const [isKept, setKept] = createSignal(true);
  const [isRecovered, setRecovered] = createSignal(left !== undefined);
  const [view, setView] = createSignal<View>("write");
  const [editor, setEditor] = createSignal<TextEditor>();
  const [shown, setShown] = createSignal("");
  const [tags, setTags] = createSignal<readonly string[]>(untrack(() => props.saved?.tags) ?? []);
  const [words, setWords] = createSignal(wordsIn(begin.text));
  let host!: HTMLDivElement;
  let source!: HTMLDivElement;
  let preview!: HTMLElement;
  /** What was written last, once the field is gone. */
  let last: Written | undefined;

  const isNamed = () => name().trim() !== "";
  useTitle(() => (isNamed() ? name() : beginning()), RANK.note);

  function written(): Written {
    if (last) return last;
    const text = editor()?.text() ?? begin.text;
    return {
      name: isNamed() ? name().trim() : firstLine(text.slice(0, BEGINNING)),
      named: isNamed(),
      padId: padId(),
      text,
    };
  }

  const keeper = new DraftKeeper(
    { userId: userId(), noteId },
    () => {
      const { text, ...fields } = written();
      return { version: saver.saved?.version ?? null, fields, text };
    },
    left,
  );
  const saver = new Saver({
    saved: untrack(() => props.saved),
    service: {
      async create(content) {
        const note = await createNote({ id: noteId, ...content });
        isNoLongerNew(noteId);
        return note;
      },
      save: (base, change) => saveNote(noteId, base, change),
      readBase: (version) => readState(noteId, version),
    },
    written,
    length: () => editor()?.length() ?? begin.text.length,
    onState: (now) => {
      setState(now);
      void keeper.written.then(() => setKept(keeper.isKept));
    },
    onSaved(note) {
      setTags(note.tags);
      if (saver.isDirty) keeper.rebase();
      else keeper.remove();
    },
    wasLeft: (theirs) => left !== undefined && restore(left, theirs).wasSaved,
    onMoved(note, before) {
      // Who writes may have chosen another pad.
      if (padId() === before.padId) setPadId(note.padId);
    },
    merge: mergeTexts,
    show,
    onMerged: async (theirs) => say(t("editor.merged", await otherDevice(theirs))),
  });
  setState(saver.state);
  createEffect(() => {
    const now = changedNote();
    if (now?.id === noteId) untrack(() => saver.goOnFrom(now));
  });

  function changedFields(): void {
    const fields = {
      name: isNamed() ? name().trim() : beginning(),
      named: isNamed(),
      padId: padId(),
    } satisfies DraftFields;
    keeper.add({ fields }, () => editor()?.text() ?? begin.text);
    saver.changed();
  }

  onMount(() => {
    const created = createTextEditor({
      host,
      scroll: source,
      text: begin.text,
      label: t("editor.text"),
      hint: t("editor.textHint"),
      covered() {
        const question = source.closest(".writing")?.querySelector(".decides");
        if (!question) return 0;
        return source.getBoundingClientRect().bottom - question.getBoundingClientRect().top;
      },
      onChange(change, before) {
        keeper.add({ text: change }, before);
        setBeginning(firstLine(created.beginning()));
        saver.changed();
        follow();
      },
      onDone: () => void done(),
    });
    setEditor(created);
    created.begin(takePosition(id));
    // What was left is saved without another key.
    if (left) saver.changed();
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  let showing: (() => void) | undefined;
  function follow(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      setWords(wordsIn(editor()?.text() ?? ""));
      if (view() !== "write" && preview) showText(readingPosition(preview));
    }, PREVIEW_AFTER_MS);
  }
  /** Shows what is written, at a position. */
  function showText(position: Position): void {
    showing?.();
    setShown(editor()?.text() ?? begin.text);
    showing = keepReadingPosition(preview, position);
  }
  function position(): Position {
    return view() === "read" ? readingPosition(preview) : (editor()?.position() ?? { top: 0 });
  }
  /** The same position stays in view. */
  function choose(next: View): void {
    const here = position();
    clearTimeout(timer);
    showing?.();
    setView(next);
    setBeside(next === "beside");
    if (next !== "read") editor()?.show(here);
    if (next !== "write") showText(here);
  }

  const saveNow = () => void saver.flush();
  const onHide = () => document.hidden && saveNow();
  const onClose = (event: BeforeUnloadEvent) => {
    if (saver.isUnsaved && !keeper.isKept) event.preventDefault();
  };
  document.addEventListener("visibilitychange", onHide);
  window.addEventListener("online", saveNow);
  window.addEventListener("beforeunload", onClose);
  const unwatch = watchUnsaved({
    isDirty: () => saver.isUnsaved,
    save: () => saver.flush(),
    discard: () => {
      saver.close();
      keeper.remove();
    },
  });
  onCleanup(() => {
    clearTimeout(timer);
    showing?.();
    setBeside(false);
    document.removeEventListener("visibilitychange", onHide);
    window.removeEventListener("online", saveNow);
    window.removeEventListener("beforeunload", onClose);
    last = written();
    editor()?.destroy();
    // Leaving saves. What can't be saved now stays in the draft.
    void saver.flush().finally(() => {
      unwatch();
      saver.close();
      keeper.close();
      void keeper.written.then(lookForDrafts);
    });
  });

  async function done(): Promise<void> {
    await saver.flush();
    if (saver.isDirty) return;
    leavePosition(noteId, position());
    props.navigate(saver.saved ? addressOfNote(noteId, filter) : addressOf(filter), { replace: true });
  }

  /** Shows what was merged. The page may be left while it is saved. */
  function show(content: Written, changes: readonly TextChange[]): void {
    if (last) {
      last = content;
      return;
    }
    setName(content.named ? content.name : "");
    setPadId(content.padId);
    editor()?.merge(content.text, changes);
  }
  function resolve(keep: Keep): void {
    void saver.resolve(keep);
    // The button goes away, and writing goes on.
    editor()?.view.focus();
  }
  async function createAgain(): Promise<void> {
    noteId = newId();
    await saver.createAgain();
    if (saver.saved) props.navigate(`/notes/${noteId}/edit`, { replace: true });
  }
  /** What was recovered is not wanted. */
  async function discard(): Promise<void> {
    setRecovered(false);
    const saved = saver.saved;
    saver.close();
    await removeDraft(keeper.id);
    keeper.remove();
    props.navigate(saved ? addressOfNote(id, filter) : addressOf(filter), { replace: true });
  }

  return (
    <>
      <h1 class="hush">
        {saver.saved ? t("editor.title", isNamed() ? name() : beginning()) : t("editor.newTitle")}
      </h1>
      <div class="bar">
        <button type="button" class="main-act" onClick={done}>
          {t("editor.done")}
        </button>
        <fieldset class="choice">
          <legend class="hush">{t("editor.view")}</legend>
          <For each={VIEWS}>
            {(one) => (
              <button
                type="button"
                classList={{ "wide-only": one === "beside" }}
                aria-pressed={view() === one}
                onClick={() => choose(one)}
              >
                {t(`editor.${one}`)}
              </button>
            )}
          </For>
        </fieldset>
        <SaveStateWords state={state()} isKept={isKept()} />
      </div>
      <div class="two" classList={{ [view()]: true }}>
        <div class="scroll source" ref={source}>
          <div class="page">
            <input
              class="name"
              aria-label={t("editor.name")}
              placeholder={beginning()}
              value={name()}
              maxLength={200}
              dir="auto"
              autocomplete="off"
              enterkeyhint="next"
              onInput={(event) => {
                setName(event.currentTarget.value);
                changedFields();
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.isComposing) return;
                event.preventDefault();
                editor()?.view.focus();
              }}
            />
            <p class="meta">
              <select
                aria-label={t("editor.pad")}
                onChange={(event) => {
                  setPadId(event.currentTarget.value || null);
                  changedFields();
                }}
              >
                <option value="" selected={padId() === null}>
                  {t("pad.none")}
                </option>
                <For each={pads.all()}>
                  {(pad) => (
                    <option value={pad.id} selected={pad.id === padId()}>
                      {pad.name}
                    </option>
                  )}
                </For>
              </select>
              <Tags tags={tags()} />
              <span class="number narrow-only">{t("note.words", words())}</span>
            </p>
            <div class="field-of-text" ref={host} />
          </div>
        </div>
        <Show when={view() !== "write"}>
          <section class="scroll preview" aria-label={t("editor.preview")} ref={preview}>
            <article class="page">
              <p class="name" dir="auto">
                {isNamed() ? name() : beginning()}
              </p>
              <p class="meta">
                <span dir="auto">{pads.byId(padId())?.name ?? t("pad.none")}</span>
                <Tags tags={tags()} />
              </p>
              <Markdown text={shown()} />
            </article>
          </section>
        </Show>
      </div>
      <Conflict state={state()} resolve={resolve} createAgain={() => void createAgain()} />
      <Show when={isRecovered() && state().kind !== "conflict"}>
        <div class="dock in-pane" role="status">
          <p>{t("editor.recovered")}</p>
          <button type="button" class="quiet" onClick={discard}>
            {t("editor.discard")}
          </button>
        </div>
      </Show>
      <Show when={editor()}>
        {(editor) => (
          <div class="foot">
            <Toolbar view={editor().view} />
            <span class="words number hint broad-only">{t("note.words", words())}</span>
          </div>
        )}
      </Show>
    </>
  );
}

/** The tags of the text that was saved last. */
function Tags(props: { tags: readonly string[] }) {
  return (
    <For each={props.tags}>
      {(tag) => (
        <a href={addressOf({ tag, order: ORDER_DEFAULT })} dir="auto">
          #{tag}
        </a>
      )}
    </For>
  );
}
