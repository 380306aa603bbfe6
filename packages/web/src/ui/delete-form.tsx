// Asks before something is deleted. Opening an address never deletes anything.
import type { JSX } from "solid-js";
import { createForm } from "./form.ts";
import { FormProblem, SubmitButton } from "./submit.tsx";
import "./form.css";

/** `children`: the question. */
export function DeleteForm(props: { cancel: string; onDelete: () => Promise<void>; children: JSX.Element }) {
  const form = createForm({
    initial: {},
    check: () => undefined,
    submit: () => props.onDelete(),
  });
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <p class="question">{props.children}</p>
      <FormProblem form={form} />
      <p class="actions">
        <SubmitButton form={form} class="danger">
          Yes, delete it
        </SubmitButton>
        <a href={props.cancel}>Cancel</a>
      </p>
    </form>
  );
}
