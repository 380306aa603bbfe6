// The end of a form: the problem of the form as a whole, and the button that submits it.
import type { Problem } from "@notejam/client/problem";
import { type JSX, Show } from "solid-js";
import { explain, mayRepeat } from "../data/problem.ts";
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
  children: JSX.Element;
}) {
  return (
    <button
      class={props.class}
      type="submit"
      aria-disabled={props.form.isPending()}
      aria-busy={props.form.isPending()}
    >
      {props.children}
    </button>
  );
}

/** A problem that belongs to no field, with a button to try again if that can help. */
export function FormProblem<V extends Values>(props: {
  form: Form<V>;
  /** The page's own message for a problem. */
  message?: (problem: Problem) => string | undefined;
}) {
  return (
    <div role="alert">
      <Show when={props.form.problem()}>
        {(problem) => (
          <Alert>
            <p>{props.message?.(problem()) ?? explain(problem())}</p>
            <Show when={mayRepeat(problem())}>
              <button type="submit">Try again</button>
            </Show>
          </Alert>
        )}
      </Show>
    </div>
  );
}
