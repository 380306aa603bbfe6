// The form that writes a note, whether new or not: its fields, the guard on what is unsaved, and the draft that
// survives a reload. What saving means is the page's.
import { Name } from "@notejam/core/field/schema";
import { type Note, PadId, Text } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createEffect, createSignal, For, on, onCleanup } from "solid-js";
import * as z from "zod/mini";
import { guardUnsaved } from "../app/leave-guard.ts";
import { type Draft, forgetDraft, keepDraft, readDraft } from "../data/draft.ts";
import { InputField, SelectField, TextField } from "../ui/field.tsx";
import { checkWith, createForm, type Form } from "../ui/form.ts";
import { intoTextarea, outOfTextarea } from "./line-endings.ts";
import "../ui/alert.css";

export interface Content {
  name: string;
  text: string;
  padId: string | null;
}

type Fields = { name: string; text: string; padId: string };

export interface NoteEditor {
  form: Form<Fields>;
  /** Whether a draft was put back, and is what is shown. */
  isRestored(): boolean;
  /** Gives up what was typed, for what is saved. */
  startOver(): void;
  /** Nothing here is unsaved any more. */
  finish(): void;
}

const KEEP_AFTER_MS = 400;
/** All of a note that is typed. */
const Sent = z.object({ name: Name, text: Text, padId: PadId });

export function createNoteEditor(options: {
  draftKey: string;
  /** What the service has, or what a new note begins with. */
  saved: Content;
  /** What a draft of this editor is for. */
  draftOf(): Pick<Draft, "id" | "version">;
  /** Saves; the page goes on by itself where that succeeds. @throws Problem */
  save(content: Content): Promise<void>;
}): NoteEditor {
  const { draftKey, saved } = options;
  const begin = fieldsOf(saved);
  const draft = readDraft(draftKey);
  const [isRestored, setRestored] = createSignal(draft !== undefined);
  const [isOver, setOver] = createSignal(false);

  const form = createForm<Fields, Content>({
    initial: draft ? fieldsOf(draft) : begin,
    check: (fields) => {
      const content = {
        name: fields.name,
        text: outOfTextarea(fields.text, saved.text),
        padId: fields.padId || null,
      };
      return checkWith(Sent, content);
    },
    submit: (content) => options.save(content),
  });

  const isChanged = () =>
    (Object.keys(begin) as (keyof Fields)[]).some((name) => form.values[name] !== begin[name]);
  const isDirty = () => !isOver() && isChanged();

  function keep(): void {
    const { name, text, padId } = form.values;
    if (isDirty()) keepDraft(draftKey, { name, text, padId: padId || null, ...options.draftOf() });
    else forgetDraft(draftKey);
  }
  function finish(): void {
    setOver(true);
    clearTimeout(timer);
    forgetDraft(draftKey);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      () => Object.values({ ...form.values }),
      () => {
        setOver(false);
        clearTimeout(timer);
        timer = setTimeout(keep, KEEP_AFTER_MS);
      },
      { defer: true },
    ),
  );
  // A phone may end a hidden tab without a further word.
  const onHide = () => document.hidden && keep();
  document.addEventListener("visibilitychange", onHide);
  window.addEventListener("pagehide", keep);
  onCleanup(() => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onHide);
    window.removeEventListener("pagehide", keep);
  });

  guardUnsaved({ isDirty, discard: finish });

  return {
    form,
    isRestored,
    startOver() {
      form.reset(begin);
      setRestored(false);
      finish();
    },
    finish,
  };
}

function fieldsOf({ name, text, padId }: Content): Fields {
  return { name, text: intoTextarea(text), padId: padId ?? "" };
}

/** What of `content` is not as `note` has it. */
export function changesTo(note: Note, content: Content): Partial<Content> {
  return {
    ...(content.name === note.name ? {} : { name: content.name }),
    ...(content.text === note.text ? {} : { text: content.text }),
    ...(content.padId === note.padId ? {} : { padId: content.padId }),
  };
}

const HINT = "Markdown: an empty line begins a paragraph.";

export function NoteFields(props: { form: Form<Fields>; pads: readonly Pad[] }) {
  return (
    <>
      <InputField form={props.form} name="name" label="Name" autocomplete="off" dir="auto" />
      <TextField form={props.form} name="text" label="Text" hint={HINT} rows="16" dir="auto" spellcheck />
      <SelectField form={props.form} name="padId" label="Pad">
        <option value="" selected={props.form.values.padId === ""}>
          No pad
        </option>
        <For each={props.pads}>
          {(pad) => (
            <option value={pad.id} selected={props.form.values.padId === pad.id}>
              {pad.name}
            </option>
          )}
        </For>
      </SelectField>
    </>
  );
}

/** Ctrl or Cmd with S or Enter saves from within the form. */
export function saveByKey(event: KeyboardEvent & { currentTarget: HTMLFormElement }): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key !== "Enter" && event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

/** Says that what is shown was typed earlier. */
export function Restored(props: { editor: NoteEditor }) {
  return (
    <div class="alert" role="status">
      <p>What you typed here before was not saved yet. It has been put back.</p>
      <button type="button" onClick={() => props.editor.startOver()}>
        Start over
      </button>
    </div>
  );
}
