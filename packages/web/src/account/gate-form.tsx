// A page of its own with a form, and links to what else a user may have come for.
import type { JSX } from "solid-js";
import { Gate } from "../page/gate.tsx";
import { Form, SubmitButton } from "../ui/form.tsx";
import type { FormState, Values } from "../ui/form-state.ts";

/** `children`: the fields. */
export function GateForm<V extends Values>(props: {
  title: string;
  form: FormState<V>;
  /** The words of the button. */
  act: string;
  links: JSX.Element;
  children: JSX.Element;
}) {
  return (
    <Gate title={props.title}>
      <Form
        form={props.form}
        acts={
          <SubmitButton form={props.form} class="main-act">
            {props.act}
          </SubmitButton>
        }
        below={<p class="between">{props.links}</p>}
      >
        {props.children}
      </Form>
    </Gate>
  );
}
