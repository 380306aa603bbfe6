// The form that writes a note, new or existing: its fields, the guard against leaving, and the draft that survives a
// reload. The page decides what saving does. A field of a note is listed in this file only.
import type { NoteContent, SaveNote } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import type * as z from "zod/mini";
import { guardUnsaved } from "../app/leave-guard.ts";
import { type Draft, forgetDraft, keepDraft, readDraft } from "../data/draft.ts";
import { Alert } from "../ui/alert.tsx";
import { InputField, SelectField, TextField } from "../ui/field.tsx";
import { checkWith, createForm, type Form } from "../ui/form.ts";
import { intoTextarea, outOfTextarea } from "./line-endings.ts";

export const EMPTY: NoteContent = { name: "", text: "", padId: null };

type Fields = Record<keyof NoteContent, string>;

function toFields({ name, text, padId }: NoteContent): Fields {
  return { name, text: intoTextarea(text), padId: padId ?? "" };
}

/** `saved` had line endings that a textarea does not keep. */
function toContent(fields: Fields, saved: NoteContent): NoteContent {
  return {
    name: fields.name,
    text: outOfTextarea(fields.text, saved.text),
    padId: fields.padId || null,
  };
}

const TEXT_HINT = "Markdown. A blank line starts a paragraph.";

export function NoteFields(props: { form: Form<Fields>; pads: readonly Pad[] }) {
  return (
    <>
      <InputField form={props.form} name="name" label="Name" autocomplete="off" dir="auto" />
      <TextField
        form={props.form}
        name="text"
        label="Text"
        hint={TEXT_HINT}
        rows="16"
        dir="auto"
        spellcheck
      />
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

/** What of `content` differs from `note`. */
export function changesTo(note: NoteContent, content: NoteContent): SaveNote {
  const names = Object.keys(content) as (keyof NoteContent)[];
  const changed = names.filter((name) => content[name] !== note[name]);
  return Object.fromEntries(changed.map((name) => [name, content[name]]));
}

export interface NoteEditor {
  form: Form<Fields>;
  /** Whether the form shows a restored draft. */
  isRestored(): boolean;
  /** Discards the draft and shows what is saved. */
  startOver(): void;
  /** Everything is saved or discarded: the draft is removed, and leaving asks nothing. */
  finish(): void;
}

const KEEP_DRAFT_AFTER_MS = 400;

export function createNoteEditor(options: {
  draftKey: string;
  /** What the service has, or what a new note begins with. */
  saved: NoteContent;
  /** What the content must be to be saved. */
  schema(): z.ZodMiniType<NoteContent>;
  /** What a draft of this editor is for. */
  draftOf(): Pick<Draft<NoteContent>, "id" | "version">;
  /** Saves, and leads to the next page. @throws Problem */
  save(content: NoteContent): Promise<void>;
}): NoteEditor {
  const { draftKey, saved } = options;
  const begin = toFields(saved);
  const draft = readDraft<NoteContent>(draftKey);
  const [isRestored, setRestored] = createSignal(draft !== undefined);
  const [isFinished, setFinished] = createSignal(false);

  const form = createForm<Fields, NoteContent>({
    // A draft from before a deployment may lack a field.
    initial: draft ? toFields({ ...saved, ...draft }) : begin,
    check: (fields) => checkWith(options.schema(), toContent(fields, saved)),
    submit: (content) => options.save(content),
  });

  const isChanged = () =>
    (Object.keys(begin) as (keyof Fields)[]).some((name) => form.values[name] !== begin[name]);
  const isDirty = () => !isFinished() && isChanged();

  function keep(): void {
    if (isDirty()) keepDraft(draftKey, { ...toContent(form.values, saved), ...options.draftOf() });
    else forgetDraft(draftKey);
  }
  function finish(): void {
    setFinished(true);
    clearTimeout(timer);
    forgetDraft(draftKey);
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      () => Object.values({ ...form.values }),
      () => {
        setFinished(false);
        clearTimeout(timer);
        timer = setTimeout(keep, KEEP_DRAFT_AFTER_MS);
      },
      { defer: true },
    ),
  );
  // A phone may end a hidden tab without another event.
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

/** Submits the form on Ctrl or Cmd with S or Enter. */
export function submitOnShortcut(event: KeyboardEvent & { currentTarget: HTMLFormElement }): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key !== "Enter" && event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

/** Says that the form shows a draft. */
export function RestoredAlert(props: { editor: NoteEditor }) {
  return (
    <Show when={props.editor.isRestored()}>
      <Alert role="status">
        <p>Your unsaved text was restored.</p>
        <button type="button" onClick={() => props.editor.startOver()}>
          Discard
        </button>
      </Alert>
    </Show>
  );
}
