// The end of a form: the problem of the form as a whole, and the button that submits it.
import { type JSX, Show } from "solid-js";
import { explainWithFields } from "../data/field-problem.ts";
import { mayRepeat } from "../data/problem.ts";
import { t } from "../words/form.ts";
import { Alert } from "./alert.tsx";
import type { Form, Values } from "./form.ts";
import "./form.css";

/**
 * A button that does nothing while a request is running. It uses `aria-disabled`, since a disabled button would lose
 * the focus.
 */
export function SubmitButton<V extends Values>(props: {
  form: Form<V>;
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
export function FormProblem<V extends Values>(props: { form: Form<V> }) {
  return (
    <div role="alert">
      <Show when={props.form.problem()}>
        {(problem) => (
          <Alert>
            <p>{explainWithFields(problem())}</p>
            <Show when={mayRepeat(problem())}>
              <button type="submit">{t("app.tryAgain")}</button>
            </Show>
          </Alert>
        )}
      </Show>
    </div>
  );
}
