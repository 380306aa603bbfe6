// What every form looks like: its fields, the problem of the form as a whole, and the button that submits it.
import { type JSX, Show } from "solid-js";
import { explainWithFields } from "../data/field-problem.ts";
import { mayRepeat } from "../data/problem.ts";
import { t } from "../words/form.ts";
import type { FormState, Values } from "./form-state.ts";
import "./form.css";

/** `children`: the fields. */
export function Form<V extends Values>(props: {
  form: FormState<V>;
  onKeyDown?: ((event: KeyboardEvent) => void) | undefined;
  /** The buttons, one of them a `SubmitButton`. */
  acts: JSX.Element;
  /** What follows the buttons. */
  below?: JSX.Element;
  children: JSX.Element;
}) {
  return (
    <form noValidate onSubmit={props.form.onSubmit} onKeyDown={props.onKeyDown}>
      {props.children}
      <FormProblem form={props.form} />
      <p class="acts">{props.acts}</p>
      {props.below}
    </form>
  );
}

/**
 * A button that does nothing while a request is running. It uses `aria-disabled`, since a disabled button would lose
 * the focus.
 */
export function SubmitButton<V extends Values>(props: {
  form: FormState<V>;
  class?: string;
  /** The id of what it is about, where several buttons have one name. */
  describedBy?: string;
  children: JSX.Element;
}) {
  return (
    <button
      class={props.class}
      type="submit"
      aria-describedby={props.describedBy}
      aria-disabled={props.form.isPending()}
      aria-busy={props.form.isPending()}
    >
      {props.children}
    </button>
  );
}

/** A problem that belongs to no field, with a button to try again if that can help. */
export function FormProblem<V extends Values>(props: { form: FormState<V> }) {
  return (
    <div role="alert">
      <Show when={props.form.problem()}>
        {(problem) => (
          <div class="alert">
            <p>{explainWithFields(problem())}</p>
            <Show when={mayRepeat(problem())}>
              <button type="submit">{t("app.tryAgain")}</button>
            </Show>
          </div>
        )}
      </Show>
    </div>
  );
}
