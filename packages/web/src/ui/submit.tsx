// The end of a form: what went wrong with it as a whole, and the button that sends it.
import { type JSX, Show } from "solid-js";
import { explain, mayRepeat, type Problem } from "../data/problem.ts";
import type { Form, Values } from "./form.ts";
import "./form.css";
import "./alert.css";

/**
 * A button that rests while the request is under way. It stays focusable then: a disabled button would drop the
 * keyboard's place.
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

/** What went wrong and belongs to no field, with a button that sends again where that can help. */
export function FormProblem<V extends Values>(props: {
  form: Form<V>;
  /** Words of the page's own for a problem. */
  words?: (problem: Problem) => string | undefined;
}) {
  return (
    <div role="alert">
      <Show when={props.form.problem()}>
        {(problem) => (
          <div class="alert">
            <p>{props.words?.(problem()) ?? explain(problem())}</p>
            <Show when={mayRepeat(problem())}>
              <button type="submit">Try again</button>
            </Show>
          </div>
        )}
      </Show>
    </div>
  );
}
