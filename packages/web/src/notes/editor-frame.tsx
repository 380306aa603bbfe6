// The pane in which a note is written: its buttons, its form, and what went wrong.
import { type JSX, onMount, Show } from "solid-js";
import { RANK, useTitle } from "../app/title.ts";
import type { Form, Values } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { t } from "../words/index.ts";
import { submitOnShortcut } from "./note-form.tsx";
import "./editor-frame.css";

export function EditorFrame<V extends Values>(props: {
  title: string;
  form: Form<V>;
  save: string;
  /** Where leaving without saving leads. */
  cancel?: string;
  /** Other buttons beside the one that saves. */
  acts?: JSX.Element;
  class?: string;
  children: JSX.Element;
}) {
  let form!: HTMLFormElement;
  useTitle(() => props.title, RANK.note);
  onMount(() => form.querySelector<HTMLElement>("[name=name]")?.focus({ preventScroll: true }));
  return (
    <section class="pane reader" aria-label={t("note.label")}>
      <form
        ref={form}
        class={`editor ${props.class ?? ""}`}
        noValidate
        onSubmit={props.form.onSubmit}
        onKeyDown={submitOnShortcut}
      >
        <h1 class="hush">{props.title}</h1>
        <div class="bar">
          <SubmitButton form={props.form} class="main-act">
            {props.save}
          </SubmitButton>
          {props.acts}
          <Show when={props.cancel}>
            {(href) => (
              <a class="button quiet" href={href()}>
                {t("app.cancel")}
              </a>
            )}
          </Show>
        </div>
        <div class="scroll">
          <div class="page">
            <FormProblem form={props.form} />
            {props.children}
          </div>
        </div>
      </form>
    </section>
  );
}
